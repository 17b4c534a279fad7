const WORD_BITS = 32;
/** Characters below this have their row in a table; the others share the last row, or are looked up. */
const RARE = 255;

/** Stands for any one code point. */
export const ANY_CODE = -1;

/** The code points of a text from an offset on. */
export function codePoints(text: string, start: number): number[] {
  const codes: number[] = [];
  for (let index = start; index < text.length; index += 1) {
    const code = text.codePointAt(index) as number;
    if (code > 0xffff) index += 1;
    codes.push(code);
  }
  return codes;
}

/** A text as parts are searched in it. */
export interface CodeText {
  readonly codes: readonly number[];
  /** The codes in one byte each; `RARE` for what does not fit. */
  readonly bytes: Uint8Array;
}

/** Takes a text apart from an offset on. */
export function codeText(text: string, start: number): CodeText {
  const codes = codePoints(text, start);
  return { codes, bytes: Uint8Array.from(codes, (code) => (code < RARE ? code : RARE)) };
}

/**
 * The part of a wildcard pattern between two stars, as code points, some of them any. It is searched by the Shift-And automaton of
 * Baeza-Yates and Gonnet: bit n of the state says whether the n first codes match what was read last, so a step is a few machine
 * words, whatever the text.
 */
export class CodePart {
  readonly length: number;
  readonly #codes: readonly number[];
  readonly #words: number;
  /** Codes that the part names and that do not fit into a byte. */
  readonly #rareRows = new Map<number, number>();
  /** By byte, and behind them by rare code: a row of words with one bit for each place of the part that takes the code. Made by the first search. */
  #rows: Int32Array = new Int32Array(0);

  constructor(codes: readonly number[]) {
    this.length = codes.length;
    this.#codes = codes;
    this.#words = Math.ceil(codes.length / WORD_BITS);
  }

  matchesAt(text: CodeText, start: number): boolean {
    const codes = this.#codes;
    if (start + codes.length > text.codes.length) return false;
    for (let index = 0; index < codes.length; index += 1) {
      const code = codes[index] as number;
      if (code !== ANY_CODE && code !== text.codes[start + index]) return false;
    }
    return true;
  }

  /** The end of the leftmost occurrence between `start` and `end`, or -1. */
  findEnd(text: CodeText, start: number, end: number): number {
    if (end - start < this.length) return -1;
    if (this.#rows.length === 0) this.#compile();
    if (this.#rareRows.size > 0) return this.#findRare(text.codes, start, end);
    if (this.#words === 1) return this.#findShort(text.bytes, start, end);
    return this.#words === 2 ? this.#findMiddling(text.bytes, start, end) : this.#findLong(text.bytes, start, end);
  }

  #findShort(bytes: Uint8Array, start: number, end: number): number {
    const rows = this.#rows;
    const accepting = 1 << (this.length - 1);
    let state = 0;
    for (let position = start; position < end; position += 1) {
      state = ((state << 1) | 1) & (rows[bytes[position] as number] as number);
      if ((state & accepting) !== 0) return position + 1;
    }
    return -1;
  }

  /** Two words that stay in registers: the most a document can ask for is many parts of about this length. */
  #findMiddling(bytes: Uint8Array, start: number, end: number): number {
    const rows = this.#rows;
    const accepting = 1 << ((this.length - 1) % WORD_BITS);
    let low = 0;
    let high = 0;
    for (let position = start; position < end; position += 1) {
      const row = (bytes[position] as number) << 1;
      high = ((high << 1) | (low >>> 31)) & (rows[row + 1] as number);
      low = ((low << 1) | 1) & (rows[row] as number);
      if ((high & accepting) !== 0) return position + 1;
    }
    return -1;
  }

  #findLong(bytes: Uint8Array, start: number, end: number): number {
    const state = new Int32Array(this.#words);
    for (let position = start; position < end; position += 1) {
      if (this.#step(state, bytes[position] as number)) return position + 1;
    }
    return -1;
  }

  /** The same for a part that names characters beyond a byte. */
  #findRare(codes: readonly number[], start: number, end: number): number {
    const state = new Int32Array(this.#words);
    for (let position = start; position < end; position += 1) {
      const code = codes[position] as number;
      if (this.#step(state, code < RARE ? code : (this.#rareRows.get(code) ?? RARE))) return position + 1;
    }
    return -1;
  }

  /** Reads one character; answers whether the part ends with it. */
  #step(state: Int32Array, row: number): boolean {
    const rows = this.#rows;
    const words = this.#words;
    const first = row * words;
    let carry = 1;
    for (let word = 0; word < words; word += 1) {
      const old = state[word] as number;
      state[word] = ((old << 1) | carry) & (rows[first + word] as number);
      carry = old >>> 31;
    }
    return ((state[words - 1] as number) & (1 << ((this.length - 1) % WORD_BITS))) !== 0;
  }

  #compile(): void {
    for (const code of this.#codes) {
      if (code >= RARE && !this.#rareRows.has(code)) this.#rareRows.set(code, RARE + 1 + this.#rareRows.size);
    }
    const rowCount = RARE + 1 + this.#rareRows.size;
    const rows = new Int32Array(rowCount * this.#words);
    for (const [index, code] of this.#codes.entries()) {
      const word = Math.floor(index / WORD_BITS);
      const bit = 1 << (index % WORD_BITS);
      const only = code < RARE ? code : (this.#rareRows.get(code) ?? RARE);
      const first = code === ANY_CODE ? 0 : only;
      const last = code === ANY_CODE ? rowCount - 1 : only;
      for (let row = first; row <= last; row += 1) {
        const place = row * this.#words + word;
        rows[place] = (rows[place] as number) | bit;
      }
    }
    this.#rows = rows;
  }
}
