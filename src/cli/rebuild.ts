import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLedger, rebuildDerivedFiles, type SqliteLedger } from '../../libs/ledger/index.ts';
import { dataDirectoryAt } from '../config/data-directory.ts';
import { upcast } from '../iam/upcasters.ts';
import { openHistory } from '../projections/history/history.ts';
import type { Progress } from './progress.ts';

export interface RebuildOptions {
  readonly segmentCallsMax: number;
  readonly progress: (label: string) => Progress;
}

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
  const { ledger: ledgerDirectory, history, snapshots } = dataDirectoryAt(directory);
  const bar = progress('index');
  try {
    rebuildDerivedFiles(ledgerDirectory, { onProgress: bar.update });
  } finally {
    bar.finish();
  }
  // Opening checks the tree that was just made against the last signed checkpoint.
  const ledger = await openSqliteLedger({ directory: ledgerDirectory, upcast });
  try {
    rmSync(snapshots, { recursive: true, force: true });
    rmSync(history, { recursive: true, force: true });
    await rebuildHistory(ledger, { directory: history, segmentCallsMax }, progress('history'));
    return ledger.head();
  } finally {
    await ledger.close();
  }
}

async function rebuildHistory(
  ledger: SqliteLedger,
  where: { readonly directory: string; readonly segmentCallsMax: number },
  progress: Progress,
): Promise<void> {
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
