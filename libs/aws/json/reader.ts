/** The strict reader of JSON request bodies (RFC 8259, and of what it leaves open always the narrow reading). */
import { isUtf8 } from 'node:buffer';
import { SerializationException } from '../errors/common.ts';

/** Objects are maps: no name can reach a prototype. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | ReadonlyMap<string, JsonValue>;

const depthMax = 32;

/**
 * Reads a JSON text. Throws `SerializationException` for what is not JSON or not UTF-8, a name twice in one object, the name `__proto__`, more than 32
 * levels, a number beyond the range of a double, a lone surrogate.
 */
export function readJson(bytes: Uint8Array): JsonValue {
  if (!isUtf8(bytes)) throw new SerializationException('The request is not valid UTF-8.');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  const cursor: Cursor = { text, at: 0, depth: 0 };
  const value = readValue(cursor);
  skipSpace(cursor);
  if (cursor.at !== text.length) throw malformed(cursor);
  return value;
}

interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
}

function readValue(cursor: Cursor): JsonValue {
  skipSpace(cursor);
  switch (cursor.text[cursor.at]) {
    case '{':
      return nested(cursor, readObject);
    case '[':
      return nested(cursor, readArray);
    case '"':
      return readString(cursor);
    case 't':
      return readWord(cursor, 'true', true);
    case 'f':
      return readWord(cursor, 'false', false);
    case 'n':
      return readWord(cursor, 'null', null);
    default:
      return readNumber(cursor);
  }
}

function nested<Value>(cursor: Cursor, read: (cursor: Cursor) => Value): Value {
  if (cursor.depth >= depthMax) throw new SerializationException(`The request must not be nested deeper than ${depthMax} levels.`);
  cursor.depth += 1;
  cursor.at += 1;
  const value = read(cursor);
  cursor.depth -= 1;
  return value;
}

function readObject(cursor: Cursor): ReadonlyMap<string, JsonValue> {
  const members = new Map<string, JsonValue>();
  if (takes(cursor, '}')) return members;
  do {
    skipSpace(cursor);
    const name = readString(cursor);
    if (name === '__proto__') throw new SerializationException('The name __proto__ is not taken.');
    if (members.has(name)) throw new SerializationException(`The name ${name.slice(0, 64)} must not be given twice.`);
    if (!takes(cursor, ':')) throw malformed(cursor);
    members.set(name, readValue(cursor));
  } while (takes(cursor, ','));
  if (!takes(cursor, '}')) throw malformed(cursor);
  return members;
}

function readArray(cursor: Cursor): readonly JsonValue[] {
  const elements: JsonValue[] = [];
  if (takes(cursor, ']')) return elements;
  do elements.push(readValue(cursor));
  while (takes(cursor, ','));
  if (!takes(cursor, ']')) throw malformed(cursor);
  return elements;
}

function readString(cursor: Cursor): string {
  const { text, at } = cursor;
  if (text[at] !== '"') throw malformed(cursor);
  let end = at + 1;
  let escaped = false;
  for (; text[end] !== '"'; end += 1) {
    const code = text.charCodeAt(end);
    // NaN at the end of the text fails the comparison too.
    if (!(code >= 0x20)) throw malformed(cursor);
    if (code === 0x5c) {
      escaped = true;
      end += 1;
    }
  }
  cursor.at = end + 1;
  const literal = text.slice(at, end + 1);
  const value = escaped ? unescape(literal, cursor) : literal.slice(1, -1);
  if (!value.isWellFormed()) throw new SerializationException('A string must not contain a lone surrogate.');
  return value;
}

/** What an escape means is JSON's own business; the literal is known to be one string. */
function unescape(literal: string, cursor: Cursor): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw malformed(cursor);
  }
}

function readWord<Value>(cursor: Cursor, word: string, value: Value): Value {
  if (!cursor.text.startsWith(word, cursor.at)) throw malformed(cursor);
  cursor.at += word.length;
  return value;
}

function readNumber(cursor: Cursor): number {
  number.lastIndex = cursor.at;
  const literal = number.exec(cursor.text)?.[0];
  if (literal === undefined) throw malformed(cursor);
  const value = Number(literal);
  if (!Number.isFinite(value)) throw new SerializationException('A number is out of range.');
  cursor.at += literal.length;
  return value;
}
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Skips white space and takes one character if it is the next. */
function takes(cursor: Cursor, character: string): boolean {
  skipSpace(cursor);
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at += 1;
  return true;
}

function skipSpace(cursor: Cursor): void {
  for (; ; cursor.at += 1) {
    const code = cursor.text.charCodeAt(cursor.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
  }
}

function malformed({ at }: Cursor): SerializationException {
  return new SerializationException(`The request is not valid JSON at character ${at}.`);
}
