import { Throttling } from '../../libs/aws/index.ts';
import type { Ledger, NewEvent } from '../../libs/ledger/index.ts';
import { activityStream } from '../iam/account.ts';

export interface ActivitySettings {
  readonly flushMilliseconds: number;
  /** Events that may wait in memory; past it calls are refused until the log has caught up. */
  readonly queueEventsMax: number;
}

/** Events that are written in one append. */
const batchEventsMax = 512;

/**
 * Records the calls that changed nothing — reads, refusals — in `activity-<account>`, in batches a moment later: they are not waited for.
 * Session issuance is (`record` gives a promise).
 */
export class ActivityLog {
  readonly #ledger: Ledger;
  readonly #settings: ActivitySettings;
  #waiting = new Map<string, NewEvent[]>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(ledger: Ledger, settings: ActivitySettings) {
    this.#ledger = ledger;
    this.#settings = settings;
  }

  /** @throws Throttling where the log is too far behind: asked before a call is carried out, so that no call goes unrecorded */
  requireRoom(): void {
    if (this.#count >= this.#settings.queueEventsMax) throw new Throttling();
  }

  /** Why the last write failed; `undefined` when all is well. */
  get failure(): unknown {
    return this.#failure;
  }

  note(accountId: string, event: NewEvent): void {
    const events = this.#waiting.get(accountId);
    if (events === undefined) this.#waiting.set(accountId, [event]);
    else events.push(event);
    this.#count++;
    this.#timer ??= setTimeout(() => void this.flush(), this.#settings.flushMilliseconds);
  }

  /** Writes one event and returns when it is durable. */
  async record(accountId: string, event: NewEvent): Promise<number> {
    const { lastPosition } = await this.#ledger.append(activityStream(accountId), 'any', [event]);
    return lastPosition;
  }

  /** Writes all that waits. A batch that the log can not take now is kept and tried again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [accountId, events] of waiting) {
      for (let start = 0; start < events.length; start += batchEventsMax) {
        const batch = events.slice(start, start + batchEventsMax);
        try {
          await this.#ledger.append(activityStream(accountId), 'any', batch);
          this.#count -= batch.length;
          this.#failure = undefined;
        } catch (error) {
          this.#failure = error;
          this.#waiting.set(accountId, [...events.slice(start), ...(this.#waiting.get(accountId) ?? [])]);
          this.#timer ??= setTimeout(() => void this.flush(), this.#settings.flushMilliseconds * 10);
          break;
        }
      }
    }
  }
}
