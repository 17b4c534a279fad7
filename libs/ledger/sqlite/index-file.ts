import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { files } from './files.ts';
import type { IndexedHeads } from './heads.ts';
import { pragma } from './log-file.ts';
import type { Places } from './pages.ts';

/** Changes with the tables below; a file of another version is made again. */
const indexVersion = 1;

const schema = `
  CREATE TABLE places (stream INTEGER, revision INTEGER, position INTEGER NOT NULL, PRIMARY KEY (stream, revision)) STRICT, WITHOUT ROWID;
  CREATE TABLE heads (stream INTEGER PRIMARY KEY, revision INTEGER NOT NULL) STRICT;
  CREATE TABLE tiles (level INTEGER, n INTEGER, hashes BLOB NOT NULL, PRIMARY KEY (level, n)) STRICT, WITHOUT ROWID;
  CREATE TABLE progress (position INTEGER NOT NULL, leaf BLOB NOT NULL) STRICT;
  INSERT INTO progress VALUES (0, x'');
  PRAGMA user_version = ${indexVersion};
`;

/** How far the index goes: a position of the log and the leaf hash that stood there. */
export interface Progress {
  readonly position: number;
  readonly leaf: Uint8Array;
}

export function readProgress(index: DatabaseSync): Progress {
  return index.prepare('SELECT position, leaf FROM progress').get() as unknown as Progress;
}

/**
 * Opens the index of this log, or makes an empty one where there is none, where it is broken, or where it was made of another log: it is derived and
 * nothing is lost. It is not synced on every commit; its position and its rows are in one transaction, so it is right after a power cut, if behind.
 */
export function openIndex(directory: string, log: DatabaseSync): DatabaseSync {
  const path = files.index(directory);
  try {
    if (existsSync(path)) {
      const index = new DatabaseSync(path, { timeout: 10_000 });
      if (belongsTo(index, log)) return configured(index);
      index.close();
    }
  } catch {
    // A broken index is no reason to stop: it is made again.
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const index = configured(new DatabaseSync(path, { timeout: 10_000 }));
  index.exec(`BEGIN; ${schema} COMMIT`);
  return index;
}

function configured(index: DatabaseSync): DatabaseSync {
  pragma(index, 'journal_mode = WAL');
  index.exec('PRAGMA synchronous = NORMAL');
  return index;
}

function belongsTo(index: DatabaseSync, log: DatabaseSync): boolean {
  if (pragma(index, 'user_version') !== indexVersion) return false;
  const { position, leaf } = readProgress(index);
  if (position === 0) return true;
  const own = log.prepare('SELECT leaf FROM events WHERE position = ?').get(position) as { leaf: Uint8Array } | undefined;
  return own !== undefined && Buffer.compare(own.leaf, leaf) === 0;
}

/** The heads of the streams, as far as the index goes. */
export function indexedHeads(index: DatabaseSync): IndexedHeads {
  const heads = index.prepare('SELECT stream, revision FROM heads').all() as unknown as { stream: number; revision: number }[];
  return { position: readProgress(index).position, heads };
}

export function indexedPlaces(index: DatabaseSync): Places {
  const progress = index.prepare('SELECT position FROM progress');
  const list = index.prepare('SELECT position FROM places WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?');
  const place = index.prepare('SELECT position FROM places WHERE stream = ? AND revision = ?');
  const head = index.prepare('SELECT revision FROM heads WHERE stream = ?');
  return {
    position: () => (progress.get() as { position: number }).position,
    of: (stream, revision, count) => (list.all(stream, revision, count) as unknown as { position: number }[]).map(({ position }) => position),
    firstRevisionAfter(stream, after) {
      // Positions grow with revisions: halve until the first one behind `after` is left.
      let [low, high] = [0, ((head.get(stream) as { revision: number } | undefined)?.revision ?? -1) + 1];
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        if ((place.get(stream, middle) as { position: number }).position > after) high = middle;
        else low = middle + 1;
      }
      return low;
    },
  };
}
