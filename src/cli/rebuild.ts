import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteLedger, rebuildDerivedFiles, type SqliteLedger } from '../../libs/ledger/index.ts';
import { dataDirectoryAt } from '../config/data-directory.ts';
import { upcast } from '../iam/upcasters.ts';
import { openAccessHistory } from '../projections/access-history/access-history.ts';
import type { ProjectionStatus } from '../projections/follow/projection.ts';
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
  const { ledger: ledgerDirectory, history, accessHistory, snapshots } = dataDirectoryAt(directory);
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
    rmSync(accessHistory, { recursive: true, force: true });
    const whole = { ledger, fromScratch: true, onDiskError: 'stop' } as const;
    await fold(ledger, await openHistory({ ...whole, directory: history, segmentCallsMax }), progress('history'));
    await fold(ledger, await openAccessHistory({ ...whole, directory: accessHistory }), progress('access history'));
    return ledger.head();
  } finally {
    await ledger.close();
  }
}

interface Folded {
  status(): ProjectionStatus;
  waitFor(position: number): Promise<void>;
  close(): Promise<void>;
}

/** Waits until a projection has the whole log, and shows how far it is. */
async function fold(ledger: SqliteLedger, projection: Folded, progress: Progress): Promise<void> {
  const done = new AbortController();
  const drawing = draw(done.signal);
  try {
    await projection.waitFor(ledger.head());
  } finally {
    done.abort();
    await drawing;
    progress.finish();
    await projection.close();
  }

  async function draw(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      progress.update(projection.status().position, ledger.head());
      await sleep(askMs, undefined, { signal }).catch(() => undefined);
    }
    progress.update(projection.status().position, ledger.head());
  }
}
