/** Steps of one search; past it an answer is not complete, and says so. About half a second; a realistic pair of policies takes a hundredth of it. */
export const searchStepsMax = 1_000_000;

/** How much a search may still do: hostile policies must not keep anybody waiting. */
export class Work {
  #left: number;

  constructor(steps: number = searchStepsMax) {
    this.#left = steps;
  }

  get isSpent(): boolean {
    return this.#left <= 0;
  }

  spend(steps: number): void {
    this.#left -= steps;
  }
}
