import type { Ledger } from '../../libs/ledger/index.ts';
import type { ActivityLog } from '../pipeline/activity-log.ts';
import type { AccessHistory } from '../projections/access-history/access-history.ts';

/**
 * Resolves when the access history knows of every use that was answered before, also of those that are yet to be written; rejects where it does not come to
 * know them: the log or the history stopped, or the signal's reason.
 */
export type UsesSeen = (signal: AbortSignal) => Promise<void>;

/** Time that the access history has to reach the head of the log. */
const historyMsMax = 2_000;

/** What a server's history is waited for with. */
export interface UsesSeenParts {
  readonly ledger: Pick<Ledger, 'head'>;
  readonly activity: Pick<ActivityLog, 'flush' | 'failure'>;
  readonly accessHistory: Pick<AccessHistory, 'waitFor'>;
}

export const usesSeenBy =
  ({ ledger, activity, accessHistory }: UsesSeenParts): UsesSeen =>
  async (signal) => {
    await activity.flush();
    if (activity.failure !== undefined) throw new Error('calls wait for the log, which takes none.');
    await accessHistory.waitFor(ledger.head(), { signal });
  };

/** Whether anything was used lately can not be known now: whatever rests on it must wait. */
export class HistoryBehind extends Error {}

/** Waits a little for the history. @throws HistoryBehind */
export async function requireUses(usesSeen: UsesSeen, stop: AbortSignal): Promise<void> {
  try {
    await usesSeen(AbortSignal.any([stop, AbortSignal.timeout(historyMsMax)]));
  } catch (error) {
    throw new HistoryBehind(`The access history does not reach the head of the log: ${error instanceof Error ? error.message : String(error)}`);
  }
}
