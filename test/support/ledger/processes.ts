import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openSqliteLedger, verifyLog } from '../../../libs/ledger/index.ts';
import type { WriterProcessOptions } from './writer-process.ts';

/** What a writer process acknowledged. */
export interface Acknowledged {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
}

export interface RunningWriter {
  readonly process: ChildProcess;
  readonly acknowledged: Acknowledged[];
  /** All other lines that it printed. */
  readonly said: string[];
  /** Resolves when it has acknowledged so many events, or has ended. */
  until(count: number): Promise<void>;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

const program = join(import.meta.dirname, 'writer-process.ts');

/** Starts a writer process, below `strace` with these arguments if there are any. */
export function startWriter(options: WriterProcessOptions, straceArguments: readonly string[] = []): RunningWriter {
  const command = [process.execPath, '--no-warnings', program, JSON.stringify(options)];
  const [file, ...parameters] = straceArguments.length === 0 ? command : ['strace', ...straceArguments, ...command];
  const child = spawn(file!, parameters, { stdio: ['ignore', 'pipe', 'ignore'] });
  const acknowledged: Acknowledged[] = [];
  const said: string[] = [];
  let waiting: { count: number; resolve: () => void } | undefined;
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => {
    const [word, stream, revision, id] = line.split(' ');
    if (word === 'ack' && id?.length === 36) acknowledged.push({ stream: stream!, revision: Number(revision), id });
    else said.push(line);
    if (waiting !== undefined && acknowledged.length >= waiting.count) waiting.resolve();
  });
  const ended = new Promise<void>((resolve) => {
    lines.once('close', () => {
      waiting?.resolve();
      resolve();
    });
  });
  return {
    process: child,
    acknowledged,
    said,
    ended,
    until: (count) =>
      new Promise((resolve) => {
        waiting = { count, resolve };
        if (acknowledged.length >= count) resolve();
        void ended.then(resolve);
      }),
  };
}

/** How many of the acknowledged events are not where they were said to be; and what `verifyLog` finds. Opens the ledger, as a restart does. */
export async function recover(
  directory: string,
  acknowledged: readonly Acknowledged[],
): Promise<{ lost: number; problems: readonly unknown[]; head: number }> {
  const ledger = await openSqliteLedger({ directory });
  const ids = new Map<string, string>();
  ledger.replay({
    onEvents: (events) => {
      for (const { stream, revision, id } of events) ids.set(`${stream} ${revision}`, id);
    },
  });
  const head = ledger.head();
  await ledger.close();
  const lost = acknowledged.filter(({ stream, revision, id }) => ids.get(`${stream} ${revision}`) !== id).length;
  return { lost, problems: verifyLog(directory).problems, head };
}

/** Directories that vanish after the test. */
export function temporaryDirectories(): { make(): string; removeAll(): void } {
  const made: string[] = [];
  return {
    make() {
      const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-'));
      made.push(directory);
      return directory;
    },
    removeAll() {
      for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Why a command cannot be used here; empty if it can. */
export function missing(command: string, ...parameters: string[]): string {
  const { error, status } = spawnSync(command, parameters, { stdio: 'ignore' });
  if (error !== undefined) return `no ${command} on this machine`;
  return status === 0 ? '' : `${command} does not work on this machine`;
}

/** `strace` needs the right to trace, too. */
export const noStrace = missing('strace', '-f', '-e', 'trace=none', 'true');
