/** An ARN is `arn:partition:service:region:account:resource`: five colons, and only the last part may hold more of them. */
export const ARN_COLONS = 5;

/** An ARN that is taken apart when a pattern first asks for its parts, and then once. */
export class Arn {
  readonly text: string;
  #head: readonly string[] | undefined;
  #restStart = -1;

  constructor(text: string) {
    this.text = text;
  }

  /** The five parts before the resource; empty for what is no ARN. */
  get head(): readonly string[] {
    return this.#head ?? this.#split();
  }

  /** Offset of the resource part; 0 for what is no ARN. */
  get restStart(): number {
    if (this.#restStart < 0) this.#split();
    return this.#restStart;
  }

  #split(): readonly string[] {
    const head: string[] = [];
    let start = 0;
    for (let part = 0; part < ARN_COLONS; part += 1) {
      const colon = this.text.indexOf(':', start);
      if (colon === -1) {
        head.length = 0;
        start = 0;
        break;
      }
      head.push(this.text.slice(start, colon));
      start = colon + 1;
    }
    this.#head = head;
    this.#restStart = start;
    return head;
  }
}
