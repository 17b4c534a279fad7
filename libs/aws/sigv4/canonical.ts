/**
 * The canonical request of Signature Version 4 (AWS: "Create a signed AWS API request", "Elements of an AWS API request signature").
 * All texts here are bytes written as characters U+0000–U+00FF (latin-1), as Node hands out targets and raw headers: what was sent is what is hashed.
 */
import { hash } from 'node:crypto';
import { MalformedQueryString } from '../errors/common.ts';

/** One `name=value` of a query string, both percent-encoded in the one way that is signed. */
export interface QueryPart {
  readonly name: string;
  readonly value: string;
}

/** The six lines that are signed, each already in its canonical form. */
export interface CanonicalParts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** `name:value\n` for each signed header, in the order of `signedHeaders`. */
  readonly headers: string;
  /** `a;b;c`. */
  readonly signedHeaders: string;
  /** Lower-case hex. */
  readonly bodySha256: string;
}

const percent = 0x25;
const slash = 0x2f;
const hexDigits = '0123456789ABCDEF';

/** For each byte how it stands in a canonical request: itself where unreserved (RFC 3986), else `%XX`. */
const encodedByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /^[A-Za-z0-9._~-]$/.test(character) ? character : `%${hexDigits.charAt(byte >> 4)}${hexDigits.charAt(byte & 15)}`;
});
const isUnreserved = Uint8Array.from(encodedByte, (text) => (text.length === 1 ? 1 : 0));

/** The text that the six parts make: what is hashed into the string to sign. */
export function canonicalRequest({ method, path, query, headers, signedHeaders, bodySha256 }: CanonicalParts): string {
  return `${method}\n${path}\n${query}\n${headers}\n${signedHeaders}\n${bodySha256}`;
}

/** Lower-case hex SHA-256 of a text of bytes. */
export function sha256Hex(bytes: string | Uint8Array): string {
  return hash('sha256', typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, 'hex');
}

/**
 * A path in canonical form: every byte encoded but the unreserved and `/`. A `%` is encoded too: AWS signs the encoded path once more encoded
 * for every service but S3. Dot segments stay; see `normalizePath`.
 */
export function canonicalPath(path: string): string {
  let canonical = '';
  let start = 0;
  for (let at = 0; at < path.length; at += 1) {
    const code = path.charCodeAt(at);
    if (code === slash || isUnreserved[code] === 1) continue;
    canonical += path.slice(start, at) + encodedByteOf(code);
    start = at + 1;
  }
  return start === 0 ? path : canonical + path.slice(start);
}

/** A path without empty and dot segments (RFC 3986 §5.2.4, and `//` as `/`). The verifier refuses such paths; a signer may fold them. */
export function normalizePath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const last = path.slice(path.lastIndexOf('/') + 1);
  const endsInSlash = last === '' || last === '.' || last === '..';
  return `/${kept.join('/')}${endsInSlash && kept.length > 0 ? '/' : ''}`;
}

/**
 * The parts of a raw query string (without `?`), in the order sent. `+` is a plus. Throws `MalformedQueryString` for an invalid `%` and for an
 * empty part, as in `a=1&&b=2`.
 */
export function queryParts(query: string): QueryPart[] {
  if (query === '') return [];
  return query.split('&').map((part) => {
    if (part === '') throw new MalformedQueryString();
    const equals = part.indexOf('=');
    return equals < 0
      ? { name: canonicalComponent(part), value: '' }
      : { name: canonicalComponent(part.slice(0, equals)), value: canonicalComponent(part.slice(equals + 1)) };
  });
}

/** The canonical query string: sorted by encoded name, then by value. */
export function canonicalQuery(parts: readonly QueryPart[]): string {
  return parts
    .toSorted((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&');
}

/** Code-unit order; for ASCII the order of the bytes. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A name or value of a query, percent-decoded to bytes and encoded again in the one canonical way. */
function canonicalComponent(raw: string): string {
  let canonical = '';
  let start = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if (isUnreserved[code] === 1) continue;
    canonical += raw.slice(start, at);
    if (code === percent) {
      canonical += encodedByteOf((hexValue(raw.charCodeAt(at + 1)) << 4) | hexValue(raw.charCodeAt(at + 2)));
      at += 2;
    } else {
      canonical += encodedByteOf(code);
    }
    start = at + 1;
  }
  return start === 0 ? raw : canonical + raw.slice(start);
}

/** A text in UTF-8, percent-encoded in the canonical way: what a signer puts into a query. */
export function encodeComponent(text: string): string {
  return canonicalComponent(Buffer.from(text, 'utf8').toString('latin1').replaceAll('%', '%25'));
}

function encodedByteOf(code: number): string {
  const encoded = encodedByte[code];
  if (encoded === undefined) throw new MalformedQueryString();
  return encoded;
}

/** 0–15; throws for what is no hex digit, the end of the text (NaN) included. */
function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  throw new MalformedQueryString();
}

/** A header's value as it is signed: white space (SP, HTAB, CR, LF) at the ends dropped, every run of it inside one space. */
export function canonicalHeaderValue(value: string): string {
  return foldable.test(value) ? value.replaceAll(spaces, ' ').replaceAll(outerSpaces, '') : value;
}
const foldable = /^ | $| {2}|[\t\r\n]/;
const spaces = /[ \t\r\n]+/g;
/** After folding there is one space at most at either end, so this cannot backtrack. */
const outerSpaces = /^ | $/g;
