import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Account } from '../../iam/account.ts';
import { dumpLines, restoreAccount } from '../../iam/account-dump.ts';

/** Changes whenever the shape of `Account` or of its events' effect does: older snapshots are then ignored. */
const stateVersion = 3;
/** Snapshots kept: one to start from, one in case it is found wanting. */
const keptMax = 2;
/** Lines written before other work gets its turn. */
const linesPerTurnMax = 500;

/** Account states as they were at a position of the log. */
export interface Snapshot {
  readonly position: number;
  readonly accounts: readonly Account[];
}

interface Header {
  readonly stateVersion: number;
  readonly position: number;
  /** Leaf hash of the event at that position: the snapshot is of this log and no other. */
  readonly leaf: string;
  /** SHA-256 of all that follows this line. */
  readonly sha256: string;
  /** How many lines each account has. */
  readonly lines: readonly number[];
}

/** What a snapshot is checked against. */
export interface CheckedLog {
  head(): number;
  leaf(position: number): Uint8Array | undefined;
}

/**
 * Writes the states of all accounts, which are immutable values, a few lines at a time. A cache: start-up checks it against the log and ignores it
 * when in doubt.
 */
export async function writeSnapshot(directory: string, log: CheckedLog, { position, accounts }: Snapshot): Promise<void> {
  const leaf = log.leaf(position);
  if (leaf === undefined) return; // nothing is in the log yet
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const chunks: string[] = [];
  const digest = createHash('sha256');
  const lines: number[] = [];
  let pending = 0;
  for (const account of accounts) {
    let count = 0;
    for (const line of dumpLines(account)) {
      chunks.push(`${line}\n`);
      digest.update(`${line}\n`);
      count++;
      if (++pending % linesPerTurnMax === 0) await nextTurn();
    }
    lines.push(count);
  }
  const header: Header = { stateVersion, position, leaf: Buffer.from(leaf).toString('hex'), sha256: digest.digest('hex'), lines };
  const name = `accounts-${String(position).padStart(16, '0')}.ndjson`;
  const temporary = join(directory, `.${name}.writing`);
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, `${JSON.stringify(header)}\n`);
    for (let start = 0; start < chunks.length; start += linesPerTurnMax) {
      writeSync(file, chunks.slice(start, start + linesPerTurnMax).join(''));
      await nextTurn();
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, join(directory, name));
  for (const old of snapshotFiles(directory).slice(keptMax)) rmSync(join(directory, old), { force: true });
}

/** The newest snapshot that is whole and of this log; `undefined` where there is none. One that is not is deleted. */
export function readSnapshot(directory: string, log: CheckedLog): Snapshot | undefined {
  for (const name of snapshotFiles(directory)) {
    const snapshot = readIfSound(join(directory, name), log);
    if (snapshot !== undefined) return snapshot;
    rmSync(join(directory, name), { force: true });
  }
  return undefined;
}

/** Throws all snapshots away, after one was found to be wrong. */
export function removeSnapshots(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

function readIfSound(file: string, log: CheckedLog): Snapshot | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    const bodyStart = text.indexOf('\n') + 1;
    const header = JSON.parse(text.slice(0, bodyStart)) as Header;
    const leaf = header.position <= log.head() ? log.leaf(header.position) : undefined;
    if (header.stateVersion !== stateVersion || leaf === undefined || Buffer.from(leaf).toString('hex') !== header.leaf) return undefined;
    const body = text.slice(bodyStart);
    if (createHash('sha256').update(body).digest('hex') !== header.sha256) return undefined;
    const lines = body.split('\n');
    let next = 0;
    const accounts = header.lines.map((count) => restoreAccount(lines.slice(next, (next += count))));
    return { position: header.position, accounts };
  } catch {
    return undefined; // cut, not ours, not readable: the log has it all
  }
}

/** Newest first. */
function snapshotFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^accounts-\d{16}\.ndjson$/.test(name))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}
