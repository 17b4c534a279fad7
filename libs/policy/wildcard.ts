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
 * are searched by a bit-parallel automaton (Baeza-Yates and Gonnet's Shift-And), so that no pattern costs more than
 * text × pattern ÷ 32 steps. No regular expression is involved: those backtrack.
 */
export class Glob {
  /** Parts without `?` as text; empty when `codeParts` is used. */
  readonly parts: readonly string[];
  readonly codeParts: readonly CodePart[] | undefined;
  readonly hasStar: boolean;

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
    this.codeParts = questions ? kept.map((part) => new CodePart(part)) : undefined;
    this.parts = questions ? [] : kept.map((part) => part.join(''));
  }

  /** Whether the text from `start` on matches as a whole. */
  matches(text: string, start: number = 0): boolean {
    if (this.codeParts !== undefined) return matchCodes(this.codeParts, this.hasStar, codePoints(text, start));
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

const WORD_BITS = 32;

/** A part of a pattern between two stars that holds `?`, as code points; -1 is any one. */
class CodePart {
  readonly codes: readonly number[];
  readonly #words: number;
  #masks: Map<number, Uint32Array> | undefined;
  #anyMask: Uint32Array;

  constructor(tokens: readonly (string | typeof ANY_ONE)[]) {
    this.codes = tokens.flatMap((token) => (typeof token === 'string' ? codePoints(token, 0) : [-1]));
    this.#words = Math.ceil(this.codes.length / WORD_BITS);
    this.#anyMask = new Uint32Array(this.#words);
  }

  matchesAt(text: readonly number[], start: number): boolean {
    const { codes } = this;
    for (let index = 0; index < codes.length; index += 1) {
      const code = codes[index] as number;
      if (code !== -1 && code !== text[start + index]) return false;
    }
    return start + codes.length <= text.length;
  }

  /** The end of the leftmost occurrence at or behind `start`, or -1. */
  findEnd(text: readonly number[], start: number): number {
    const masks = this.#masks ?? this.#compileMasks();
    const state = new Uint32Array(this.#words);
    const lastWord = this.#words - 1;
    const lastBit = 1 << ((this.codes.length - 1) % WORD_BITS);
    for (let position = start; position < text.length; position += 1) {
      const mask = masks.get(text[position] as number) ?? this.#anyMask;
      let carry = 1;
      for (let word = 0; word <= lastWord; word += 1) {
        const old = state[word] as number;
        state[word] = ((old << 1) | carry) & (mask[word] as number);
        carry = old >>> 31;
      }
      if (((state[lastWord] as number) & lastBit) !== 0) return position + 1;
    }
    return -1;
  }

  /** One bit per place of the part: set where the character fits. */
  #compileMasks(): Map<number, Uint32Array> {
    const masks = new Map<number, Uint32Array>();
    for (const [index, code] of this.codes.entries()) {
      if (code === -1) setBit(this.#anyMask, index);
    }
    for (const [index, code] of this.codes.entries()) {
      if (code === -1) continue;
      const mask = masks.get(code) ?? this.#anyMask.slice();
      setBit(mask, index);
      masks.set(code, mask);
    }
    this.#masks = masks;
    return masks;
  }
}

function setBit(mask: Uint32Array, index: number): void {
  const word = Math.floor(index / WORD_BITS);
  mask[word] = (mask[word] as number) | (1 << (index % WORD_BITS));
}

function matchCodes(parts: readonly CodePart[], hasStar: boolean, text: readonly number[]): boolean {
  const first = parts[0] as CodePart;
  if (!hasStar) return first.codes.length === text.length && first.matchesAt(text, 0);
  const last = parts[parts.length - 1] as CodePart;
  const end = text.length - last.codes.length;
  let position = first.codes.length;
  if (end < position || !first.matchesAt(text, 0) || !last.matchesAt(text, end)) return false;
  for (const part of parts.slice(1, -1)) {
    position = part.findEnd(text, position);
    if (position === -1 || position > end) return false;
  }
  return true;
}

let lastText = '';
let lastStart = 0;
let lastCodes: readonly number[] = [];

/** The code points of a text; the last answer is kept, because one request is matched against many patterns. */
function codePoints(text: string, start: number): readonly number[] {
  if (text === lastText && start === lastStart) return lastCodes;
  const codes: number[] = [];
  for (let index = start; index < text.length; index += 1) {
    const code = text.codePointAt(index) as number;
    if (code > 0xffff) index += 1;
    codes.push(code);
  }
  lastText = text;
  lastStart = start;
  lastCodes = codes;
  return codes;
}
