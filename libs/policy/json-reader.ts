import { PolicySyntaxError, SYNTAX_ERRORS, positionAt, type Position } from './policy-syntax-error.ts';

/** Nesting beyond this is refused: a policy needs six levels, and unbounded depth exhausts stacks further on. */
export const jsonDepthMax = 32;
/** Characters a document may have. AWS takes 131,072 from its customers; the longest of its own managed policies has more. */
export const policyTextLengthMax = 1_048_576;

interface Located {
  /** Offset of the first character. */
  readonly start: number;
  /** Offset just behind the last character. */
  readonly end: number;
}

export interface JsonMember {
  readonly key: string;
  readonly keyStart: number;
  readonly value: JsonNode;
}

/** A JSON value that knows where it stood. Numbers keep their spelling, because `1.0` and `1` differ to a string operator. */
export type JsonNode = Located &
  (
    | { readonly type: 'object'; readonly members: readonly JsonMember[] }
    | { readonly type: 'array'; readonly items: readonly JsonNode[] }
    | { readonly type: 'string'; readonly value: string }
    | { readonly type: 'number'; readonly spelling: string }
    | { readonly type: 'boolean'; readonly value: boolean }
    | { readonly type: 'null' }
  );

const NUMBER_CHARACTERS = '0123456789+-.eE';
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/**
 * Reads JSON (RFC 8259) more strictly than `JSON.parse`: a key that occurs twice, text that is not well-formed Unicode,
 * a byte order mark and deep nesting are errors, because two readers could understand such a document differently.
 *
 * Throws `PolicySyntaxError` with AWS's text.
 */
export function readJson(text: string): JsonNode {
  const reader = new JsonReader(text);
  return reader.readDocument();
}

class JsonReader {
  readonly text: string;
  offset = 0;

  constructor(text: string) {
    this.text = text;
  }

  readDocument(): JsonNode {
    if (this.text.length > policyTextLengthMax) this.fail(`the document is longer than ${policyTextLengthMax} characters`);
    this.skipSpace();
    const value = this.readValue(1);
    this.skipSpace();
    if (this.offset < this.text.length) this.fail('text follows the end of the document');
    return value;
  }

  readValue(depth: number): JsonNode {
    if (depth > jsonDepthMax) this.fail(`the document is nested deeper than ${jsonDepthMax} levels`);
    switch (this.text[this.offset]) {
      case '{':
        return this.readObject(depth);
      case '[':
        return this.readArray(depth);
      case '"': {
        const start = this.offset;
        return { type: 'string', value: this.readString(), start, end: this.offset };
      }
      case 't':
        return this.readWord('true', (place) => ({ type: 'boolean', value: true, ...place }));
      case 'f':
        return this.readWord('false', (place) => ({ type: 'boolean', value: false, ...place }));
      case 'n':
        return this.readWord('null', (place) => ({ type: 'null', ...place }));
      default:
        return this.readNumber();
    }
  }

  readObject(depth: number): JsonNode {
    const start = this.offset++;
    const members: JsonMember[] = [];
    const keys = new Set<string>();
    this.skipSpace();
    if (this.text[this.offset] === '}') {
      this.offset += 1;
      return { type: 'object', members, start, end: this.offset };
    }
    for (;;) {
      const keyStart = this.offset;
      if (this.text[this.offset] !== '"') this.fail('a key in double quotes is expected');
      const key = this.readString();
      if (keys.has(key)) this.fail(`the key ${JSON.stringify(key)} occurs twice`, keyStart);
      keys.add(key);
      this.skipSpace();
      this.expect(':');
      this.skipSpace();
      members.push({ key, keyStart, value: this.readValue(depth + 1) });
      this.skipSpace();
      if (this.text[this.offset] !== ',') break;
      this.offset += 1;
      this.skipSpace();
    }
    this.expect('}');
    return { type: 'object', members, start, end: this.offset };
  }

  readArray(depth: number): JsonNode {
    const start = this.offset++;
    const items: JsonNode[] = [];
    this.skipSpace();
    if (this.text[this.offset] === ']') {
      this.offset += 1;
      return { type: 'array', items, start, end: this.offset };
    }
    for (;;) {
      items.push(this.readValue(depth + 1));
      this.skipSpace();
      if (this.text[this.offset] !== ',') break;
      this.offset += 1;
      this.skipSpace();
    }
    this.expect(']');
    return { type: 'array', items, start, end: this.offset };
  }

  readString(): string {
    const start = this.offset++;
    let value = '';
    let runStart = this.offset;
    for (;;) {
      const code = this.text.charCodeAt(this.offset);
      if (Number.isNaN(code)) this.fail('a string is not closed', start);
      if (code < 0x20) this.fail('a control character stands in a string');
      if (code === 0x22) break;
      if (code !== 0x5c) {
        this.offset += 1;
        continue;
      }
      value += this.text.slice(runStart, this.offset) + this.readEscape();
      runStart = this.offset;
    }
    value += this.text.slice(runStart, this.offset);
    this.offset += 1;
    if (!value.isWellFormed()) this.fail('a string holds half of a surrogate pair', start);
    return value;
  }

  readEscape(): string {
    const letter = this.text[this.offset + 1] ?? '';
    if (letter === 'u') {
      const digits = this.text.slice(this.offset + 2, this.offset + 6);
      if (!/^[0-9A-Fa-f]{4}$/.test(digits)) this.fail('\\u must be followed by four hexadecimal digits');
      this.offset += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const character = ESCAPES.get(letter) ?? this.fail('an escape sequence is unknown');
    this.offset += 2;
    return character;
  }

  readNumber(): JsonNode {
    const start = this.offset;
    while (this.offset < this.text.length && NUMBER_CHARACTERS.includes(this.text.charAt(this.offset))) this.offset += 1;
    const spelling = this.text.slice(start, this.offset);
    if (!/^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(spelling)) this.fail('a value is expected', start);
    return { type: 'number', spelling, start, end: this.offset };
  }

  readWord(word: string, node: (place: Located) => JsonNode): JsonNode {
    const start = this.offset;
    if (!this.text.startsWith(word, start)) this.fail('a value is expected');
    this.offset += word.length;
    return node({ start, end: this.offset });
  }

  skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.offset);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.offset += 1;
    }
  }

  expect(character: string): void {
    if (this.text[this.offset] !== character) this.fail(`"${character}" is expected`);
    this.offset += 1;
  }

  fail(detail: string, offset: number = this.offset): never {
    const position: Position = positionAt(this.text, offset);
    throw new PolicySyntaxError(SYNTAX_ERRORS, position, detail);
  }
}
