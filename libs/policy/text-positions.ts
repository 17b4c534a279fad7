import { ANY_CODE, codePoints, type CodePart, type CodePattern } from './code-pattern.ts';
import { spendBounded } from './work-meter.ts';

const WORD_BITS = 32;
/** Words that are looked at together. */
const WORDS = 4;
/** Codes below this have a place in a table; the others are looked up. */
const TABLE_CODES = 256;

/** Where a code or a text ends: a bit for each position between code points. */
interface Ends {
  /** Where the row begins in the text's table; a word before it is empty, so that it can be read shifted. */
  readonly row: number;
  /** Code points of what ends there. */
  readonly length: number;
  /** How many positions there are, and the first and the last; where there is none, 0. */
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** The rows that a part asks for, and how far before its end each of them ends; reused, because no match starts another. */
let rows = new Int32Array(64);
let distances = new Int32Array(64);
const sizes: number[] = [];
/** Whose row is the first. */
let rarest: Ends = { row: 0, length: 0, count: 0, first: 0, last: 0 };
/** Rows that a text's table has room for at first. */
const tableRowsMin = 8;
const NO_TEXTS: readonly string[] = [];

/**
 * A text made ready for many patterns: where each of its code points stands, as a row of bits. A part of a pattern is searched at 32 positions at once, by an AND of
 * the shifted rows of its elements that ends as soon as nothing is left. So a pattern costs at most (its length) × (text ÷ 32) steps, whatever it holds; and a given
 * text, the value of a variable, counts as one element.
 */
export class TextPositions {
  readonly length: number;
  readonly #codes: readonly number[];
  /** By place: the place before it that holds the same code, or -1. */
  readonly #earlier: Int32Array;
  readonly #lastOfTable: Int32Array = new Int32Array(TABLE_CODES).fill(-1);
  readonly #lastOfOthers = new Map<number, number>();
  readonly #ends = new Map<number, Ends>();
  readonly #endsOfTexts = new Map<string, Ends>();
  readonly #everywhere: Ends;
  /** All rows, one behind the other. */
  #table: Int32Array;
  #tableUsed = 0;
  /** By offset in UTF-16 units, the position; made where a text holds surrogate pairs and somebody asks. */
  #positions: Int32Array | undefined;

  constructor(text: string) {
    const codes = codePoints(text);
    this.#codes = codes;
    this.length = codes.length;
    this.#everywhere = { row: 0, length: 0, count: codes.length + 1, first: 0, last: codes.length };
    this.#earlier = new Int32Array(codes.length);
    this.#table = new Int32Array(this.#rowWords * tableRowsMin + WORDS);
    for (let place = 0; place < codes.length; place += 1) {
      const code = codes[place] as number; // place < length
      this.#earlier[place] = this.#lastOf(code);
      if (code < TABLE_CODES) this.#lastOfTable[code] = place;
      else this.#lastOfOthers.set(code, place);
    }
    spendBounded(codes.length);
  }

  /** Words that it takes, about. */
  get size(): number {
    return 2 * this.length + this.#table.length;
  }

  /** The position, in code points, of an offset in UTF-16 units. */
  positionOf(offset: number, text: string): number {
    if (this.length === text.length) return offset;
    this.#positions ??= positionsOf(this.#codes, text.length);
    return this.#positions[offset] as number; // offset <= text.length
  }

