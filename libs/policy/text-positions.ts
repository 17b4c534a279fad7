import { spendBounded } from './work-meter.ts';

const WORD_BITS = 32;
/** Codes below this have a place in a table; the others are looked up. */
const TABLE_CODES = 256;

/** Stands for any one code point. */
export const ANY_CODE = -1;
/** Stands for any run of code points, the empty one included. */
export const ANY_CODES = -2;

/** A pattern, place by place: a code point, one of the two above, or a text that is searched as a whole (the value of a variable). */
export type CodePattern = readonly (number | string)[];

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

/** Two rows of bits that matching works on; reused, because no match starts another. */
let one = new Int32Array(64);
let other = new Int32Array(64);

/**
 * A text made ready for many patterns: where each of its code points stands, as rows of bits, one bit for each position between code points. A pattern is matched
 * by following all positions it can have come to at once: a step is an AND of two rows, so a pattern costs (its length) × (text ÷ 32) steps whatever it holds, and
 * a variable's value counts as one place of it.
 */
export class TextPositions {
  readonly length: number;
  readonly #words: number;
  readonly #codes: readonly number[];
  /** By place: the place before it that holds the same code, or -1. */
  readonly #earlier: Int32Array;
  /** By offset in UTF-16 units, the position; made where a text holds surrogate pairs and somebody asks. */
  #positions: Int32Array | undefined;
  readonly #lastOfTable: Int32Array = new Int32Array(TABLE_CODES).fill(-1);
  readonly #lastOfOthers = new Map<number, number>();
  readonly #ends = new Map<number, Int32Array>();
  readonly #endsOfTexts = new Map<string, { readonly ends: Int32Array; readonly length: number }>();

  constructor(text: string) {
    const codes = codePoints(text);
    this.#codes = codes;
    this.length = codes.length;
    this.#words = (codes.length >>> 5) + 1;
    this.#earlier = new Int32Array(codes.length);
    for (let place = 0; place < codes.length; place += 1) {
      const code = codes[place] as number; // place < length
      this.#earlier[place] = this.#lastOf(code);
      if (code < TABLE_CODES) this.#lastOfTable[code] = place;
      else this.#lastOfOthers.set(code, place);
    }
    spendBounded(codes.length);
  }

  /** The position, in code points, of an offset in UTF-16 units. */
  positionOf(offset: number, text: string): number {
    if (this.length === text.length) return offset;
    this.#positions ??= positionsOf(this.#codes, text.length);
    return this.#positions[offset] as number; // offset <= text.length
  }

