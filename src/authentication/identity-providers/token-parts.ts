import { readJson, type JsonValue } from '../../../libs/aws/index.ts';

export type JsonObject = ReadonlyMap<string, JsonValue>;

/** Header and claims of a compact JWS, read strictly but not verified. */
export interface TokenParts {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/**
 * Takes a token apart: three parts, each in the one base64url form that its bytes have (RFC 7515, 2), so that a token has one spelling; header and claims are
 * JSON objects without a name twice. `undefined` for anything else.
 */
export function partsOf(token: string): TokenParts | undefined {
  const parts = token.split('.');
  if (parts.length !== 3 || !parts.every(isCanonical)) return undefined;
  const header = objectIn(parts[0]!); // three parts
  const claims = objectIn(parts[1]!);
  return header === undefined || claims === undefined ? undefined : { header, claims };
}

const isCanonical = (part: string): boolean => part !== '' && Buffer.from(part, 'base64url').toString('base64url') === part;

function objectIn(part: string): JsonObject | undefined {
  try {
    const value = readJson(Buffer.from(part, 'base64url'));
    return value instanceof Map ? (value as JsonObject) : undefined;
  } catch {
    return undefined; // not JSON, or a name twice
  }
}
