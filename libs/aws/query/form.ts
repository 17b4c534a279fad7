/**
 * The strict reader of `application/x-www-form-urlencoded`: bytes in, each name once, nothing guessed.
 * What is ambiguous is refused, because two readers of the same bytes must never see two requests.
 */
import { isUtf8 } from 'node:buffer';
import {
  InvalidAction,
  InvalidParameterCombination,
  MalformedQueryString,
  MissingAction,
  UnsupportedMediaType,
  ValidationError,
} from '../errors/common.ts';

/** Parameters in the order sent. */
export type Parameters = ReadonlyMap<string, string>;

const parametersMax = 1000;
/** Characters, decoded. */
const nameLengthMax = 256;

/**
 * Reads a form. In a body `+` is a space; in a query string that SigV4 signs it is a plus.
 * Throws `ValidationError` (not UTF-8, NUL, `[`, a name or a number of parameters beyond the limits), `MalformedQueryString` (an invalid `%`, an
 * empty name), `InvalidParameterCombination` (a name twice), `InvalidAction` (a byte order mark).
 */
export function parseForm(bytes: Uint8Array, plus: 'space' | 'plus' = 'space'): Map<string, string> {
  const parameters = new Map<string, string>();
  if (bytes.length === 0) return parameters;
  if (!isUtf8(bytes)) throw new ValidationError('The request is not valid UTF-8.');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  if (text.charCodeAt(0) === 0xfeff) throw new InvalidAction('Could not find an operation: the request starts with a byte order mark.');
  for (let start = 0; start <= text.length;) {
    const ampersand = text.indexOf('&', start);
    const end = ampersand < 0 ? text.length : ampersand;
    const part = text.slice(start, end);
    const equals = part.indexOf('=');
    if (equals < 0) addParameter(parameters, decode(part, plus), '');
    else addParameter(parameters, decode(part.slice(0, equals), plus), decode(part.slice(equals + 1), plus));
    start = end + 1;
  }
  return parameters;
}

function addParameter(parameters: Map<string, string>, name: string, value: string): void {
  if (name === '') throw new MalformedQueryString();
  if (name.length > nameLengthMax) throw new ValidationError(`A parameter name must not be longer than ${nameLengthMax} characters.`);
  if (name.includes('[')) throw new ValidationError('A parameter name must not contain a bracket.');
  if (name.includes('\0') || value.includes('\0')) throw new ValidationError('A parameter must not contain the character U+0000.');
  if (parameters.has(name)) throw new InvalidParameterCombination(`The parameter ${name.slice(0, 64)} must not be given twice.`);
  if (parameters.size >= parametersMax) throw new ValidationError(`A request must not have more than ${parametersMax} parameters.`);
  parameters.set(name, value);
}

function decode(raw: string, plus: 'space' | 'plus'): string {
  const text = plus === 'space' && raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // It fails for two reasons that AWS tells apart: a `%` without two hex digits, and bytes that are not UTF-8.
    if (/%(?![0-9A-Fa-f]{2})/.test(text)) throw new MalformedQueryString();
    throw new ValidationError('The request is not valid UTF-8.');
  }
}

/**
 * Checks the content type of a body that is to be read as a form: `application/x-www-form-urlencoded`, the charset UTF-8 or not said.
 * Throws `MissingAction` where the body is JSON or of no declared type (there is no form, so no action), else `UnsupportedMediaType` (415).
 */
export function checkFormContentType(contentType: string | undefined): void {
  if (contentType === 'application/x-www-form-urlencoded' || contentType === 'application/x-www-form-urlencoded; charset=utf-8') return;
  const { type, charset } = parseContentType(contentType ?? '');
  if (type === '' || type === 'application/json') throw new MissingAction();
  if (type !== 'application/x-www-form-urlencoded') throw new UnsupportedMediaType('The body must be application/x-www-form-urlencoded.');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw new UnsupportedMediaType('The charset of the body must be UTF-8.');
}

/** Type and charset of a `Content-Type` header, lower-case (RFC 9110 §8.3). A malformed one has the type `invalid`. */
export function parseContentType(header: string): { readonly type: string; readonly charset: string | undefined } {
  const [type = '', ...parameters] = header
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== '' && !mediaType.test(type)) return { type: 'invalid', charset: undefined };
  let charset: string | undefined;
  for (const parameter of parameters) {
    if (!parameter.startsWith('charset=')) continue;
    if (charset !== undefined) return { type: 'invalid', charset: undefined };
    const value = parameter.slice('charset='.length);
    charset = value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  }
  return { type, charset };
}
const mediaType = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/;
