import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What lies where below `data.directory`. */
export interface DataDirectory {
  /** The log: the only part that cannot be made again. */
  readonly ledger: string;
  /** The read model of all calls; derived. */
  readonly history: string;
  /** The read model of who used what; derived. */
  readonly accessHistory: string;
  /** Account states, so that a start need not replay the whole log; derived. */
  readonly snapshots: string;
}

export function dataDirectoryAt(directory: string): DataDirectory {
  return {
    ledger: join(directory, 'ledger'),
    history: join(directory, 'history'),
    accessHistory: join(directory, 'access-history'),
    snapshots: join(directory, 'snapshots'),
  };
}

/** Whether a server was ever started, or initialized, on this directory. */
export function isInitialized(directory: string): boolean {
  return existsSync(join(dataDirectoryAt(directory).ledger, 'log.db'));
}
