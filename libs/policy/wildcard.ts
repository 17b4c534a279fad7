import { ANY_CODE, codePattern, codePoints, type CodePattern } from './code-pattern.ts';
import { matchPositions } from './match-positions.ts';
import { isSpent, spendQuickly } from './work-meter.ts';

/** Any run of characters, the empty one and newlines included. */
export const ANY_RUN: unique symbol = Symbol('*');
/** Any one character (a Unicode code point). */
export const ANY_ONE: unique symbol = Symbol('?');
export type GlobToken = string | typeof ANY_RUN | typeof ANY_ONE;

/** Splits a pattern into literal text and wildcards. */
export function globTokens(pattern: string): GlobToken[] {
  const tokens: GlobToken[] = [];
  let literalStart = 0;
  for (let index = 0; index <= pattern.length; index += 1) {
    const code = index === pattern.length ? 0x2a : pattern.charCodeAt(index);
    if (code !== 0x2a && code !== 0x3f) continue;
    if (index > literalStart) tokens.push(pattern.slice(literalStart, index));
    if (index < pattern.length) tokens.push(code === 0x2a ? ANY_RUN : ANY_ONE);
    literalStart = index + 1;
  }
  return tokens;
}

/** What a search costs beside the characters that it looks at. */
const searchSteps = 16;

/**
 * A compiled wildcard pattern: the text between its stars, in order. Without `?` matching is a chain of `indexOf`. That is fast, and bad at texts that nearly match
 * everywhere: where it has cost too much, and with `?`, the pattern is matched by `TextPositions`. No regular expression is involved: those backtrack.
 */
export class Glob {
  readonly #tokens: readonly GlobToken[];
  /** The text between the stars; empty where there is a `?`. */
  readonly #parts: readonly string[];
  readonly #hasStar: boolean;
  readonly #hasQuestions: boolean;
  /** The last character of the part behind the last star; -1 where there is none. It rules out most texts. */
  readonly #lastCode: number;
  /** UTF-16 units that any match has; a `?` counts as one. */
  readonly #lengthMin: number;
  #codes: CodePattern | undefined;

  constructor(tokens: readonly GlobToken[]) {
    const parts: string[] = [''];
    let questions = 0;
    for (const token of tokens) {
      if (token === ANY_RUN) parts.push('');
      else if (token === ANY_ONE) questions += 1;
      else parts[parts.length - 1] += token;
    }
    this.#tokens = tokens;
    this.#hasStar = parts.length > 1;
    this.#hasQuestions = questions > 0;
    this.#lengthMin = parts.reduce((sum, { length }) => sum + length, questions);
    // INVARIANT: the first part is anchored at the start, the last at the end; empty parts between stars say nothing.
    this.#parts = this.#hasQuestions ? [] : parts.filter((part, index) => part !== '' || index === 0 || index === parts.length - 1);
    const last = tokens.at(-1);
    this.#lastCode = typeof last === 'string' && last !== '' ? last.charCodeAt(last.length - 1) : -1;
  }

  /** Whether the text from `start` on matches as a whole. */
  matches(text: string, start: number = 0): boolean {
    if (text.length - start < this.#lengthMin) return false;
    if (this.#lastCode !== -1 && text.charCodeAt(text.length - 1) !== this.#lastCode) return false;
    if (this.#hasQuestions) return this.#matchesCodes(text, start);
    const parts = this.#parts;
    const first = parts[0] as string;
    if (!this.#hasStar) return text.length - start === first.length && text.startsWith(first, start);
    const last = parts[parts.length - 1] as string;
    const position = start + first.length;
    const end = text.length - last.length;
    if (end < position || (last !== '' && !text.endsWith(last)) || (first !== '' && !text.startsWith(first, start))) return false;
    return parts.length === 2 || (isSpent() ? this.#matchesCodes(text, start) : this.#findParts(text, position, end));
  }

  /** Whether the parts between the first and the last stand in the text, one behind the other. */
  #findParts(text: string, start: number, end: number): boolean {
    const parts = this.#parts;
    let position = start;
    for (let index = 1; index < parts.length - 1; index += 1) {
      const part = parts[index] as string; // index < length
      const found = text.indexOf(part, position);
      spendQuickly((found === -1 ? text.length : found) - position + searchSteps);
      if (found === -1) return false;
      position = found + part.length;
      if (position > end) return false;
    }
    return true;
  }

  #matchesCodes(text: string, start: number): boolean {
    this.#codes ??= codePattern(codeParts(this.#tokens, () => ANY_CODE));
    return matchPositions(this.#codes, text, start);
  }
}

/** The parts between the stars as `TextPositions` wants them; `elementOf` says what stands for a token that is neither text nor wildcard. */
export function codeParts<T extends object>(tokens: readonly (GlobToken | T)[], elementOf: (token: T) => number): number[][] {
  const parts: number[][] = [[]];
  for (const token of tokens) {
    const part = parts[parts.length - 1] as number[]; // never empty
    if (token === ANY_RUN) parts.push([]);
    else if (token === ANY_ONE) part.push(ANY_CODE);
    else if (typeof token === 'string') part.push(...codePoints(token));
    else part.push(elementOf(token as T));
  }
  return parts;
}

/** Compiles a pattern of literal text, `*` and `?`. */
export function compileGlob(pattern: string): Glob {
  return new Glob(globTokens(pattern));
}

/** Whether a text matches a pattern in which `*` is any run of characters and `?` any one character. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return compileGlob(pattern).matches(text);
}
