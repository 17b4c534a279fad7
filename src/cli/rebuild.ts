import { readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerFiles, noteVerifier, openSqliteLedger, type SqliteLedger } from '../../libs/ledger/index.ts';
import { openIndex } from '../../libs/ledger/sqlite/index-file.ts';
import { openIndexer } from '../../libs/ledger/sqlite/indexer.ts';
import { lockDirectory } from '../../libs/ledger/sqlite/lock.ts';
import { openLogForReading } from '../../libs/ledger/sqlite/log-file.ts';
import { publishedTiles } from '../../libs/ledger/sqlite/published-tiles.ts';
import { readCheckpoints } from '../../libs/ledger/sqlite/signed-checkpoints.ts';
import { dataDirectoryAt } from '../config/data-directory.ts';
import { openHistory } from '../projections/history/history.ts';
import type { Progress } from './progress.ts';

export interface RebuildOptions {
  readonly segmentCallsMax: number;
  readonly progress: (label: string) => Progress;
}

/** Events between two drawings of the bar. */
const stepEvents = 20_000;
/** How often the history is asked how far it is. */
const askMs = 100;

/**
 * Deletes everything below the data directory that is derived from the log, and folds it again. Killed on the way, it may be run again, or the
 * server started: both go on from what is there.
 *
 * @returns the head of the log
 * @throws LedgerLocked a server holds the directory; then nothing is deleted
 */
export async function rebuild(directory: string, { segmentCallsMax, progress }: RebuildOptions): Promise<number> {
  const { ledger: ledgerDirectory, projections, snapshots } = dataDirectoryAt(directory);
  const unlock = lockDirectory(ledgerDirectory);
  try {
    rmSync(snapshots, { recursive: true, force: true });
    rebuildIndex(ledgerDirectory, progress('index'));
  } finally {
    unlock();
  }
  // Opening checks the tree that was just made against the last signed checkpoint.
  const ledger = await openSqliteLedger({ directory: ledgerDirectory });
  try {
    rmSync(projections, { recursive: true, force: true });
    await rebuildHistory(ledger, { directory: projections, segmentCallsMax }, progress('history'));
    return ledger.head();
  } finally {
    await ledger.close();
  }
}

/** The index of the log and the tree's tiles. */
function rebuildIndex(directory: string, progress: Progress): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(ledgerFiles.index(directory) + suffix, { force: true });
  rmSync(ledgerFiles.tiles(directory), { recursive: true, force: true });
  const log = openLogForReading(directory);
  const index = openIndex(directory, log);
  try {
    const { head } = log.prepare('SELECT coalesce(max(position), 0) AS head FROM events').get() as { head: number };
    const indexer = openIndexer(log, index);
    for (let position = 0; position < head; ) {
      position = Math.min(head, position + stepEvents);
      indexer.advance(position);
      progress.update(position, head);
    }
    const tile = index.prepare('SELECT hashes FROM tiles WHERE level = ? AND n = ?');
    const tiles = publishedTiles(ledgerFiles.tiles(directory), (level, n) => (tile.get(level, n) as { hashes: Uint8Array } | undefined)?.hashes, 0);
    const signed = Math.max(0, ...signedSizes(directory));
    if (signed <= head) tiles.publish(signed);
  } finally {
    progress.finish();
    index.close();
    log.close();
  }
}

function signedSizes(directory: string): readonly number[] {
  const verifier = noteVerifier(readFileSync(ledgerFiles.publicKey(directory), 'utf8').trim());
  return readCheckpoints(directory, verifier).signed.map(({ size }) => size);
}

async function rebuildHistory(ledger: SqliteLedger, where: { readonly directory: string; readonly segmentCallsMax: number }, progress: Progress): Promise<void> {
  const history = await openHistory({ ...where, ledger, fromScratch: true });
  const done = new AbortController();
  const drawing = draw(done.signal);
  try {
    await history.waitFor(ledger.head());
  } finally {
    done.abort();
    await drawing;
    progress.finish();
    await history.close();
  }

  async function draw(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      progress.update(history.status().position, ledger.head());
      await sleep(askMs, undefined, { signal }).catch(() => undefined);
    }
    progress.update(history.status().position, ledger.head());
  }
}
