import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Terminal } from '../terminal.ts';

/** What `credential_process` prints (AWS CLI User Guide, "Sourcing credentials with an external process"). */
export interface ProcessCredentials {
  readonly Version: 1;
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  /** RFC 3339. */
  readonly Expiration: string;
}

/** Credentials with less time left are not given out again: a call that begins with them should end with them. */
const remainingSecondsMin = 300;

/**
 * Keeps temporary credentials between two runs, so that not every command opens a browser: one file for each sign-in, which nobody but its owner may read,
 * below `$XDG_CACHE_HOME` or `~/.cache`. They die by themselves.
 */
export class CredentialCache {
  readonly #file: string;

  /** @param identity what tells one sign-in from another: server, issuer, client, role … */
  constructor(identity: readonly (string | undefined)[], env: Terminal['env']) {
    const folder = join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'iam-ledger');
    this.#file = join(folder, `${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32)}.json`);
  }

  /** What is kept, if it lasts for a while; `undefined` otherwise, and where others could have read or written it. */
  read(now: Date): ProcessCredentials | undefined {
    try {
      if ((statSync(this.#file).mode & 0o077) !== 0) return undefined;
      const kept = JSON.parse(readFileSync(this.#file, 'utf8')) as ProcessCredentials;
      return Date.parse(kept.Expiration) - now.getTime() > remainingSecondsMin * 1000 ? kept : undefined;
    } catch {
      return undefined; // nothing is kept, or nothing that can be read: sign in again
    }
  }

  write(credentials: ProcessCredentials): void {
    mkdirSync(join(this.#file, '..'), { recursive: true, mode: 0o700 });
    const temporary = `${this.#file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(credentials), { mode: 0o600 });
    renameSync(temporary, this.#file);
  }
}
