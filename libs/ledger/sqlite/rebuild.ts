import { existsSync, readFileSync, rmSync } from 'node:fs';
import { LedgerDamaged } from '../ledger.ts';
import { noteVerifier } from '../merkle/note.ts';
import { files } from './files.ts';
import { openIndex } from './index-file.ts';
import { openIndexer } from './indexer.ts';
import { lockDirectory } from './lock.ts';
import { openLogForReading } from './log-file.ts';
import { publishedTiles } from './published-tiles.ts';
import { readCheckpoints } from './signed-checkpoints.ts';

/** Events between two calls of `onProgress`. */
const stepEvents = 20_000;

export interface RebuildOptions {
  /** Called from time to time with the position reached and the last one. */
  readonly onProgress?: (position: number, head: number) => void;
}

/**
 * Deletes what is derived in a ledger's directory, the index and the tiles, and makes it again from the log. The log, the keys and the signed
 * checkpoints are not touched. Blocks the thread. Broken off, it may be run again, or the ledger opened: both go on from what is there.
 *
 * @returns position of the last event
 * @throws LedgerLocked a ledger has the directory open; then nothing is deleted
 * @throws LedgerDamaged there is no log that could be read; then nothing is deleted
 */
export function rebuildDerivedFiles(directory: string, { onProgress }: RebuildOptions = {}): number {
  if (!existsSync(files.log(directory))) throw new LedgerDamaged(`there is no log in ${directory}`);
  const unlock = lockDirectory(directory);
  try {
    const log = openLogForReading(directory);
    try {
      for (const suffix of ['', '-wal', '-shm']) rmSync(files.index(directory) + suffix, { force: true });
      rmSync(files.tiles(directory), { recursive: true, force: true });
      const index = openIndex(directory, log);
      try {
        const { head } = log.prepare('SELECT coalesce(max(position), 0) AS head FROM events').get() as { head: number };
        const indexer = openIndexer(log, index);
        for (let position = 0; position < head;) {
          position = Math.min(head, position + stepEvents);
          indexer.advance(position);
          onProgress?.(position, head);
        }
        const tile = index.prepare('SELECT hashes FROM tiles WHERE level = ? AND n = ?');
        const tiles = publishedTiles(files.tiles(directory), (level, n) => (tile.get(level, n) as { hashes: Uint8Array } | undefined)?.hashes, 0);
        tiles.publish(Math.min(head, lastSignedSize(directory)));
        return head;
      } finally {
        index.close();
      }
    } finally {
      log.close();
    }
  } finally {
    unlock();
  }
}

function lastSignedSize(directory: string): number {
  const verifier = noteVerifier(readFileSync(files.publicKey(directory), 'utf8').trim());
  return Math.max(0, ...readCheckpoints(directory, verifier).signed.map(({ size }) => size));
}
