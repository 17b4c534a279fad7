import { uuidv5, WrongExpectedRevision, type Ledger, type RecordedEvent } from '../../libs/ledger/index.ts';
import type { Clock } from './clock.ts';

/** Who may act: the stream's last event names him, its revision is the fencing token. */
export const leaseStream = 'saga-lease';

export interface LeaseSettings {
  /** Name of this runner, unique in the world. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Nobody else can have the store open: what is left of a lease is of a process that is gone. */
  readonly isSoleOwner: boolean;
}

/**
 * The right to act, held by one runner at a time. Taken and renewed by an append that holds only at the revision that was seen last, so of two who
 * try one succeeds; whoever lost it is fenced: his revision is not the stream's.
 *
 * Nobody's wall clock is compared with anybody else's. A lease has run out when its stream did not move for the lease's time by the monotonic clock of
 * the one who waits; and its holder gives up acting by his own monotonic clock, earlier. A process that was stopped for longer finds its time over.
 */
export class Lease {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #settings: LeaseSettings;
  #token: number | undefined;
  #renewedAtMs = 0;
  /** The revision that this runner appended last: while it is the stream's, nobody has taken over. */
  #last = -1;
  #seen: { revision: number; sinceMs: number } | undefined;

  constructor(ledger: Ledger, clock: Clock, settings: LeaseSettings) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#settings = settings;
  }

  /** The fencing token; `undefined` where the lease is not held now. Looked at before everything that is done. */
  token(): number | undefined {
    if (this.#token === undefined) return undefined;
    const isOver = this.#clock.monotonicMs() - this.#renewedAtMs >= this.#settings.leaseMs;
    if (isOver || this.#ledger.revision(leaseStream) !== this.#token) this.#token = undefined;
    return this.#token;
  }

  /**
   * Takes the lease or keeps it; called before work is done, so an idle runner writes nothing.
   *
   * @returns `'kept'`, `'taken'` (what others did must be folded in before acting), or `'other'`: another runner has it
   */
  async hold(): Promise<'kept' | 'taken' | 'other'> {
    const now = this.#clock.monotonicMs();
    const { leaseMs } = this.#settings;
    if (this.token() !== undefined) {
      if (now - this.#renewedAtMs < leaseMs / 3) return 'kept';
      return (await this.#append('LeaseRenewed', this.#token!)) ? 'kept' : 'other'; // token() gave it
    }
    const revision = this.#ledger.revision(leaseStream);
    if (this.#seen?.revision !== revision) this.#seen = { revision, sinceMs: now };
    const isFree =
      revision === -1 || revision === this.#last || this.#settings.isSoleOwner || now - this.#seen.sinceMs >= leaseMs || (await this.#isReleased());
    if (!isFree) return 'other';
    return (await this.#append('LeaseTaken', revision)) ? 'taken' : 'other';
  }

  /** Gives the lease back, so that another runner need not wait. */
  async release(): Promise<void> {
    const token = this.token();
    if (token === undefined || this.#settings.isSoleOwner) return;
    await this.#append('LeaseReleased', token);
    this.#token = undefined;
  }

  async #isReleased(): Promise<boolean> {
    return (await this.#lastEvent())?.type === 'LeaseReleased';
  }

  async #lastEvent(): Promise<RecordedEvent | undefined> {
    let last: RecordedEvent | undefined;
    for await (const events of this.#ledger.read(leaseStream, { fromRevision: this.#ledger.revision(leaseStream) })) last = events.at(-1);
    return last;
  }

  async #append(type: 'LeaseTaken' | 'LeaseRenewed' | 'LeaseReleased', revision: number): Promise<boolean> {
    const { owner, leaseMs } = this.#settings;
    const startedMs = this.#clock.monotonicMs(); // the lease counts from before the append: another may have seen it at once
    try {
      const id = uuidv5(leaseNamespace, `${owner}/${revision + 1}`);
      const time = this.#clock.now().toISOString();
      const appended = await this.#ledger.append(leaseStream, revision === -1 ? 'no-stream' : revision, [
        { id, type, schemaVersion: 1, time, data: { owner, leaseMs }, metadata: {} },
      ]);
      this.#token = appended.revision;
      this.#last = appended.revision;
      this.#renewedAtMs = startedMs;
      return true;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      this.#token = undefined;
      return false;
    }
  }
}

const leaseNamespace = '0d1f3a9e-93a5-5f0e-8b1a-6f1f4f0f7c55';
