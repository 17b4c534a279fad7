import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../../libs/ledger/index.ts';
import { accountStream, emptyAccount, type Account } from '../../iam/account.ts';
import { dumpLines } from '../../iam/account-dump.ts';
import { readSnapshot, removeSnapshots, writeSnapshot, type CheckedLog, type Snapshot } from './account-snapshots.ts';
import type { AccountStates } from '../account-states.ts';
import { AccountPast } from '../past/account-past.ts';

export interface SnapshotKeeperParts {
  /** Where snapshots are kept, and nothing else. */
  readonly directory: string;
  readonly ledger: Ledger & CheckedLog;
  readonly states: AccountStates;
  /** Events after which a new one is written. */
  readonly intervalEvents: number;
  /** Told when the log disproves the snapshot that the server started from: every answer since is in doubt. */
  readonly onDisproved: (error: Error) => void;
}

/** How often it is looked whether a snapshot is due. */
const lookMilliseconds = 5_000;
/** Pause between two batches of the past, so that calls are not held up. */
const breathMilliseconds = 10;

/**
 * Makes start-up independent of the log's length. At start it gives the newest sound snapshot; meanwhile it folds the whole log again in the
 * background, which gives back the past states that a snapshot does not hold and proves the snapshot, or disproves it.
 */
export class SnapshotKeeper {
  readonly #parts: SnapshotKeeperParts;
  #written = 0;
  #startedFrom: Snapshot | undefined;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #past: Promise<void> = Promise.resolve();

  constructor(parts: SnapshotKeeperParts) {
    this.#parts = parts;
  }

  /** Puts the newest sound snapshot in place. @returns the position to go on from; 0 without one */
  start(): number {
    const { directory, ledger, states } = this.#parts;
    const snapshot = readSnapshot(directory, ledger);
    if (snapshot === undefined) return 0;
    this.#written = snapshot.position;
    for (const account of snapshot.accounts) states.startFrom(account);
    this.#startedFrom = snapshot;
    return snapshot.position;
  }

  /** To be called when the server serves: folds the past that the snapshot does not hold, and writes a snapshot when one is due. */
  watch(): void {
    if (this.#startedFrom !== undefined) {
      this.#past = this.#foldPast(this.#startedFrom).catch((error: unknown) => {
        if (!this.#stopped) throw error;
      });
      this.#startedFrom = undefined;
    }
    this.#timer = setInterval(() => void this.#writeIfDue(), lookMilliseconds);
    this.#timer.unref();
  }

  /** Resolves when the past is folded again and the snapshot proved. */
  proved(): Promise<void> {
    return this.#past;
  }

  /** Writes a last snapshot, so that the next start is quick. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#writing;
    if (this.#parts.ledger.head() > this.#written) await this.#write();
  }

  async #writeIfDue(): Promise<void> {
    const { ledger, intervalEvents } = this.#parts;
    if (this.#writing !== undefined || ledger.head() - this.#written < intervalEvents) return;
    this.#writing = this.#write();
    await this.#writing;
    this.#writing = undefined;
  }

  /**
   * At the beginning of a turn of the event loop whatever is durable is also published, so the states hold all events up to the head; being
   * immutable they stay so while they are written.
   */
  async #write(): Promise<void> {
    const { directory, ledger, states } = this.#parts;
    const snapshot: Snapshot = { position: ledger.head(), accounts: states.accounts() };
    await writeSnapshot(directory, ledger, snapshot);
    this.#written = snapshot.position;
  }

  async #foldPast({ accounts }: Snapshot): Promise<void> {
    for (const account of accounts) {
      const folded = await this.#foldAgain(account);
      if (this.#stopped) return;
      if (folded !== undefined && !sameLines(folded, account)) {
        removeSnapshots(this.#parts.directory);
        this.#parts.onDisproved(new Error(`the snapshot of account ${account.id} is not what its events fold to; it was deleted`));
        return;
      }
    }
  }

  async #foldAgain(snapshot: Account): Promise<Account | undefined> {
    const { ledger, states } = this.#parts;
    const earlier = new AccountPast(emptyAccount(snapshot.id), states.settings.exactEventsMax);
    let state = emptyAccount(snapshot.id);
    for await (const events of ledger.read(accountStream(snapshot.id))) {
      for (const event of events) {
        if (state.revision === snapshot.revision) break;
        state = earlier.foldInPlace(state, event);
      }
      if (state.revision === snapshot.revision) break;
      await sleep(breathMilliseconds);
      if (this.#stopped) return undefined;
    }
    states.past(snapshot.id)?.prepend(earlier);
    return state;
  }
}

function sameLines(a: Account, b: Account): boolean {
  const [left, right] = [dumpLines(a), dumpLines(b)];
  for (;;) {
    const [one, other] = [left.next(), right.next()];
    if (one.done === true || other.done === true) return one.done === other.done;
    if (one.value !== other.value) return false;
  }
}
