import { DatabaseSync } from 'node:sqlite';
import { LedgerLocked } from '../ledger.ts';
import { files } from './files.ts';

/**
 * Takes the directory for this process. The lock is a transaction on an empty database, so the system releases it when the process dies,
 * however it dies, and a reader of the log (`verifyLog`) is not in its way.
 *
 * @returns releases the lock
 * @throws LedgerLocked another process, or another ledger of this one, has it
 */
export function lockDirectory(directory: string): () => void {
  const lock = new DatabaseSync(files.lock(directory), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (resultCode(error) !== sqliteBusy) throw error;
    throw new LedgerLocked(`the ledger in ${directory} is in use by another process: stop that one first (only verification may run beside it)`);
  }
  return () => lock.close();
}

const sqliteBusy = 5;

/** SQLite's primary result code of an error that node:sqlite threw; 0 for any other error. */
export function resultCode(error: unknown): number {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' ? code & 0xff : 0;
}
