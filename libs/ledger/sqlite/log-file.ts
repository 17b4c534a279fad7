import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { LedgerDamaged } from '../ledger.ts';
import { files } from './files.ts';

/** In the header of log.db: this is a ledger and nothing else. */
const applicationId = 0x69616d6c; // "iaml"
/** Version of the tables below. A newer one is refused: what we do not understand we do not write to. */
const formatVersion = 1;

/**
 * In one transaction: a crash leaves an empty file or a ledger, nothing in between.
 *
 * INVARIANT: `events` has no secondary index (one in the commit costs half of the appends), and its positions have no gap. `leaf` is the RFC 6962
 * leaf hash of `bytes`, written in the same row.
 */
const schema = `
  BEGIN;
  CREATE TABLE streams (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${formatVersion};
  COMMIT;
`;

/** How much of a commit has reached the disk when it returns. Anything but `FULL` loses acknowledged events in a power cut; tests show that. */
export type Synchronous = 'FULL' | 'NORMAL' | 'OFF';

const synchronousLevels = { OFF: 0, NORMAL: 1, FULL: 2 } as const;

/** Bytes of a page. SQLite's write-ahead log takes whole pages: at 16 KiB a batch of events needs a quarter of the writes that it needs at 4 KiB. */
const pageBytes = 16_384;

/** Pages in the write-ahead log after which the writer moves them into the database: 16 MiB. */
const checkpointPages = 1000;

/** One value of the first row. */
export function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/**
 * Makes the log where there is none and opens it for the one writer.
 *
 * @throws LedgerDamaged it is not a ledger, or one of a newer version, or the file system does not do what durability needs
 */
export function openLogForWriting(directory: string, synchronous: Synchronous): DatabaseSync {
  const db = new DatabaseSync(files.log(directory), { timeout: 0 });
  try {
    const isNew = isEmpty(db);
    if (isNew) db.exec(`PRAGMA page_size = ${pageBytes}`);
    else refuseStrangers(db);
    const mode = pragma(db, 'journal_mode = WAL');
    if (mode !== 'wal')
      throw new LedgerDamaged(`the file system of ${directory} does not take SQLite's write-ahead log (journal_mode is ${String(mode)})`);
    db.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    if (pragma(db, 'synchronous') !== synchronousLevels[synchronous]) {
      throw new LedgerDamaged(`SQLite did not take synchronous = ${synchronous}: events would not be durable`);
    }
    if (isNew) {
      db.exec(schema);
      syncDirectory(directory);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isEmpty(db: DatabaseSync): boolean {
  return pragma(db, 'application_id') === 0 && (db.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number }).n === 0;
}

function refuseStrangers(db: DatabaseSync): void {
  if (pragma(db, 'application_id') !== applicationId) throw new LedgerDamaged('log.db is not a ledger');
  const version = pragma(db, 'user_version');
  if (version !== formatVersion)
    throw new LedgerDamaged(`log.db has format version ${String(version)}; this program knows version ${formatVersion} only`);
}

/** Opens the log for reading, beside a writer or without one, on a read-only disk too. */
export function openLogForReading(directory: string): DatabaseSync {
  const path = files.log(directory);
  if (!existsSync(path)) throw new LedgerDamaged(`there is no ledger in ${directory} (no log.db)`);
  const db = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    refuseStrangers(db);
    return db;
  } catch (error) {
    db.close();
    if (existsSync(`${path}-wal`)) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    const immutable = new DatabaseSync(url, { readOnly: true });
    refuseStrangers(immutable);
    return immutable;
  }
}

/** Makes renames and new files in `directory` durable. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
