import { ANY_CODE, CodePart, codePoints, codeText, type CodeText } from './code-part.ts';

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

/**
 * A compiled wildcard pattern: the text between its stars, in order. Without `?` matching is a chain of `indexOf`; with it, parts
 * are searched by a bit-parallel automaton, so that no pattern costs more than text × pattern ÷ 32 steps. No regular expression is involved: those backtrack.
 */
export class Glob {
  /** Parts without `?` as text; empty when `codeParts` is used. */
  readonly parts: readonly string[];
  readonly codeParts: readonly CodePart[] | undefined;
  readonly hasStar: boolean;
  /** The last character of the part behind the last star; -1 where there is none. It rules out most texts. */
  readonly #lastCode: number;
  /** Characters that any match has; a surrogate pair counts as one. */
  readonly #lengthMin: number;

  constructor(tokens: readonly GlobToken[]) {
    const parts: (string | typeof ANY_ONE)[][] = [[]];
    for (const token of tokens) {
      if (token === ANY_RUN) parts.push([]);
      else parts.at(-1)?.push(token);
    }
    this.hasStar = parts.length > 1;
    const questions = tokens.includes(ANY_ONE);
    // INVARIANT: the first part is anchored at the start, the last at the end; empty parts between stars say nothing.
    const kept = parts.filter((part, index) => part.length > 0 || index === 0 || index === parts.length - 1);
    this.codeParts = questions ? kept.map((part) => new CodePart(codesOf(part))) : undefined;
    this.parts = questions ? [] : kept.map((part) => part.join(''));
    this.#lengthMin = questions ? sum(this.codeParts ?? []) : sum(this.parts);
    const last = this.parts.at(-1) ?? '';
    this.#lastCode = last === '' ? -1 : last.charCodeAt(last.length - 1);
  }

  /** Whether the text from `start` on matches as a whole. */
  matches(text: string, start: number = 0): boolean {
    if (this.codeParts !== undefined) return matchCodes(this.codeParts, this.hasStar, text, start);
    if (text.length - start < this.#lengthMin) return false;
    if (this.#lastCode !== -1 && text.charCodeAt(text.length - 1) !== this.#lastCode) return false;
    const { parts } = this;
    const first = parts[0] as string;
    if (!this.hasStar) return text.length - start === first.length && text.startsWith(first, start);
    const last = parts[parts.length - 1] as string;
    let position = start + first.length;
    const end = text.length - last.length;
    if (end < position || (last !== '' && !text.endsWith(last)) || (first !== '' && !text.startsWith(first, start))) return false;
    for (let index = 1; index < parts.length - 1; index += 1) {
      const part = parts[index] as string;
      const found = text.indexOf(part, position);
      if (found === -1) return false;
      position = found + part.length;
      if (position > end) return false;
    }
    return true;
  }
}

/** Compiles a pattern of literal text, `*` and `?`. */
export function compileGlob(pattern: string): Glob {
  return new Glob(globTokens(pattern));
}

/** Whether a text matches a pattern in which `*` is any run of characters and `?` any one character. Linear in time but for `?`, see `Glob`. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return compileGlob(pattern).matches(text);
}

/** The code points of a part, with `ANY_CODE` for `?`. */
function codesOf(part: readonly (string | typeof ANY_ONE)[]): number[] {
  return part.flatMap((token) => (typeof token === 'string' ? codePoints(token, 0) : [ANY_CODE]));
}

function sum(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((total, part) => total + part.length, 0);
}

/** A text as the search of parts with `?` wants it; the last one is kept, because one request is matched against many patterns. */
let lastText = '';
let lastStart = 0;
let lastCodeText: CodeText = codeText('', 0);

function matchCodes(parts: readonly CodePart[], hasStar: boolean, text: string, start: number): boolean {
  if (text !== lastText || start !== lastStart) {
    lastCodeText = codeText(text, start);
    lastText = text;
    lastStart = start;
  }
  const codes = lastCodeText;
  const { length } = codes.codes;
  const first = parts[0] as CodePart;
  if (!hasStar) return first.length === length && first.matchesAt(codes, 0);
  const last = parts[parts.length - 1] as CodePart;
  const end = length - last.length;
  let position = first.length;
  if (end < position || !first.matchesAt(codes, 0) || !last.matchesAt(codes, end)) return false;
  for (let index = 1; index < parts.length - 1; index += 1) {
    position = (parts[index] as CodePart).findEnd(codes, position, end);
    if (position === -1) return false;
  }
  return true;
}