  /** Whether the pattern matches from a position to the end; `ownLength`: the code points, known or any, that it holds beside its texts. */
  matches(pattern: CodePattern, start: number, ownLength: number): boolean {
    const lengthMin = ownLength + this.#lengthOfTexts(pattern);
    if (lengthMin > this.length - start) return false;
    if (this.#words > one.length) [one, other] = [new Int32Array(this.#words), new Int32Array(this.#words)];
    let [state, next] = [one, other];
    let low = start >>> 5;
    let high = low;
    state[low] = 1 << (start & 31);
    let isRun = false;
    let remaining = lengthMin;
    for (let place = 0; place < pattern.length; place += 1) {
      const element = pattern[place] as number | string; // place < length
      if (element === ANY_CODES) {
        isRun = true;
        continue;
      }
      const found = typeof element === 'string' ? this.#endsOfText(element) : undefined;
      const size = found?.length ?? 1;
      if (size === 0) continue;
      const ends = found?.ends ?? (element === ANY_CODE ? undefined : this.#endsOf(element as number));
      remaining -= size;
      if (isRun) {
        const from = lowest(state, low) + size;
        if (from + remaining > this.length) return false;
        low = from >>> 5;
        if (ends === undefined) {
          state[low] = 1 << (from & 31);
          continue; // a run and any one is any one and a run
        }
        high = (this.length - remaining) >>> 5;
        const first = (ends[low] as number) & (-1 << (from & 31)); // low < words
        for (let word = low + 1; word <= high; word += 1) next[word] = ends[word] as number; // word < words
        next[low] = first;
        isRun = false;
      } else {
        const top = Math.min((high * WORD_BITS + WORD_BITS - 1 + size) >>> 5, (this.length - remaining) >>> 5);
        const window = { low, high, top };
        if (size !== 1) low = shift(state, next, ends, window, size);
        else if (ends === undefined) shiftByOne(state, next, window);
        else shiftByOneWithin(state, next, ends, window);
        high = top;
      }
      spendBounded(Math.max(high - low + 1, 1));
      while (low <= high && next[low] === 0) low += 1;
      while (high > low && next[high] === 0) high -= 1;
      if (low > high) return false;
      [state, next] = [next, state];
    }
    if (isRun) return lowest(state, low) <= this.length;
    const last = this.length >>> 5;
    return low <= last && last <= high && ((state[last] as number) & (1 << (this.length & 31))) !== 0;
  }

  #lengthOfTexts(pattern: CodePattern): number {
    let length = 0;
    for (let place = 0; place < pattern.length; place += 1) {
      const element = pattern[place];
      if (typeof element === 'string') length += this.#endsOfText(element).length;
    }
    return length;
  }

  #lastOf(code: number): number {
    return code < TABLE_CODES ? (this.#lastOfTable[code] as number) : (this.#lastOfOthers.get(code) ?? -1);
  }

  /** The positions just behind a code. */
  #endsOf(code: number): Int32Array {
    const known = this.#ends.get(code);
    if (known !== undefined) return known;
    const ends = new Int32Array(this.#words);
    for (let place = this.#lastOf(code); place !== -1; place = this.#earlier[place] as number) setBit(ends, place + 1);
    spendBounded(this.#words);
    this.#ends.set(code, ends);
    return ends;
  }

  /** The positions just behind a text, found by the algorithm of Knuth, Morris and Pratt. */
  #endsOfText(text: string): { readonly ends: Int32Array; readonly length: number } {
    const known = this.#endsOfTexts.get(text);
    if (known !== undefined) return known;
    const ends = new Int32Array(this.#words);
    const isTooLong = text.length > 2 * this.length;
    const sought = isTooLong ? [] : codePoints(text);
    const found = { ends, length: isTooLong ? text.length : sought.length };
    this.#endsOfTexts.set(text, found);
    if (found.length === 0 || found.length > this.length) return found;
    const borders = bordersOf(sought);
    let matched = 0;
    for (let place = 0; place < this.length; place += 1) {
      const code = this.#codes[place];
      while (matched > 0 && (matched === sought.length || sought[matched] !== code)) matched = borders[matched - 1] as number;
      if (sought[matched] === code) matched += 1;
      if (matched === sought.length) setBit(ends, place + 1);
    }
    spendBounded(this.length + sought.length);
    return found;
  }
}

function positionsOf(codes: readonly number[], units: number): Int32Array {
  const positions = new Int32Array(units + 1);
  let offset = 0;
  for (const [position, code] of codes.entries()) {
    positions[offset] = position;
    offset += code > 0xffff ? 2 : 1;
  }
  positions[units] = codes.length;
  return positions;
}

function setBit(row: Int32Array, position: number): void {
  row[position >>> 5] = (row[position >>> 5] as number) | (1 << (position & 31));
}

/** By length of a beginning, the length of the longest shorter beginning that it ends with. */
function bordersOf(codes: readonly number[]): Int32Array {
  const borders = new Int32Array(codes.length);
  for (let index = 1, matched = 0; index < codes.length; index += 1) {
    while (matched > 0 && codes[matched] !== codes[index]) matched = borders[matched - 1] as number;
    if (codes[matched] === codes[index]) matched += 1;
    borders[index] = matched;
  }
  return borders;
}

/** The lowest bit of a row whose first word that is not empty is `low`. */
function lowest(row: Int32Array, low: number): number {
  const word = row[low] as number;
  return low * WORD_BITS + 31 - Math.clz32(word & -word);
}

interface Window {
  readonly low: number;
  readonly high: number;
  /** The last word that is written. */
  readonly top: number;
}

/** Moves the bits of the words from `low` to `high` up by one. */
function shiftByOne(from: Int32Array, to: Int32Array, { low, high, top }: Window): void {
  let carry = 0;
  for (let word = low; word <= top; word += 1) {
    const bits = word > high ? 0 : (from[word] as number); // high < words
    to[word] = (bits << 1) | carry;
    carry = bits >>> 31;
  }
}

/** The same, and keeps those of `within`. */
function shiftByOneWithin(from: Int32Array, to: Int32Array, within: Int32Array, { low, high, top }: Window): void {
  let carry = 0;
  const last = Math.min(high, top);
  for (let word = low; word <= last; word += 1) {
    const bits = from[word] as number; // high < words
    to[word] = ((bits << 1) | carry) & (within[word] as number);
    carry = bits >>> 31;
  }
  if (top > high) to[top] = carry & (within[top] as number);
}

/** The same by any number; answers the first word written. */
function shift(from: Int32Array, to: Int32Array, within: Int32Array | undefined, { low, high, top }: Window, by: number): number {
  const words = by >>> 5;
  const bits = by & 31;
  const bottom = low + words;
  for (let word = bottom; word <= top; word += 1) {
    const source = word - words;
    const upper = source <= high ? (from[source] as number) : 0;
    const lower = source > low ? (from[source - 1] as number) : 0;
    const moved = bits === 0 ? upper : (upper << bits) | (lower >>> (WORD_BITS - bits));
    to[word] = within === undefined ? moved : moved & (within[word] as number);
  }
  return bottom;
}

/** Code points of the texts that are remembered at most: more than any one request holds. */
const rememberedCodesMax = 262_144;
const remembered = new Map<string, TextPositions>();
let rememberedCodes = 0;

/** Matches the part of a text from an offset (in UTF-16 units) on; what the text needs is made once, however many patterns ask. `ownLength` as for `TextPositions`. */
export function matchPositions(pattern: CodePattern, ownLength: number, text: string, start: number): boolean {
  // An offset within a surrogate pair: what is behind it is a text of its own.
  if (start > 0 && (text.codePointAt(start - 1) ?? 0) > 0xffff) return matchPositions(pattern, ownLength, text.slice(start), 0);
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
  return positions.matches(pattern, positions.positionOf(start, text), ownLength);
}
