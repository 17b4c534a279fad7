import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testEnvironment } from './server.ts';
import type { TestCredentials } from './signed-client.ts';

const project = join(import.meta.dirname, '..', '..');
/** Inside of node_modules, so that what was built finds its packages and nobody mistakes it for the product; checkouts that share packages have one each. */
const output = join(project, 'node_modules', '.cache', `iam-ledger-tests-${hash('sha256', project, 'hex').slice(0, 12)}`);
const stamp = join(output, '.built');
const lock = `${output}.lock`;
const buildMsMax = 120_000;
/** For tests that start processes, the first of which waits for the build. */
export const processTestMsMax = 120_000;

/** Builds the server once for all test files, where a source is newer than what was built. Types are checked elsewhere: here counts what comes out. */
async function build(): Promise<string> {
  const program = join(output, 'src', 'main.js');
  mkdirSync(join(project, 'node_modules', '.cache'), { recursive: true });
  while (!isBuilt()) {
    if (!takeLock()) {
      await sleep(100);
      continue;
    }
    try {
      const startedAt = new Date();
      const compiler = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
      const { stdout } = spawnSync(
        process.execPath,
        [compiler, '-p', join(project, 'tsconfig.build.json'), '--outDir', output, '--tsBuildInfoFile', join(output, '.tsbuildinfo')],
        { encoding: 'utf8' },
      );
      if (!existsSync(program)) throw new Error(`the server could not be built:\n${stdout}`);
      writeFileSync(stamp, '');
      utimesSync(stamp, startedAt, startedAt);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return program;
}

function takeLock(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > buildMsMax) rmSync(lock, { recursive: true, force: true }); // of a test run that was killed
    return false;
  }
}

function isBuilt(): boolean {
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return ['src', 'libs'].every((folder) =>
    readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' }).every(
      (name) => !name.endsWith('.ts') || name.endsWith('.spec.ts') || statSync(join(project, folder, name)).mtimeMs <= built,
    ),
  );
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Of the very first start on its directory. */
  readonly root: TestCredentials | undefined;
  /** All it printed, on standard output and standard error. */
  printed(): string;
  kill(signal: NodeJS.Signals): Promise<Ended>;
  readonly ended: Promise<Ended>;
}

export interface ProcessOptions {
  readonly directory: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Runs the server below this command, such as `strace …`. */
  readonly below?: readonly string[];
  /** A program of the tests that starts the server that was built into the directory it is given, in place of the server's own. */
  readonly program?: string;
}

/** Starts a server and waits until it listens. @throws RefusedStart where it ends instead */
export async function startServerProcess({ directory, settings = {}, below = [], program: own }: ProcessOptions): Promise<ServerProcess> {
  const built = await build();
  const program = own === undefined ? [built] : [own, output];
  const [command, ...parameters] = [...below, process.execPath, '--enable-source-maps', ...program];
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('IAM_LEDGER_') && name !== 'NODE_OPTIONS'));
  const child = spawn(command!, parameters, {
    cwd: directory,
    env: { ...inherited, ...testEnvironment(directory, settings) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: below.length > 0,
  });
  let printed = '';
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  const url = await new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      printed += chunk.toString();
      const found = /listens on (\S+)\n/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout!.on('data', take);
    child.stderr!.on('data', take);
    child.once('error', reject);
    void ended.then(({ code, signal }) => reject(new RefusedStart(code, signal, printed)));
  });
  const [accessKeyId, secretAccessKey] = [/access key {2}(\S+)/.exec(printed)?.[1], /secret {6}(\S+)/.exec(printed)?.[1]];
  return {
    url,
    process: child,
    root: accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey },
    printed: () => printed,
    ended,
    kill(signal) {
      if (below.length > 0) killTracee(child, signal);
      else child.kill(signal);
      return ended;
    },
  };
}

/** Below strace a signal goes to the server itself, not to its tracer. */
function killTracee(tracer: ChildProcess, signal: NodeJS.Signals): void {
  const { stdout } = spawnSync('pgrep', ['-P', String(tracer.pid)], { encoding: 'utf8' });
  for (const pid of stdout.split('\n').filter(Boolean)) process.kill(Number(pid), signal);
}

/** A server that ended before it listened. */
export class RefusedStart extends Error {
  readonly code: number | null;
  readonly printed: string;
  constructor(code: number | null, signal: NodeJS.Signals | null, printed: string) {
    super(`the server ended with ${code ?? signal} before it listened: ${printed}`);
    this.name = 'RefusedStart';
    this.code = code;
    this.printed = printed;
  }
}

/** The refusal of a start. @throws Error where the server starts after all */
export async function refusedStart(options: ProcessOptions): Promise<RefusedStart> {
  const started = await startServerProcess(options).catch((error: unknown) => error);
  if (started instanceof RefusedStart) return started;
  if (started instanceof Error) throw started;
  await (started as ServerProcess).kill('SIGKILL');
  throw new Error('the server started');
}
