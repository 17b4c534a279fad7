const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Reads a number of a numeric condition: an integer or a decimal. Answers NaN for anything else, infinities included. */
export function parsePolicyNumber(text: string): number {
  if (!NUMBER.test(text)) return Number.NaN;
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}
