/** A PostgreSQL cluster of its own for one benchmark: on a unix socket in a temporary directory, stopped and removed afterwards. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Postgres {
  readonly version: string;
  readonly socketDirectory: string;
  readonly user: string;
  /** For drivers that take a URL. */
  readonly connectionString: string;
  stop(): void;
}

const programs = ['/usr/lib/postgresql/15/bin', ...(process.env['PATH'] ?? '').split(':')];

/** fsync and synchronous_commit are on by default and stay on; the rest keeps checkpoints from disturbing a run of seconds. */
const settings = "-c listen_addresses='' -c shared_buffers=512MB -c max_wal_size=4GB -c max_connections=100";

/** Starts it, or says why that cannot be done here. PostgreSQL does not run as root, so root runs it as `postgres` or `nobody`. */
export function startPostgres(): Postgres | string {
  const folder = programs.find((each) => existsSync(join(each, 'initdb')));
  if (folder === undefined) return 'PostgreSQL is not installed';
  const isRoot = process.getuid?.() === 0;
  const owner = isRoot ? otherUser() : undefined;
  if (isRoot && owner === undefined) return 'PostgreSQL does not run as root, and there is no other user';
  const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-postgres-'));
  if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const run = (program: string, ...parameters: string[]): string => {
    const done = spawnSync(join(folder, program), parameters, { ...owner, cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return done.status === 0 ? '' : `${program} failed: ${(done.stderr || done.stdout || String(done.error)).trim().split('\n').at(-1) ?? ''}`;
  };
  const stop = (): void => {
    run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
    rmSync(directory, { recursive: true, force: true });
  };
  const problem =
    run('initdb', '-D', data, '-U', 'bench', '--auth=trust', '--encoding=UTF8', '--no-sync') ||
    run('pg_ctl', '-D', data, '-w', '-l', join(directory, 'log'), '-o', `${settings} -k ${directory}`, 'start');
  if (problem !== '') {
    rmSync(directory, { recursive: true, force: true });
    return problem;
  }
  const version = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout.trim();
  return {
    version,
    socketDirectory: directory,
    user: 'bench',
    connectionString: `postgresql://bench@localhost/postgres?host=${encodeURIComponent(directory)}`,
    stop,
  };
}

function otherUser(): { uid: number; gid: number } | undefined {
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((option) => Number(spawnSync('id', [option, name], { encoding: 'utf8' }).stdout.trim() || Number.NaN));
    if (Number.isInteger(uid) && Number.isInteger(gid)) return { uid: uid!, gid: gid! };
  }
  return undefined;
}
