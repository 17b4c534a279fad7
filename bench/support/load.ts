/** The load generator: a process of its own that sends requests made beforehand over connections that stay open, and measures. */
import { fork } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { percentile } from './report.ts';
import { jsonRequest, signedRequest, type Credentials } from './server.ts';

interface Volume {
  readonly port: number;
  readonly requests: number;
  readonly connections: number;
}

/** Calls of the Query protocol. */
export interface Load extends Volume {
  /** Body of a request; `{n}` in it becomes the number of the request. */
  readonly body: string;
  readonly credentials: Credentials;
}

/** Calls of a JSON API. */
export interface JsonLoad extends Volume {
  readonly target: string;
  /** Taken by turns. */
  readonly bodies: readonly string[];
  /** Undefined: not signed. */
  readonly credentials: Credentials | undefined;
}

export interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that were not 200. */
  readonly failed: number;
  /** The first of them. */
  readonly failure: string | undefined;
}

/** Runs a load in a process of its own. */
export function generate(load: Load | JsonLoad): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(import.meta.url), ['generate'], { execArgv: ['--no-warnings'] });
    child.once('message', (measured) => resolve(measured as Measured));
    child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)));
    child.send(load);
  });
}

function made(load: Load | JsonLoad, index: number): Buffer {
  if ('body' in load) return signedRequest(load.port, load.body.replaceAll('{n}', String(index)), load.credentials);
  return jsonRequest(load.port, load.target, load.bodies[index % load.bodies.length]!, load.credentials); // there is at least one
}

async function run(load: Load | JsonLoad): Promise<Measured> {
  const { port, requests, connections } = load;
  const messages = Array.from({ length: requests }, (_, index) => made(load, index));
  const latencies = new Float64Array(requests);
  let next = 0;
  let answered = 0;
  let failed = 0;
  let failure: string | undefined;
  const answer = (text: string): void => {
    if (text.startsWith('HTTP/1.1 200')) return;
    failed++;
    failure ??= text.slice(0, 1000);
  };
  const started = performance.now();
  const converse = () =>
    new Promise<void>((resolve, reject) => {
      let socket: Socket;
      let sentAt = 0;
      let received = '';
      const send = (): void => {
        if (next >= requests) {
          socket.destroy();
          resolve();
          return;
        }
        sentAt = performance.now();
        socket.write(messages[next++]!); // it is below `requests`
      };
      const take = (): void => {
        latencies[answered++] = performance.now() - sentAt;
        answer(received);
        received = '';
      };
      const open = (): void => {
        socket = connect({ port, host: '127.0.0.1', noDelay: true }, send);
        socket.on('error', reject);
        socket.on('data', (chunk: Buffer) => {
          received += chunk.toString('latin1');
          if (!isWhole(received)) return;
          const closes = /\r\nconnection: close\r\n/i.test(received);
          take();
          if (!closes) send();
        });
        socket.on('end', () => {
          if (received !== '') take();
          if (next >= requests) resolve();
          else open(); // this server keeps no connection open
        });
      };
      open();
    });
  await Promise.all(Array.from({ length: connections }, converse));
  const seconds = (performance.now() - started) / 1000;
  const all = [...latencies.subarray(0, answered)];
  return { perSecond: answered / seconds, p50: percentile(all, 0.5), p99: percentile(all, 0.99), failed, failure };
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  return length !== undefined && text.length >= end + 4 + Number(length);
}

if (process.argv[2] === 'generate') {
  process.once('message', (load) => {
    void run(load as Load | JsonLoad).then((measured) => process.send!(measured, () => process.exit(0))); // it was forked: there is a parent
  });
}
