/**
 * The server's side of Signature Version 4: one function from a raw request to who signed it. Nothing else may read credentials.
 * (AWS: "Create a signed AWS API request", "Troubleshoot Signature Version 4 signing for AWS API requests".)
 *
 * INVARIANT: everything that is looked at here comes from the raw target, the raw headers and the raw body; what was verified is what was sent.
 */
import { timingSafeEqual } from 'node:crypto';
import {
  IncompleteSignature,
  InvalidClientTokenId,
  InvalidParameterCombination,
  MalformedQueryString,
  RequestExpired,
  SignatureDoesNotMatch,
} from '../errors/common.ts';
import { canonicalHeaderValue, canonicalPath, canonicalRequest, queryParts, sha256Hex } from './canonical.ts';
import { readClaim, type SignatureClaim } from './credential.ts';
import { formatAmzDate, hmac, parseAmzDate, stringToSign, terminator } from './signing-key.ts';

/** A request as it came off the wire; texts are latin-1, as `node:http` gives them. */
export interface RawRequest {
  readonly method: string;
  /** The request target, untouched: `IncomingMessage.url`. */
  readonly target: string;
  /** Name, value, name, value …: `IncomingMessage.rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
}

/** A request of which the body is known by its hash only. */
export interface RequestParts {
  readonly method: string;
  readonly target: string;
  /** As `readHeaders` makes them: lower-case names, white space folded, the values of a repeated header joined by a comma. */
  readonly headers: ReadonlyMap<string, string>;
  /** Lower-case hex SHA-256 of the body, computed by whoever holds the body. */
  readonly bodySha256: string;
}

export interface VerifyOptions {
  readonly now: Date;
  /** How far the signer's clock may be off, either way. AWS: 300. */
  readonly clockSkewSeconds: number;
  /** The service names a scope may have. */
  readonly services: ReadonlySet<string>;
  /** Whether a scope may name this region. */
  isRegion(region: string): boolean;
  /** The derived key for an access key that may sign now; `undefined` for any that may not, whatever the reason. The session token is as sent: not yet verified. */
  signingKey(accessKeyId: string, date: string, region: string, service: string, sessionToken: string | undefined): Uint8Array | undefined;
  /** Whether presigned requests are taken at all (default: yes). Which operations may come so is the caller's to decide: see `form`. */
  readonly queryFormAllowed?: boolean;
  /** The longest life of a presigned request (default and at most 604800). */
  readonly expiresSecondsMax?: number;
  /** Which raw paths exist here (default: `/` only, as for IAM and STS). */
  isPath?(path: string): boolean;
}

/** Who signed the request, and what the signature covers. */
export interface VerifiedRequest {
  readonly accessKeyId: string;
  /** YYYYMMDD. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Signed, but not opened: whether it belongs to the access key is for the caller to find out. */
  readonly sessionToken?: string;
  readonly signature: string;
  readonly signedHeaders: readonly string[];
  readonly form: 'header' | 'query';
  /** When it was signed. */
  readonly signedAt: Date;
  /** Lower-case hex. */
  readonly bodySha256: string;
  /** The SDK's `amz-sdk-invocation-id`, the same for all tries of one call; only where it is signed. */
  readonly invocationId?: string;
  /** All headers by lower-case name, parsed once. */
  readonly headers: ReadonlyMap<string, string>;
}

const presignedSecondsMax = 604_800;
const requestExpiredSeconds = 900;
/** Headers that Node or others would silently pick one of; any of them twice is refused. */
const singleHeaders: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'date',
  'content-type',
  'content-length',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'x-amz-target',
  'amz-sdk-invocation-id',
]);
/** Takes the place of an unknown key, so that the answer takes the same work. */
const dummyKey = new Uint8Array(32);

/** Verifies a request with its body. Throws AWS's errors with AWS's messages; see `verifyParts`. */
export function verifyRequest(request: RawRequest, options: VerifyOptions): VerifiedRequest {
  return verifyParts(
    { method: request.method, target: request.target, headers: readHeaders(request.rawHeaders), bodySha256: sha256Hex(request.body) },
    options,
  );
}

