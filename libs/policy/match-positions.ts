import type { CodePattern } from './code-pattern.ts';
import { TextPositions } from './text-positions.ts';

/** Words that the remembered texts take at most: room for more than any one request holds. */
const rememberedWordsMax = 4_194_304;
const remembered = new Map<string, TextPositions>();
let rememberedWords = 0;

/** Matches the part of a text from an offset (in UTF-16 units) on; what the text needs is made once, however many patterns ask. `given`: see `CodePattern`. */
export function matchPositions(pattern: CodePattern, text: string, start: number, given?: readonly string[]): boolean {
  // An offset within a surrogate pair: what is behind it is a text of its own.
  if (start > 0 && (text.codePointAt(start - 1) ?? 0) > 0xffff) return matchPositions(pattern, text.slice(start), 0, given);
  let positions = remembered.get(text);
  if (positions === undefined) {
    if (rememberedWords > rememberedWordsMax) {
      remembered.clear();
      rememberedWords = 0;
    }
    positions = new TextPositions(text);
    remembered.set(text, positions);
    rememberedWords += positions.size;
  }
  const before = positions.size;
  const matches = positions.matches(pattern, positions.positionOf(start, text), given);
  rememberedWords += positions.size - before;
  return matches;
}
