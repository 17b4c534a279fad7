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
 * INVARIANT: `events` has no secondary index (one in the commit costs half of the appends), and its positions have no gap. `leaf` is the RFC 6962
 * leaf hash of `bytes`, written in the same row.
 */
const schema = `
  CREATE TABLE IF NOT EXISTS streams (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${formatVersion};
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
  const isNew = !existsSync(files.log(directory));
  const db = new DatabaseSync(files.log(directory), { timeout: 0 });
  try {
    if (!isNew) refuseStrangers(db);
    else db.exec(`PRAGMA page_size = ${pageBytes}`);
    const mode = pragma(db, 'journal_mode = WAL');
    if (mode !== 'wal') throw new LedgerDamaged(`the file system of ${directory} does not take SQLite's write-ahead log (journal_mode is ${String(mode)})`);
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

function refuseStrangers(db: DatabaseSync): void {
  const version = pragma(db, 'user_version');
  const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('streams', 'events')").get() as { n: number };
  // A crash while the file was being made leaves it empty.
  if (version === 0 && tables.n === 0 && pragma(db, 'application_id') === 0) {
    db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; ${schema}`);
    return;
  }
  if (pragma(db, 'application_id') !== applicationId || tables.n !== 2) throw new LedgerDamaged('log.db is not a ledger');
  if (version !== formatVersion) throw new LedgerDamaged(`log.db has format version ${String(version)}; this program knows version ${formatVersion} only`);
}

/** Opens the log for reading, beside a writer or without one, on a read-only disk too. */
export function openLogForReading(directory: string): DatabaseSync {
  const path = files.log(directory);
  if (!existsSync(path)) throw new LedgerDamaged(`there is no ledger in ${directory} (no log.db)`);
  const db = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    refuseUnreadable(db);
    return db;
  } catch (error) {
    db.close();
    if (existsSync(`${path}-wal`)) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    const immutable = new DatabaseSync(url, { readOnly: true });
    refuseUnreadable(immutable);
    return immutable;
  }
}

function refuseUnreadable(db: DatabaseSync): void {
  if (pragma(db, 'application_id') !== applicationId) throw new LedgerDamaged('log.db is not a ledger');
  if (pragma(db, 'user_version') !== formatVersion) throw new LedgerDamaged(`log.db has a format that this program does not know`);
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