  /** Whether the pattern matches from a position to the end; `texts` are those that it calls given. */
  matches({ parts, ownLength }: CodePattern, start: number, texts: readonly string[] = NO_TEXTS): boolean {
    const lengthMin = ownLength + (texts.length === 0 ? 0 : this.#lengthOfTexts(parts, texts));
    if (lengthMin > this.length - start) return false;
    const first = parts[0] as CodePart; // there is at least one
    let position = this.#endAt(first, start, texts);
    if (parts.length === 1) return position === this.length;
    const last = parts[parts.length - 1] as CodePart;
    const end = this.length - this.#sizeOf(last, texts);
    if (position === -1 || end < position || this.#endAt(last, end, texts) === -1) return false;
    for (let index = 1; index < parts.length - 1; index += 1) {
      position = this.#findEnd(parts[index] as CodePart, { from: position, end }, texts);
      if (position === -1) return false;
    }
    return true;
  }

  /** Where a part ends that begins at a position; -1 where it does not stand there. */
  #endAt({ elements }: CodePart, start: number, texts: readonly string[]): number {
    let position = start;
    for (let place = 0; place < elements.length; place += 1) {
      const element = elements[place] as number;
      if (element >= ANY_CODE) {
        if (position >= this.length || (element !== ANY_CODE && this.#codes[position] !== element)) return -1;
        position += 1;
        continue;
      }
      const { row, length } = this.#endsOfText(texts[-2 - element] as string);
      position += length;
      if (position > this.length || (length > 0 && !this.#hasBit(row, position))) return -1;
    }
    spendBounded(elements.length);
    return position;
  }

  /** The end of the first occurrence of a part that begins at `from` or later and ends at `end` or before; -1 where there is none. */
  #findEnd(part: CodePart, { from, end }: { readonly from: number; readonly end: number }, texts: readonly string[]): number {
    const size = this.#sizeOf(part, texts);
    const first = from + size;
    if (first > end) return -1;
    const count = this.#gather(part, size, texts);
    if (count === -1) return -1;
    const distance = count === 0 ? 0 : (distances[0] as number);
    const low = Math.max(first, rarest.first + distance);
    const high = Math.min(end, rarest.last + distance);
    return this.#firstOfAll(count, low, high);
  }

  /** The lowest position between two at which all gathered rows have a bit; -1 where there is none. Four words at a time: what a step costs is reading the rows. */
  #firstOfAll(count: number, low: number, high: number): number {
    const table = this.#table;
    const lastWord = high >>> 5;
    let steps = count;
    let found = -1;
    for (let word = low >>> 5; word <= lastWord && found === -1; word += WORDS) {
      let one = word === low >>> 5 ? -1 << low : -1;
      let two = word + 1 > lastWord ? 0 : -1;
      let three = word + 2 > lastWord ? 0 : -1;
      let four = word + 3 > lastWord ? 0 : -1;
      for (let index = 0; index < count && (one | two | three | four) !== 0; index += 1) {
        const distance = distances[index] as number; // index < count
        const source = (rows[index] as number) + word - (distance >>> 5);
        // The table has room before and behind its rows.
        const before = table[source - 1] as number;
        const first = table[source] as number;
        const second = table[source + 1] as number;
        const third = table[source + 2] as number;
        const fourth = table[source + 3] as number;
        // Shifted twice, because a shift by 32 is one by 0.
        one &= (first << distance) | ((before >>> 1) >>> ~distance);
        two &= (second << distance) | ((first >>> 1) >>> ~distance);
        three &= (third << distance) | ((second >>> 1) >>> ~distance);
        four &= (fourth << distance) | ((third >>> 1) >>> ~distance);
        steps += WORDS;
      }
      const bits = one || two || three || four;
      const place = one !== 0 ? word : two !== 0 ? word + 1 : three !== 0 ? word + 2 : word + 3;
      if (bits !== 0) found = place * WORD_BITS + 31 - Math.clz32(bits & -bits);
    }
    spendBounded(steps);
    return found > high ? -1 : found;
  }

  /** Makes the rows of a part ready, the one with the fewest positions first; answers how many there are, or -1 where one of them is empty. */
  #gather({ elements, telling }: CodePart, size: number, texts: readonly string[]): number {
    if (texts.length > 0) this.#measure(elements, texts);
    if (telling.length > rows.length) [rows, distances] = [new Int32Array(2 * telling.length), new Int32Array(2 * telling.length)];
    let count = 0;
    let least = 0;
    rarest = this.#everywhere;
    for (let index = 0; index < telling.length; index += 1) {
      const place = telling[index] as number;
      const element = elements[place] as number;
      const ends = element >= 0 ? this.#endsOf(element) : this.#endsOfText(texts[-2 - element] as string);
      if (ends.length === 0) continue;
      if (ends.count === 0) return -1;
      if (ends.count < rarest.count) [rarest, least] = [ends, count];
      rows[count] = ends.row;
      distances[count] = size - (texts.length > 0 ? (sizes[place] as number) : place + 1);
      count += 1;
    }
    if (least > 0) {
      [rows[0], rows[least]] = [rows[least] as number, rows[0] as number]; // least < count
      [distances[0], distances[least]] = [distances[least] as number, distances[0] as number];
    }
    return count;
  }

  /** For each place of a part, the code points up to and with it. */
  #measure(elements: readonly number[], texts: readonly string[]): void {
    let size = 0;
    for (let place = 0; place < elements.length; place += 1) {
      const element = elements[place] as number;
      size += element >= ANY_CODE ? 1 : this.#endsOfText(texts[-2 - element] as string).length;
      sizes[place] = size;
    }
  }

  #sizeOf({ elements }: CodePart, texts: readonly string[]): number {
    let size = elements.length;
    for (let place = 0; texts.length > 0 && place < elements.length; place += 1) {
      const element = elements[place] as number;
      if (element < ANY_CODE) size += this.#endsOfText(texts[-2 - element] as string).length - 1;
    }
    return size;
  }

