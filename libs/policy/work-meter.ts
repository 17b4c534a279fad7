/**
 * Steps that one question to one policy may spend on the ways of matching that are fast for what policies look like and slow for what a hostile one does. What
 * is asked beyond that is matched by `TextPositions`, whose steps are bounded by (characters of the document) × (characters of the text ÷ 32).
 */
const quickStepsMax = 16_384;

let spent = 0;
let total = 0;

/** A new question is asked. */
export function startQuestion(): void {
  spent = 0;
}

/** Counts steps of the quick ways: characters looked at. */
export function spendQuickly(steps: number): void {
  spent += steps;
  total += steps;
}

/** Counts steps of the bounded way: machine words. */
export function spendBounded(steps: number): void {
  total += steps;
}

/** Whether the quick ways have had their share of the question. */
export function isSpent(): boolean {
  return spent >= quickStepsMax;
}

/** All steps so far, of both ways: for tests that say how much a decision may cost. */
export function stepsSoFar(): number {
  return total;
}