/**
 * Verifies a request from its parts.
 * Throws `MissingAuthenticationToken`, `IncompleteSignature`, `InvalidParameterCombination`, `MalformedQueryString`, `SignatureDoesNotMatch`,
 * `RequestExpired`, `InvalidClientTokenId`.
 */
export function verifyParts({ method, target, headers, bodySha256 }: RequestParts, options: VerifyOptions): VerifiedRequest {
  const { path, query } = splitTarget(target, options);
  const claim = readClaim(headers, queryParts(query));
  if (claim.form === 'query' && options.queryFormAllowed === false)
    throw new InvalidParameterCombination('This endpoint takes no request that is signed in the query string.');
  const signedAt = checkDate(claim, options);
  checkScope(claim, options);
  const signedHeaders = claim.signedHeaders.split(';');
  const canonicalHeaders = canonicalSignedHeaders(signedHeaders, headers);
  if (claim.statedBodySha256 !== undefined && claim.statedBodySha256 !== bodySha256) {
    throw new SignatureDoesNotMatch(`The provided 'x-amz-content-sha256' does not match what was computed.`);
  }

  const canonical = canonicalRequest({
    method,
    path: canonicalPath(path),
    query: claim.canonicalQuery,
    headers: canonicalHeaders,
    signedHeaders: claim.signedHeaders,
    bodySha256,
  });
  const key = isKeyId(claim.accessKeyId)
    ? options.signingKey(claim.accessKeyId, claim.date, claim.region, claim.service, claim.sessionToken)
    : undefined;
  const expected = hmac(key ?? dummyKey, stringToSign(claim.amzDate, claim, sha256Hex(canonical)));
  const matches = timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'));
  if (key === undefined) throw new InvalidClientTokenId();
  if (!matches) throw new SignatureDoesNotMatch();

  const invocationId = signedHeaders.includes('amz-sdk-invocation-id') ? headers.get('amz-sdk-invocation-id') : undefined;
  return {
    accessKeyId: claim.accessKeyId,
    date: claim.date,
    region: claim.region,
    service: claim.service,
    ...(claim.sessionToken === undefined ? {} : { sessionToken: claim.sessionToken }),
    signature: claim.signature,
    signedHeaders,
    form: claim.form,
    signedAt: new Date(signedAt),
    bodySha256,
    ...(invocationId === undefined ? {} : { invocationId }),
    headers,
  };
}

/** Headers by lower-case name; repeated ones joined by a comma, but those that must be single are refused when they are not. */
export function readHeaders(rawHeaders: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] as string).toLowerCase();
    const value = canonicalHeaderValue(rawHeaders[at + 1] as string);
    const before = headers.get(name);
    if (before !== undefined && singleHeaders.has(name)) throw new IncompleteSignature(`The header '${name}' must not be given twice.`);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

/** The raw path must be known and already in its shortest form: comparing what is signed with what is routed needs no folding. */
function splitTarget(target: string, options: VerifyOptions): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  if (!(options.isPath?.(path) ?? path === '/') || !path.startsWith('/') || foldable.test(path))
    throw new MalformedQueryString('The request path is not known here.');
  return { path, query: mark < 0 ? '' : target.slice(mark + 1) };
}
const foldable = /\/\/|\/(?:\.|%2e){1,2}(?:\/|$)/i;

