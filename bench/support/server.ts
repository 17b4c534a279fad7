/** Servers as processes of their own, and what they cost. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { signRequest } from '../../libs/aws/index.ts';
import { builtFile } from './build.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface ServerProcess {
  readonly port: number;
  /** All that it has said on standard output up to the line that names its address. */
  readonly greeting: string;
  /** Milliseconds from its start to that line. */
  readonly startedInMs: number;
  cpu(): Cpu;
  /** Resident memory in bytes; `undefined` where /proc does not tell. */
  residentBytes(): number | undefined;
  stop(): Promise<void>;
}

/** CPU time so far in microseconds: of the thread that serves, and of all threads. */
export interface Cpu {
  readonly main: number;
  readonly all: number;
}

const ticksPerSecond = 100; // USER_HZ of Linux, for /proc

/** Starts a program that says `listens on http://…:PORT` when it does. */
export async function startProgram(
  file: string,
  env: Readonly<Record<string, string>> = {},
  options: readonly string[] = [],
): Promise<ServerProcess> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--no-warnings', ...options, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...foreignEnvironment(), ...env },
  });
  let greeting = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      greeting += text;
      const found = /listens on https?:\/\/[^\s]*:(\d+)\n/.exec(greeting);
      if (found !== null) setImmediate(resolve, Number(found[1]));
    });
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code} before it listened`)));
  });
  const startedInMs = performance.now() - started;
  return {
    port,
    get greeting() {
      return greeting;
    },
    startedInMs,
    cpu: () => cpuOf(child),
    residentBytes: () => residentBytes(child),
    stop: () => stop(child),
  };
}

/** Starts the compiled server on a data directory. */
export const startServer = (directory: string, env: Readonly<Record<string, string>> = {}, options: readonly string[] = []): Promise<ServerProcess> =>
  startProgram(builtFile('src/main.ts'), { IAM_LEDGER_DATA_DIRECTORY: directory, IAM_LEDGER_SERVER_PORT: '0', ...env }, options);

/** The environment without settings of the server: a benchmark runs on the defaults. */
const foreignEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('IAM_LEDGER_')));

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function cpuOf({ pid }: ChildProcess): Cpu {
  const read = (file: string): number => {
    if (!existsSync(file)) return Number.NaN;
    const fields = readFileSync(file, 'utf8').split(') ')[1]!.split(' '); // the format of /proc/PID/stat
    return ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerSecond;
  };
  return { main: read(`/proc/${pid}/task/${pid}/stat`), all: read(`/proc/${pid}/stat`) };
}

function residentBytes({ pid }: ChildProcess): number | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(file, 'utf8'))?.[1]) * 1024;
}

/** One request of a JSON API, bytes and all; signed for `iam-ledger` where there are credentials. */
export function jsonRequest(port: number, target: string, body: string, credentials: Credentials | undefined): Buffer {
  const bytes = Buffer.from(body);
  const headers = { host: `127.0.0.1:${port}`, 'content-type': 'application/json' };
  const signed =
    credentials === undefined
      ? headers
      : signRequest({ method: 'POST', target, headers, body: bytes }, { ...credentials, region: 'us-east-1', service: 'iam-ledger', now: new Date() })
          .headers;
  const lines = Object.entries(signed).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${target} HTTP/1.1\r\n${lines.join('')}content-length: ${bytes.length}\r\n\r\n`), bytes]);
}

/** One signed request of the Query protocol, bytes and all. */
export function signedRequest(
  port: number,
  body: string,
  { accessKeyId, secretAccessKey }: Credentials,
  extra: Readonly<Record<string, string>> = {},
): Buffer {
  const bytes = Buffer.from(body);
  const { headers } = signRequest(
    {
      method: 'POST',
      target: '/',
      headers: { host: `127.0.0.1:${port}`, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', 'user-agent': 'bench', ...extra },
      body: bytes,
    },
    { accessKeyId, secretAccessKey, region: 'us-east-1', service: 'iam', now: new Date() },
  );
  const head = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${head}content-length: ${bytes.length}\r\n\r\n`), bytes]);
}

/** Calls an operation of IAM and gives the XML of its answer. @throws Error with that XML where it is refused */
export function callIam(
  port: number,
  credentials: Credentials,
  parameters: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>> = {},
): Promise<string> {
  const body = new URLSearchParams({ Version: '2010-05-08', ...parameters }).toString();
  const { headers } = signRequest(
    {
      method: 'POST',
      target: '/',
      headers: { host: `127.0.0.1:${port}`, 'content-type': 'application/x-www-form-urlencoded', ...extra },
      body: Buffer.from(body),
    },
    { ...credentials, region: 'us-east-1', service: 'iam', now: new Date() },
  );
  return new Promise((resolve, reject) => {
    const call = request(
      { host: '127.0.0.1', port, method: 'POST', path: '/', headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        let xml = '';
        response.setEncoding('utf8').on('data', (text: string) => (xml += text));
        response.on('end', () =>
          response.statusCode === 200 ? resolve(xml) : reject(new Error(`${parameters['Action']}: ${response.statusCode} ${xml}`)),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