  #lengthOfTexts(parts: readonly CodePart[], texts: readonly string[]): number {
    let length = 0;
    for (const { elements } of parts) {
      for (const element of elements) if (element < ANY_CODE) length += this.#endsOfText(texts[-2 - element] as string).length;
    }
    return length;
  }

  #lastOf(code: number): number {
    return code < TABLE_CODES ? (this.#lastOfTable[code] as number) : (this.#lastOfOthers.get(code) ?? -1);
  }

  #endsOf(code: number): Ends {
    const known = this.#ends.get(code);
    if (known !== undefined) return known;
    const row = this.#newRow();
    const last = this.#lastOf(code);
    let count = 0;
    let first = 0;
    for (let place = last; place !== -1; place = this.#earlier[place] as number) {
      this.#setBit(row, place + 1);
      first = place + 1;
      count += 1;
    }
    spendBounded(this.#rowWords);
    const ends = { row, length: 1, count, first, last: last + 1 };
    this.#ends.set(code, ends);
    return ends;
  }

  /** Searched by the algorithm of Knuth, Morris and Pratt. */
  #endsOfText(text: string): Ends {
    const known = this.#endsOfTexts.get(text);
    if (known !== undefined) return known;
    const row = this.#newRow();
    const isTooLong = text.length > 2 * this.length;
    const sought = isTooLong ? [] : codePoints(text);
    const length = isTooLong ? text.length : sought.length;
    const ends = { row, length, ...this.#markEnds(sought, row) };
    this.#endsOfTexts.set(text, ends);
    return ends;
  }

  #markEnds(sought: readonly number[], row: number): Pick<Ends, 'count' | 'first' | 'last'> {
    let [count, first, last, matched] = [0, 0, 0, 0];
    if (sought.length === 0 || sought.length > this.length) return { count, first, last };
    const borders = bordersOf(sought);
    for (let place = 0; place < this.length; place += 1) {
      const code = this.#codes[place];
      while (matched > 0 && (matched === sought.length || sought[matched] !== code)) matched = borders[matched - 1] as number;
      if (sought[matched] === code) matched += 1;
      if (matched < sought.length) continue;
      last = place + 1;
      if (count === 0) first = last;
      count += 1;
      this.#setBit(row, last);
    }
    spendBounded(this.length + sought.length);
    return { count, first, last };
  }

  get #rowWords(): number {
    return (this.length >>> 5) + 2;
  }

  #newRow(): number {
    const row = this.#tableUsed + 1;
    this.#tableUsed += this.#rowWords;
    if (this.#tableUsed + WORDS > this.#table.length) {
      const table = new Int32Array(2 * this.#tableUsed + WORDS);
      table.set(this.#table);
      this.#table = table;
    }
    return row;
  }

  #setBit(row: number, position: number): void {
    const word = row + (position >>> 5);
    this.#table[word] = (this.#table[word] as number) | (1 << position);
  }

  #hasBit(row: number, position: number): boolean {
    return ((this.#table[row + (position >>> 5)] as number) & (1 << position)) !== 0;
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
