import { EffectFailed } from '../effect-port.ts';

/** More is not read of an answer. */
const answerBytesMax = 64 * 1024;
const callMsMax = 10_000;

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** `undefined` where it is no JSON. */
  readonly json: unknown;
}

/** A call that hands over a secret. Follows no redirection: the secret would go with it. @throws EffectFailed where there is no answer */
export async function callHttp({ method, url, headers, body, signal }: HttpCall): Promise<HttpAnswer> {
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(callMsMax)]),
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, json: parse(await readText(response)) };
  } catch {
    // What fetch throws may tell of the request.
    throw new EffectFailed('Unreachable', `${url.origin} gave no answer.`, true);
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Told by status alone: what the other side said could be what it was told. */
export function refused(what: string, { status }: HttpAnswer): EffectFailed {
  const isTransient = status >= 500 || status === 429 || status === 408;
  return new EffectFailed(`Http${status}`, `${what} answered ${status}.`, isTransient);
}

/** Secrets travel encrypted, or do not leave the machine. @returns what is wrong with the URL; `undefined`: nothing */
export function problemOfUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a URL';
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return 'must hold no credentials';
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback) ? undefined : 'must begin with https://, or name this machine';
}

/** A member of what was answered, by path. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) at = typeof at === 'object' && at !== null ? (at as Readonly<Record<string, unknown>>)[name] : undefined;
  return at;
}