/** Checks form and clock. Answers the moment of signing in milliseconds. */
function checkDate(
  { form, amzDate, date, expires }: SignatureClaim,
  { now, clockSkewSeconds, expiresSecondsMax = presignedSecondsMax }: VerifyOptions,
): number {
  const signedAt = parseAmzDate(amzDate);
  if (signedAt === undefined) {
    throw new IncompleteSignature(`Date must be in ISO-8601 'basic format'. Got '${printable(amzDate)}'. See http://en.wikipedia.org/wiki/ISO_8601`);
  }
  const secondsMax = Math.min(expiresSecondsMax, presignedSecondsMax);
  if (form === 'query' && (!expiresForm.test(expires ?? '') || Number(expires) > secondsMax)) {
    throw new IncompleteSignature(`X-Amz-Expires must be a number of seconds from 1 to ${secondsMax}.`);
  }
  const skew = clockSkewSeconds * 1000;
  const minutes = `${clockSkewSeconds / 60} min.`;
  if (signedAt - skew > now.getTime()) {
    throw new SignatureDoesNotMatch(
      `Signature not yet current: ${amzDate} is still later than ${formatAmzDate(new Date(now.getTime() + skew))} (${formatAmzDate(now)} + ${minutes})`,
    );
  }
  if (form === 'query') {
    const end = signedAt + Number(expires) * 1000;
    if (now.getTime() > end)
      throw new SignatureDoesNotMatch(`Signature expired: ${formatAmzDate(new Date(end))} is now earlier than ${formatAmzDate(now)}`);
  } else if (signedAt + skew < now.getTime()) {
    if (signedAt + Math.max(requestExpiredSeconds, clockSkewSeconds) * 1000 < now.getTime()) throw new RequestExpired();
    throw new SignatureDoesNotMatch(
      `Signature expired: ${amzDate} is now earlier than ${formatAmzDate(new Date(now.getTime() - skew))} (${formatAmzDate(now)} - ${minutes})`,
    );
  }
  if (amzDate.slice(0, 8) !== date) {
    throw new SignatureDoesNotMatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${printable(date)}' != '${amzDate.slice(0, 8)}', from '${amzDate}'.`,
    );
  }
  return signedAt;
}
const expiresForm = /^[1-9][0-9]{0,5}$/;

function checkScope({ region, service, terminator: given }: SignatureClaim, options: VerifyOptions): void {
  if (given !== terminator)
    throw new SignatureDoesNotMatch(`Credential should be scoped with a valid terminator: '${terminator}', not '${printable(given)}'.`);
  if (!options.isRegion(region)) throw new SignatureDoesNotMatch(`Credential should be scoped to a valid Region, not '${printable(region)}'.`);
  if (!options.services.has(service))
    throw new SignatureDoesNotMatch(`Credential should be scoped to correct service: '${[...options.services].join("' or '")}'.`);
}

/**
 * The signed headers' lines. They must be sorted, unique, lower-case and present, and cover `host` and every `x-amz-*` header of the request:
 * a header that is not signed must not be able to change what is done.
 */
function canonicalSignedHeaders(signedHeaders: readonly string[], headers: ReadonlyMap<string, string>): string {
  let lines = '';
  let before = '';
  let amzSigned = 0;
  for (const name of signedHeaders) {
    const value = headers.get(name);
    // `headers` has lower-case names only, so a name in another case is not found.
    if (value === undefined || name <= before) throw new SignatureDoesNotMatch();
    lines += `${name}:${value}\n`;
    if (name.startsWith('x-amz-')) amzSigned += 1;
    before = name;
  }
  if (!signedHeaders.includes('host')) throw new SignatureDoesNotMatch(`'Host' must be a 'SignedHeader' in the AWS Authorization.`);
  let amzPresent = 0;
  for (const name of headers.keys()) if (name.startsWith('x-amz-')) amzPresent += 1;
  if (amzSigned !== amzPresent) throw new SignatureDoesNotMatch('There were x-amz-* headers present in the request which were not signed.');
  return lines;
}

/** Access key ids are word characters; a longer or stranger text is no key and is not looked up. */
function isKeyId(text: string): boolean {
  return keyIdForm.test(text);
}
const keyIdForm = /^[A-Za-z0-9_]{1,128}$/;

/** What is echoed into a message: printable ASCII, and not much of it. */
function printable(text: string): string {
  return text.slice(0, 64).replaceAll(/[^ -~]/g, '?');
}
