import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './private-addresses.ts';

/** Time for one document, from the look-up of the name to the last byte. */
const fetchMsMax = 5_000;
/** Bytes of one document. */
const documentBytesMax = 256 * 1024;

export interface FetchOptions {
  /** The one origin (`http://127.0.0.1:8080`) that may speak plain `http` and have a private address; `undefined`: none may. */
  readonly trustedOrigin: string | undefined;
  /** For tests: what resolves names. */
  readonly resolve?: typeof resolveName;
  /** For tests: shorter times. */
  readonly timeoutMs?: number;
}

/** A document that was not fetched, or not accepted, and why. */
export class FetchFailed extends Error {
  override readonly name = 'FetchFailed';
}

/**
 * Fetches a small document from a server that a user of ours named: the only code that does. `https` and public addresses only, except for one trusted
 * origin; the address is checked where the connection is made, so a name can not change its meaning in between. No redirects, no cookies, no
 * compression, a time limit over all, a limit of size.
 *
 * @throws FetchFailed
 */
export async function guardedFetch(url: string, { trustedOrigin, resolve = resolveName, timeoutMs = fetchMsMax }: FetchOptions): Promise<Uint8Array> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || target.username !== '' || target.password !== '') throw new FetchFailed('the address is not a plain URL');
  const isTrusted = target.origin === trustedOrigin;
  if (target.protocol !== 'https:' && !(isTrusted && target.protocol === 'http:')) throw new FetchFailed(`${target.origin} is not https`);
  const literal = target.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isTrusted && !isPublicAddress(literal)) throw new FetchFailed(`${target.origin} is not a public address`);
  const options: RequestOptions = {
    method: 'GET',
    agent: false,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'iam-ledger' },
    lookup: isTrusted ? undefined : publicLookup(resolve),
    signal: AbortSignal.timeout(timeoutMs),
  };
  try {
    return await documentIn(await answerTo(target, options));
  } catch (error) {
    if (error instanceof FetchFailed) throw error;
    const { code, name } = error as NodeJS.ErrnoException;
    throw new FetchFailed(
      `${target.origin} did not answer: ${name === 'AbortError' || name === 'TimeoutError' ? 'no time left' : (code ?? 'the connection failed')}`,
    );
  }
}

function answerTo(target: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = target.protocol === 'https:' ? httpsRequest(target, options) : httpRequest(target, options);
    request.on('response', resolve);
    request.on('error', reject);
    request.end();
  });
}

async function documentIn(response: IncomingMessage): Promise<Uint8Array> {
  try {
    if (response.statusCode !== 200) throw new FetchFailed(`the answer has the status ${response.statusCode}`);
    if ((response.headers['content-encoding'] ?? 'identity') !== 'identity') throw new FetchFailed('the answer is compressed');
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > documentBytesMax) throw new FetchFailed(`the document has more than ${documentBytesMax} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    response.destroy();
  }
}

/** Resolves a name for the connection itself and refuses it where any of its addresses is not public. */
function publicLookup(resolve: typeof resolveName): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { family: options.family ?? 0, all: true } as { all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error !== null) return callback(error, '');
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
        return callback(new FetchFailed(`${hostname} is not a public address`), '');
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
