/** moto's server, where the machine has it: an in-memory imitation of AWS for tests, in Python. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ServerProcess } from './server.ts';

const attemptsMax = 300;
const attemptEveryMs = 100;

/** Starts it; `undefined` where it is not installed. */
export async function startMoto(): Promise<Pick<ServerProcess, 'port' | 'cpu' | 'stop'> | undefined> {
  const installed = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'moto_server')));
  if (!installed) return undefined;
  const port = await freePort();
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let attempt = 1; !(await answers(port)); attempt++) {
    if (attempt === attemptsMax || child.exitCode !== null) throw new Error('moto_server does not answer');
    await delay(attemptEveryMs);
  }
  return {
    port,
    cpu: () => ({ main: Number.NaN, all: Number.NaN }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/moto-api/`)).ok;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
