import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { randomUUID } from 'node:crypto';
import { presignRequest, signRequest } from '../../libs/aws/index.ts';

export interface TestCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** AWS's error code; `undefined` for a success. */
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** Text of the first XML element of that name, or member of the JSON object. */
  value(name: string): string | undefined;
  /** Texts of all XML elements of that name. */
  values(name: string): string[];
  json(): Record<string, unknown>;
}

export interface RawHttpRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Longest time that a test waits for an answer: long enough that only a server that hangs misses it. */
const answerMsMax = 20_000;

export interface ClientOptions {
  readonly region?: string;
  /** Of the signature; the present by default. */
  readonly now?: () => Date;
  /** Further headers, signed. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const versions: Readonly<Record<string, string>> = { iam: '2010-05-08', sts: '2011-06-15' };
export const formType = 'application/x-www-form-urlencoded; charset=utf-8';

/** Signs and sends requests as one caller. Connections are kept; `close` ends them. */
export class SignedClient {
  readonly url: string;
  readonly credentials: TestCredentials;
  readonly #options: ClientOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(url: string, credentials: TestCredentials, options: ClientOptions = {}) {
    this.url = url;
    this.credentials = credentials;
    this.#options = options;
  }

  /** The same server, another caller. */
  as(credentials: TestCredentials): SignedClient {
    return new SignedClient(this.url, credentials, this.#options);
  }

  with(options: ClientOptions): SignedClient {
    return new SignedClient(this.url, this.credentials, { ...this.#options, ...options });
  }

  iam(action: string, input: Input = {}): Promise<Answer> {
    return this.send(this.signedForm('iam', action, input));
  }

  sts(action: string, input: Input = {}): Promise<Answer> {
    return this.send(this.signedForm('sts', action, input));
  }

  cloudTrail(operation: string, input: Input = {}): Promise<Answer> {
    return this.send(this.signedJson('cloudtrail', operation, input));
  }

  /** An operation of the JSON API: `search-audit`. */
  ledger(operation: string, input: Input = {}): Promise<Answer> {
    return this.send(this.signedJson('iam-ledger', operation, input));
  }

  /** `iam` or fails with what was answered. */
  async mustIam(action: string, input: Input = {}): Promise<Answer> {
    return succeeded(action, await this.iam(action, input));
  }

  signedForm(service: string, action: string, input: Input = {}): RawHttpRequest {
    return this.sign({ body: formBody({ Action: action, Version: versions[service], ...input }), headers: { 'content-type': formType } }, service);
  }

  signedJson(service: string, operation: string, input: Input): RawHttpRequest {
    const body = Buffer.from(JSON.stringify(input));
    if (service === 'iam-ledger') return this.sign({ target: `/v1/${operation}`, body, headers: { 'content-type': 'application/json' } }, service);
    return this.sign(
      { body, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `CloudTrail_20131101.${operation}` } },
      service,
    );
  }

  /** Signs in the header form, with a signed invocation id as the SDKs of AWS have one; `host` and `content-length` are added. */
  sign(request: Partial<RawHttpRequest>, service: string): RawHttpRequest {
    const { method = 'POST', target = '/', headers = {}, body = new Uint8Array() } = request;
    const all = { host: new URL(this.url).host, 'amz-sdk-invocation-id': randomUUID(), ...this.#options.headers, ...headers };
    const { now = () => new Date(), region = 'us-east-1' } = this.#options;
    const signed = signRequest({ method, target, headers: all, body }, { ...this.credentials, region, service, now: now() });
    return { method, target, headers: signed.headers, body };
  }

  /** Signs in the query form. */
  presign(request: Partial<RawHttpRequest>, service: string, expiresSeconds = 60): RawHttpRequest {
    const { method = 'GET', target = '/', headers = {}, body = new Uint8Array() } = request;
    const all = { host: new URL(this.url).host, ...headers };
    const { now = () => new Date(), region = 'us-east-1' } = this.#options;
    const signed = presignRequest({ method, target, headers: all, body }, { ...this.credentials, region, service, now: now(), expiresSeconds });
    return { method, target: signed.target, headers: all, body };
  }

  send(request: RawHttpRequest): Promise<Answer> {
    return send(this.url, request, this.#agent);
  }

  close(): void {
    this.#agent.destroy();
  }
}

export type Input = Readonly<Record<string, unknown>>;

/** `{UserName: 'bob', Tags: [{Key: 'a'}]}` → `UserName=bob&Tags.member.1.Key=a`, as the Query protocol writes it. */
export function formBody(input: Input): Buffer {
  const parts: string[] = [];
  const write = (name: string, value: unknown): void => {
    if (value === undefined) return;
    if (Array.isArray(value)) value.forEach((item, index) => write(`${name}.member.${index + 1}`, item));
    else if (value instanceof Date) parts.push(`${name}=${encodeURIComponent(value.toISOString())}`);
    else if (typeof value === 'object' && value !== null) for (const [member, inner] of Object.entries(value)) write(`${name}.${member}`, inner);
    else parts.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  };
  for (const [name, value] of Object.entries(input)) write(name, value);
  return Buffer.from(parts.join('&'));
}

/** Sends a request as it is. Rejects where the connection breaks, or no answer comes. */
export function send(url: string, { method, target, headers, body }: RawHttpRequest, agent?: Agent): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      hostname,
      port,
      method,
      path: target,
      headers: { ...headers, 'content-length': String(body.length) },
      timeout: answerMsMax,
      ...(agent === undefined ? {} : { agent }),
    });
    request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${target.slice(0, 100)} within ${answerMsMax} ms`)));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString('utf8'))));
    });
    request.end(body);
  });
}

/** Writes bytes to a new connection and answers all that comes back until the server ends it, or an answer is complete and nothing follows for a moment. */
export function sendBytes(url: string, ...pieces: readonly (string | Uint8Array)[]): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    const text = (): string => Buffer.concat(chunks).toString('utf8');
    const finish = (): void => {
      socket.destroy();
      resolve(parseAnswer(text()));
    };
    socket.setTimeout(answerMsMax, () => reject(new Error('the connection stays open without an answer')));
    socket.on('data', (chunk: Uint8Array | string) => {
      chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk));
      if (isComplete(text())) finish();
    });
    socket.on('error', (error) => (chunks.length > 0 ? finish() : reject(error)));
    socket.on('close', finish);
    for (const piece of pieces) socket.write(piece);
  });
}

function isComplete(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, end))?.[1];
  if (end >= 0 && text.endsWith('\r\n0\r\n\r\n')) return true; // the last chunk
  return end >= 0 && length !== undefined && Buffer.byteLength(text.slice(end + 4)) >= Number(length);
}

function parseAnswer(text: string): Answer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end < 0 ? undefined : end).split('\r\n');
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return answerOf(Number(statusLine.split(' ')[1] ?? 0), headers, end < 0 ? '' : text.slice(end + 4));
}

function answerOf(status: number, headers: Answer['headers'], body: string): Answer {
  const isJson = body.startsWith('{');
  const json = (): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;
  const values = (name: string): string[] =>
    [...body.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => unescapeXml(match[1] ?? ''));
  const value = (name: string): string | undefined => (isJson ? (json()[name] as string | undefined) : values(name)[0]);
  const type = isJson && status >= 400 ? value('__type') : undefined;
  return {
    status,
    headers,
    body,
    code: isJson ? type?.slice(type.indexOf('#') + 1) : values('Code')[0],
    message: isJson ? (value('message') ?? value('Message')) : values('Message')[0],
    value,
    values,
    json,
  };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
function unescapeXml(text: string): string {
  return text.replaceAll(/&(#x?[0-9a-f]+|\w+);/gi, (_whole, name: string) =>
    name.startsWith('#') ? String.fromCodePoint(Number(name.startsWith('#x') ? `0x${name.slice(2)}` : name.slice(1))) : (entities[name] ?? ''),
  );
}

/** The answer, or an error that says what was refused. */
export function succeeded(what: string, answer: Answer): Answer {
  if (answer.status !== 200) throw new Error(`${what} was answered ${answer.status} ${answer.code}: ${answer.message}`);
  return answer;
}

/** The credentials in an answer of CreateAccessKey or AssumeRole. */
export function credentialsIn(answer: Answer): TestCredentials {
  const sessionToken = answer.value('SessionToken');
  return {
    accessKeyId: answer.value('AccessKeyId')!,
    secretAccessKey: answer.value('SecretAccessKey')!,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }; // a success has both
}
