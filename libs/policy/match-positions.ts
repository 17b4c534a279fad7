import type { CodePattern } from './code-pattern.ts';
import { TextPositions } from './text-positions.ts';

/** Code points of the texts that are remembered at most: more than any one request holds. */
const rememberedCodesMax = 262_144;
const remembered = new Map<string, TextPositions>();
let rememberedCodes = 0;

/** Matches the part of a text from an offset (in UTF-16 units) on; what the text needs is made once, however many patterns ask. `given`: see `CodePattern`. */
export function matchPositions(pattern: CodePattern, text: string, start: number, given?: readonly string[]): boolean {
  // An offset within a surrogate pair: what is behind it is a text of its own.
  if (start > 0 && (text.codePointAt(start - 1) ?? 0) > 0xffff) return matchPositions(pattern, text.slice(start), 0, given);
  let positions = remembered.get(text);
  if (positions === undefined) {
    positions = new TextPositions(text);
    rememberedCodes += positions.length;
    if (rememberedCodes > rememberedCodesMax) {
      remembered.clear();
      rememberedCodes = positions.length;
    }
    remembered.set(text, positions);
  }
  return positions.matches(pattern, positions.positionOf(start, text), given);
}
