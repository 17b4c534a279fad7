/** The client's side of Signature Version 4: for the command line and the load generator. */
import {
  canonicalHeaderValue,
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
  compare,
  encodeComponent,
  normalizePath,
  queryParts,
  sha256Hex,
} from './canonical.ts';
import { algorithm, deriveSigningKey, formatAmzDate, hmac, scopeText, stringToSign, type SigningScope } from './signing-key.ts';

/** A request to sign. Header names may have any case; `host` must be among them. */
export interface RequestToSign {
  readonly method: string;
  /** Path and query as they will be sent, percent-encoded: `/` or `/?Action=…`. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Who signs, where and when. */
export interface SigningOptions {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
  readonly service: string;
  readonly now: Date;
  /** The result of `deriveSigningKey` for the day of `now`; saves four HMACs. */
  readonly signingKey?: Uint8Array;
  /** Fold `//`, `.` and `..` in the path before signing; off, the path is signed as it is. */
  readonly normalizePath?: boolean;
}

/** What was signed, on the way to the signature. */
export interface Signed {
  readonly canonicalRequest: string;
  readonly stringToSign: string;
  /** 64 lower-case hex digits. */
  readonly signature: string;
}

/**
 * Signs in the header form: all given headers, `x-amz-date` and, with a session, `x-amz-security-token`.
 * Answers the headers to send, `authorization` included.
 */
export function signRequest(request: RequestToSign, options: SigningOptions): Signed & { readonly headers: Readonly<Record<string, string>> } {
  const amzDate = formatAmzDate(options.now);
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': amzDate };
  if (options.sessionToken !== undefined) headers['x-amz-security-token'] = options.sessionToken;
  const { path, query } = splitTarget(request.target, options);
  const { names, lines } = canonicalHeaders(headers);
  const signed = finish(amzDate, options, {
    method: request.method,
    path,
    query: canonicalQuery(queryParts(query)),
    headers: lines,
    signedHeaders: names,
    bodySha256: sha256Hex(request.body),
  });
  const authorization = `${algorithm} Credential=${options.accessKeyId}/${scopeText(scopeOf(amzDate, options))}, SignedHeaders=${names}, Signature=${signed.signature}`;
  return { ...signed, headers: { ...headers, authorization } };
}

/**
 * Signs in the query form (a presigned URL): all given headers, and every query parameter.
 * Answers the target to send; it holds for `expiresSeconds` (1–604800) from `now`.
 */
export function presignRequest(
  request: RequestToSign,
  options: SigningOptions & { readonly expiresSeconds: number },
): Signed & { readonly target: string } {
  const amzDate = formatAmzDate(options.now);
  const { path, query, rawPath } = splitTarget(request.target, options);
  const { names, lines } = canonicalHeaders(request.headers);
  const added: [string, string][] = [
    ['X-Amz-Algorithm', algorithm],
    ['X-Amz-Credential', `${options.accessKeyId}/${scopeText(scopeOf(amzDate, options))}`],
    ['X-Amz-Date', amzDate],
    ['X-Amz-Expires', String(options.expiresSeconds)],
    ['X-Amz-SignedHeaders', names],
  ];
  if (options.sessionToken !== undefined) added.push(['X-Amz-Security-Token', options.sessionToken]);
  const parts = [...queryParts(query), ...added.map(([name, value]) => ({ name, value: encodeComponent(value) }))];
  const signedQuery = canonicalQuery(parts);
  const signed = finish(amzDate, options, {
    method: request.method,
    path,
    query: signedQuery,
    headers: lines,
    signedHeaders: names,
    bodySha256: sha256Hex(request.body),
  });
  return { ...signed, target: `${rawPath}?${signedQuery}&X-Amz-Signature=${signed.signature}` };
}

function finish(amzDate: string, options: SigningOptions, parts: Parameters<typeof canonicalRequest>[0]): Signed {
  const scope = scopeOf(amzDate, options);
  const canonical = canonicalRequest(parts);
  const toSign = stringToSign(amzDate, scope, sha256Hex(canonical));
  const key = options.signingKey ?? deriveSigningKey(options.secretAccessKey, scope.date, scope.region, scope.service);
  return { canonicalRequest: canonical, stringToSign: toSign, signature: hmac(key, toSign).toString('hex') };
}

function scopeOf(amzDate: string, { region, service }: SigningOptions): SigningScope {
  return { date: amzDate.slice(0, 8), region, service };
}

function splitTarget(target: string, options: SigningOptions): { readonly path: string; readonly query: string; readonly rawPath: string } {
  const mark = target.indexOf('?');
  const rawPath = mark < 0 ? target : target.slice(0, mark);
  const path = canonicalPath(options.normalizePath === true ? normalizePath(rawPath) : rawPath);
  return { path, query: mark < 0 ? '' : target.slice(mark + 1), rawPath };
}

function canonicalHeaders(headers: Readonly<Record<string, string>>): { readonly names: string; readonly lines: string } {
  const sorted = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), canonicalHeaderValue(value)] as const)
    .toSorted(([a], [b]) => compare(a, b));
  return { names: sorted.map(([name]) => name).join(';'), lines: sorted.map(([name, value]) => `${name}:${value}\n`).join('') };
}
