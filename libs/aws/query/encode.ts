/** From an operation's output to XML, by its shape (AWS: Smithy's "AWS Query protocol", response serialization). The only code that writes XML. */
import type { Shape } from '../schema/shapes.ts';

/** Writes the content of an element; `path` is not known here, so a value of the wrong kind fails with the member's name further up. */
type Write = (value: unknown) => string;

/**
 * Makes the writer of an output shape: value in, the content of its element out. String members named in `percentEncoded` (policy documents) are
 * percent-encoded by RFC 3986 as IAM does. A value of another kind than its shape is a programmer's error: `TypeError`.
 */
export function outputEncoder(percentEncoded: ReadonlySet<string>): (shape: Shape) => Write {
  const compiled = new Map<Shape, Write>();
  return (shape) => compile(shape, { compiled, percentEncoded });
}

interface Compilation {
  readonly compiled: Map<Shape, Write>;
  readonly percentEncoded: ReadonlySet<string>;
}

function compile(shape: Shape, compilation: Compilation): Write {
  const { compiled } = compilation;
  const known = compiled.get(shape);
  if (known !== undefined) return known;
  // A shape that holds itself finds this entry while it is still being made.
  let write: Write | undefined;
  compiled.set(shape, (value) => (write as Write)(value));
  write = writerOf(shape, compilation);
  compiled.set(shape, write);
  return write;
}

function writerOf(shape: Shape, compilation: Compilation): Write {
  switch (shape.kind) {
    case 'string':
      return (value) => escapeXml(expect(value, 'string'));
    case 'boolean':
      return (value) => (expect(value, 'boolean') ? 'true' : 'false');
    case 'number':
      return (value) => String(expect(value, 'number'));
    case 'timestamp':
      return writeTimestamp;
    case 'blob':
      return writeBlob;
    case 'list':
      return listWriter(compile(shape.element(), compilation));
    case 'map':
      return mapWriter(compile(shape.value(), compilation));
    case 'structure':
      return structureWriter(shape.members(), compilation);
    case 'unit':
      return () => '';
    default:
      return shape satisfies never;
  }
}

function structureWriter(shapes: ReadonlyMap<string, Shape>, compilation: Compilation): Write {
  const members = [...shapes].map(([name, shape]) => ({
    name,
    open: `<${name}>`,
    close: `</${name}>`,
    write: shape.kind === 'string' && compilation.percentEncoded.has(name) ? writePercentEncoded : compile(shape, compilation),
  }));
  return (value) => {
    const structure = expect(value, 'object') as Readonly<Record<string, unknown>>;
    let xml = '';
    for (const { name, open, close, write } of members) {
      const member = structure[name];
      if (member === undefined || member === null) continue;
      try {
        xml += open + write(member) + close;
      } catch (error) {
        if (error instanceof TypeError) error.message = `${name}: ${error.message}`;
        throw error;
      }
    }
    return xml;
  };
}

function listWriter(element: Write): Write {
  return (value) => {
    if (!Array.isArray(value)) throw new TypeError('not an array');
    let xml = '';
    for (const item of value) xml += `<member>${element(item)}</member>`;
    return xml;
  };
}

function mapWriter(write: Write): Write {
  return (value) => {
    let xml = '';
    for (const [key, item] of Object.entries(expect(value, 'object') as object))
      xml += `<entry><key>${escapeXml(key)}</key><value>${write(item)}</value></entry>`;
    return xml;
  };
}

/** ISO 8601 in UTC, to the second: what IAM and STS print. */
function writeTimestamp(value: unknown): string {
  if (!(value instanceof Date)) throw new TypeError('not a Date');
  const iso = value.toISOString();
  return `${iso.slice(0, iso.lastIndexOf('.'))}Z`;
}

function writeBlob(value: unknown): string {
  if (!(value instanceof Uint8Array)) throw new TypeError('not a Uint8Array');
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
}

function writePercentEncoded(value: unknown): string {
  return percentEncode(expect(value, 'string'));
}

/** RFC 3986: everything but `A`–`Z`, `a`–`z`, `0`–`9` and `-._~` is encoded. A lone surrogate becomes U+FFFD. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * A text as the content of an element. What XML 1.0 cannot hold (controls, lone surrogates, U+FFFE, U+FFFF) becomes U+FFFD; a carriage return is
 * written as a reference, or a parser would read it as a line feed.
 */
export function escapeXml(text: string): string {
  return special.test(text) ? text.toWellFormed().replaceAll(specials, escapeOne) : text;
}
// eslint-disable-next-line no-control-regex -- the controls are what is looked for
const special = /[&<>"'\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]/;
// eslint-disable-next-line no-control-regex -- the controls are what is looked for
const specials = /[&<>"'\x00-\x08\x0b-\x1f\ufffe\uffff]/g;

function escapeOne(character: string): string {
  switch (character) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '"':
      return '&quot;';
    case "'":
      return '&apos;';
    case '\r':
      return '&#xD;';
    default:
      return '\ufffd';
  }
}

interface Kinds {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
  readonly object: object;
}

function expect<Kind extends keyof Kinds>(value: unknown, kind: Kind): Kinds[Kind] {
  if (typeof value !== kind || value === null) throw new TypeError(`not a ${kind}`);
  return value as Kinds[Kind];
}
