import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { signRequest } from '../../libs/aws/index.ts';
import { CommandFailure, ServerError, ServerUnreachable } from './failures.ts';

/** Access keys, as the AWS SDK's credential providers give them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface ClientOptions {
  /** Where the server is: `http://127.0.0.1:4747`. */
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: Credentials;
  /** PEM of the certificate authorities to trust instead of the system's. */
  readonly certificateAuthorities?: string | undefined;
}

/** Calls the JSON API of a running server: `POST /v1/<operation>`, signed with Signature Version 4 for the service `iam-ledger`. */
export interface Client {
  /**
   * The answer as it came: JSON text.
   *
   * @param operation `list-accounts`
   * @throws ServerUnreachable, ServerError (`{__type, message}`), CommandFailure where the answer is not of an iam-ledger server
   */
  callText(operation: string, input: object): Promise<string>;
  /** The answer, parsed. */
  call<Answer>(operation: string, input: object): Promise<Answer>;
}

const service = 'iam-ledger';
/** Tries of a call that the server has no room for (`Throttling`: nothing was done). */
const attemptsMax = 5;
const firstPauseMs = 200;
/** Silence after which a connection is given up: an import folds many events before it answers. */
const silenceMsMax = 300_000;
/** V8 holds no longer text than this. */
const answerBytesMax = 512 * 1024 * 1024 - 1024;

export function createClient(options: ClientOptions): Client {
  async function callText(operation: string, input: object): Promise<string> {
    const body = Buffer.from(JSON.stringify(input));
    // Signed, and the same for all tries: the server recognises a repetition by it.
    const invocationId = randomUUID();
    for (let attempt = 1; ; attempt += 1) {
      const { status, text } = await send(options, `/v1/${operation}`, { body, invocationId });
      if (status >= 200 && status < 300) return text;
      const error = errorOf(status, text, options.endpoint);
      if (!(error instanceof ServerError) || !error.code.startsWith('Throttling') || attempt >= attemptsMax) throw error;
      await sleep(firstPauseMs * 2 ** (attempt - 1));
    }
  }
  return {
    callText,
    async call<Answer>(operation: string, input: object) {
      const text = await callText(operation, input);
      try {
        return JSON.parse(text) as Answer;
      } catch {
        throw notOurs(options.endpoint, text);
      }
    },
  };
}

interface Answered {
  readonly status: number;
  readonly text: string;
}

function send(
  options: ClientOptions,
  path: string,
  { body, invocationId }: { readonly body: Buffer; readonly invocationId: string },
): Promise<Answered> {
  const { endpoint, region, credentials } = options;
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const target = endpoint.pathname.replace(/\/$/, '') + path;
  const { headers } = signRequest(
    {
      method: 'POST',
      target,
      headers: {
        host: endpoint.host,
        'content-type': 'application/json',
        'content-length': String(body.length),
        'user-agent': 'iam-ledger-cli',
        'amz-sdk-invocation-id': invocationId,
      },
      body,
    },
    { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }), region, service, now: new Date() },
  );
  return new Promise((resolve, reject) => {
    const secure = endpoint.protocol === 'https:';
    const common = { method: 'POST', path: target, headers, timeout: silenceMsMax };
    const request = secure ? httpsRequest(endpoint, { ...common, ca: options.certificateAuthorities }) : httpRequest(endpoint, common);
    request.on('response', (response) => readAnswer(response).then(resolve, reject));
    request.on('timeout', () => request.destroy(new Error(`no answer within ${silenceMsMax / 1000} seconds`)));
    request.on('error', (error: NodeJS.ErrnoException) => {
      reject(error instanceof CommandFailure ? error : new ServerUnreachable(endpoint.href, error.code ?? error.message));
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<Answered> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > answerBytesMax) throw new CommandFailure(`the answer is longer than ${answerBytesMax} bytes: ask for less`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

function errorOf(status: number, text: string, endpoint: URL): CommandFailure {
  try {
    const { __type, message } = JSON.parse(text) as { __type?: unknown; message?: unknown };
    if (typeof __type === 'string')
      return new ServerError(__type.slice(__type.indexOf('#') + 1), status, typeof message === 'string' ? message : `HTTP status ${status}`);
  } catch {
    // No JSON: told below.
  }
  return notOurs(endpoint, `HTTP status ${status}: ${text}`);
}

function notOurs(endpoint: URL, text: string): CommandFailure {
  return new CommandFailure(`what answers at ${endpoint.href} does not seem to be an iam-ledger server: ${JSON.stringify(text.slice(0, 200))}`);
}
