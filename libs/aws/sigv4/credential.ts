/** What a request claims about its signature, read from the one place it may stand: the `Authorization` header or the query. */
import { IncompleteSignature, InvalidParameterCombination, MissingAuthenticationToken, SignatureDoesNotMatch } from '../errors/common.ts';
import { canonicalQuery, type QueryPart } from './canonical.ts';
import { algorithm } from './signing-key.ts';

/** The claim, in form complete; nothing of it is verified yet. */
export interface SignatureClaim {
  readonly form: 'header' | 'query';
  readonly accessKeyId: string;
  /** YYYYMMDD as the scope has it. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** As sent: `a;b;c`. */
  readonly signedHeaders: string;
  /** 64 lower-case hex digits. */
  readonly signature: string;
  readonly amzDate: string;
  readonly sessionToken: string | undefined;
  /** Query form only, as sent. */
  readonly expires: string | undefined;
  /** A body hash that the request states. */
  readonly statedBodySha256: string | undefined;
  /** The query as it is signed. */
  readonly canonicalQuery: string;
}

const queryNames: ReadonlyMap<string, string> = new Map(
  ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature', 'Security-Token'].map((name) => [
    `x-amz-${name.toLowerCase()}`,
    `X-Amz-${name}`,
  ]),
);

/**
 * Reads the claim. `headers` has lower-case names, each once.
 * Throws `MissingAuthenticationToken`, `IncompleteSignature`, `InvalidParameterCombination` (both forms at once, or a name twice),
 * `SignatureDoesNotMatch` (a signature that cannot be one).
 */
export function readClaim(headers: ReadonlyMap<string, string>, query: readonly QueryPart[]): SignatureClaim {
  const authorization = headers.get('authorization');
  const inQuery = amzQueryParameters(query);
  if (authorization !== undefined) {
    if (inQuery.size > 0)
      throw new InvalidParameterCombination('A request is signed either in the Authorization header or in the query string, not in both.');
    return claimOfHeader(authorization, headers, query);
  }
  if ([...queryNames.keys()].some((name) => inQuery.has(name))) return claimOfQuery(inQuery, headers, query);
  throw new MissingAuthenticationToken();
}

function claimOfHeader(authorization: string, headers: ReadonlyMap<string, string>, query: readonly QueryPart[]): SignatureClaim {
  if (!authorization.startsWith(`${algorithm} `)) {
    throw new IncompleteSignature(
      authorization === algorithm
        ? missing(['Credential', 'Signature', 'SignedHeaders'])
        : `Authorization header must use the algorithm '${algorithm}'.`,
    );
  }
  let credential: string | undefined;
  let signedHeaders: string | undefined;
  let signature: string | undefined;
  for (const field of authorization.slice(algorithm.length + 1).split(',')) {
    const trimmed = trimSpaces(field);
    const equals = trimmed.indexOf('=');
    const value = trimmed.slice(equals + 1);
    const name = equals < 0 ? '' : trimmed.slice(0, equals);
    if (name === 'Credential' && credential === undefined) credential = value;
    else if (name === 'SignedHeaders' && signedHeaders === undefined) signedHeaders = value;
    else if (name === 'Signature' && signature === undefined) signature = value;
    else throw new IncompleteSignature(`Authorization header must hold 'Credential', 'SignedHeaders' and 'Signature', each once, and nothing else.`);
  }
  const amzDate = headers.get('x-amz-date') ?? headers.get('date');
  if (!credential || !signedHeaders || !signature) {
    throw new IncompleteSignature(
      missing([...(credential ? [] : ['Credential']), ...(signature ? [] : ['Signature']), ...(signedHeaders ? [] : ['SignedHeaders'])]),
    );
  }
  if (!amzDate) throw new IncompleteSignature(`Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.`);
  return {
    form: 'header',
    ...readCredential(credential),
    signedHeaders,
    signature: readSignature(signature),
    amzDate,
    sessionToken: headers.get('x-amz-security-token'),
    expires: undefined,
    statedBodySha256: headers.get('x-amz-content-sha256'),
    canonicalQuery: query.length === 0 ? '' : canonicalQuery(query),
  };
}

function claimOfQuery(inQuery: ReadonlyMap<string, QueryPart>, headers: ReadonlyMap<string, string>, query: readonly QueryPart[]): SignatureClaim {
  for (const header of ['x-amz-date', 'x-amz-security-token']) {
    if (headers.has(header))
      throw new InvalidParameterCombination(`A request that is signed in the query string must not have the header '${header}'.`);
  }
  const value = (lowerName: string): string | undefined => {
    const part = inQuery.get(lowerName);
    const name = queryNames.get(lowerName);
    if (part !== undefined && name !== undefined && part.name !== name)
      throw new IncompleteSignature(`AWS query-string parameters must be spelled '${name}'.`);
    return part === undefined ? undefined : decode(part.value);
  };
  const [usedAlgorithm, credential, amzDate, expires, signedHeaders, signature] = [
    'x-amz-algorithm',
    'x-amz-credential',
    'x-amz-date',
    'x-amz-expires',
    'x-amz-signedheaders',
    'x-amz-signature',
  ].map(value);
  if (!usedAlgorithm || !credential || !amzDate || !expires || !signedHeaders || !signature) {
    throw new IncompleteSignature(
      `AWS query-string parameters must include '${[...queryNames.values()].slice(0, 6).join("', '")}'. Re-examine the query-string parameters.`,
    );
  }
  if (usedAlgorithm !== algorithm) throw new IncompleteSignature(`X-Amz-Algorithm must be '${algorithm}'.`);
  return {
    form: 'query',
    ...readCredential(credential),
    signedHeaders,
    signature: readSignature(signature),
    amzDate,
    sessionToken: value('x-amz-security-token'),
    expires,
    statedBodySha256: headers.get('x-amz-content-sha256') ?? value('x-amz-content-sha256'),
    canonicalQuery: canonicalQuery(query.filter(({ name }) => name !== 'X-Amz-Signature')),
  };
}

/** The `X-Amz-*` parameters by lower-case name. The same name twice, whatever its case, is refused. */
function amzQueryParameters(query: readonly QueryPart[]): ReadonlyMap<string, QueryPart> {
  const found = new Map<string, QueryPart>();
  for (const part of query) {
    const lowerName = part.name.toLowerCase();
    if (!lowerName.startsWith('x-amz-')) continue;
    if (found.has(lowerName)) throw new InvalidParameterCombination(`The query-string parameter '${part.name}' must not be given twice.`);
    found.set(lowerName, part);
  }
  return found;
}

function readCredential(credential: string): Pick<SignatureClaim, 'accessKeyId' | 'date' | 'region' | 'service' | 'terminator'> {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/');
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length > 0) {
    throw new IncompleteSignature(`Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.`);
  }
  return { accessKeyId, date, region, service, terminator };
}

function readSignature(signature: string): string {
  if (!signatureForm.test(signature)) throw new SignatureDoesNotMatch();
  return signature;
}
const signatureForm = /^[0-9a-f]{64}$/;

/** Percent-decoded; a value that is not UTF-8 cannot be any of those that are read here. */
function decode(encoded: string): string {
  if (!encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new IncompleteSignature('AWS query-string parameters must be UTF-8.');
  }
}

function missing(names: readonly string[]): string {
  return names.map((name) => `Authorization header requires '${name}' parameter.`).join(' ');
}

function trimSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) === 0x20) start += 1;
  while (end > start && text.charCodeAt(end - 1) === 0x20) end -= 1;
  return text.slice(start, end);
}
