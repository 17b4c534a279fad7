import type { DatabaseSync } from 'node:sqlite';
import type { Tiles } from '../merkle/tiles.ts';
import { openTiles } from '../merkle/tiles.ts';
import { readProgress } from './index-file.ts';

/** Events of one transaction of the index. Large enough to make its pages pay, small enough to bound memory. */
const indexEventsMax = 20_000;

type Row = readonly [position: number, stream: number, revision: number, leaf: Uint8Array];

export interface Indexer {
  /** Takes in the log's events up to `until`. */
  advance(until: number): void;
  /** The tree over all events taken in. */
  tree(): Tiles;
}

/** Follows the log: where each stream's events stand, and the Merkle tree over all. Off the path of an append; all of it can be made again. */
export function openIndexer(log: DatabaseSync, index: DatabaseSync): Indexer {
  const events = log.prepare('SELECT position, stream, revision, leaf FROM events WHERE position > ? AND position <= ? ORDER BY position');
  events.setReturnArrays(true);
  const insertPlace = index.prepare('INSERT INTO places (stream, revision, position) VALUES (?, ?, ?)');
  const upsertHead = index.prepare(
    'INSERT INTO heads (stream, revision) VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET revision = excluded.revision',
  );
  const upsertTile = index.prepare(
    'INSERT INTO tiles (level, n, hashes) VALUES (?, ?, ?) ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes',
  );
  const setProgress = index.prepare('UPDATE progress SET position = ?, leaf = ?');
  const selectTile = index.prepare('SELECT hashes FROM tiles WHERE level = ? AND n = ?');

  const readTile = (level: number, n: number): Uint8Array | undefined => (selectTile.get(level, n) as { hashes: Uint8Array } | undefined)?.hashes;
  let position = readProgress(index).position;
  let tree = openTiles(readTile, position);

  function takeIn(rows: readonly Row[]): void {
    const heads = new Map<number, number>();
    for (const [at, stream, revision, leaf] of rows) {
      if (at !== position + 1) throw new Error(`position ${position + 1} is missing in the log`);
      position = at;
      insertPlace.run(stream, revision, at);
      heads.set(stream, revision);
      tree.append(leaf);
    }
    for (const [stream, revision] of heads) upsertHead.run(stream, revision);
    for (const { level, n, hashes } of tree.takeChanged()) upsertTile.run(level, n, hashes);
    setProgress.run(position, rows.at(-1)![3]);
  }

  function advance(until: number): void {
    while (position < until) {
      const rows = events.all(position, Math.min(until, position + indexEventsMax)) as unknown as Row[];
      if (rows.length === 0) throw new Error(`position ${position + 1} is missing in the log`);
      index.exec('BEGIN IMMEDIATE');
      try {
        takeIn(rows);
        index.exec('COMMIT');
      } catch (error) {
        if (index.isTransaction) index.exec('ROLLBACK');
        position = readProgress(index).position;
        tree = openTiles(readTile, position);
        throw error;
      }
    }
  }

  return { advance, tree: () => tree };
}
