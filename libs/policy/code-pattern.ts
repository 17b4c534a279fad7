/** Stands for any one code point. Numbers below stand for texts that are given to the match: -2 for the first, -3 for the second. */
export const ANY_CODE = -1;
/** The text with this number as an element of a part. */
export const givenText = (number: number): number => -2 - number;

/** What stands between two stars of a pattern. */
export interface CodePart {
  /** Code points, `ANY_CODE`, and given texts. */
  readonly elements: readonly number[];
  /** The places of elements that say something, the first of each kind in front: what differs rules out most. */
  readonly telling: readonly number[];
}

/** A pattern: its parts, the first anchored at the start and the last at the end; one part alone is all of it. */
export interface CodePattern {
  readonly parts: readonly CodePart[];
  /** The code points of the parts, without those of given texts. */
  readonly ownLength: number;
}

/** Makes a pattern of parts. */
export function codePattern(parts: readonly (readonly number[])[]): CodePattern {
  // Empty parts between stars say nothing.
  const kept = parts.filter((part, index) => part.length > 0 || index === 0 || index === parts.length - 1);
  const ownLength = kept.reduce((sum, part) => sum + part.filter((element) => element >= ANY_CODE).length, 0);
  return { parts: kept.map(codePart), ownLength };
}

function codePart(elements: readonly number[]): CodePart {
  const first: number[] = [];
  const others: number[] = [];
  const seen = new Set<number>([ANY_CODE]);
  for (const [place, element] of elements.entries()) {
    if (element === ANY_CODE) continue;
    (seen.has(element) ? others : first).push(place);
    seen.add(element);
  }
  return { elements, telling: [...first, ...others] };
}

/** The code points of a text. */
export function codePoints(text: string): number[] {
  const codes: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.codePointAt(index) as number; // index < length
    if (code > 0xffff) index += 1;
    codes.push(code);
  }
  return codes;
}
