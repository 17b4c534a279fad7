import type { RecordedEvent } from './ledger.ts';

/** Tells those who wait that the log grew, or that it will not grow any more. */
export class HeadSignal {
  closed = false;
  readonly #waiting = new Set<() => void>();

  /** Wakes all who wait. */
  grown(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  close(): void {
    this.closed = true;
    this.grown();
  }

  /** Resolves at the next growth, at `close`, or when `signal` is aborted. */
  wait(signal?: AbortSignal): Promise<void> {
    if (this.closed || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }
}

/** What `follow` needs of a store. */
export interface Followed {
  head(): number;
  readAll(range: { readonly after: number; readonly until: number }): AsyncIterable<readonly RecordedEvent[]>;
  readonly signal: HeadSignal;
}

/** The catch-up subscription of every store: read up to the head, wait until it moves, read on. The contract is `Ledger.subscribe`'s. */
export function follow(log: Followed, after: number, signal?: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
  const head = log.head();
  if (!(after >= 0 && after <= head)) throw new RangeError(`cannot follow the log from position ${after}: its head is ${head}`);
  return followFrom(log, after, signal);
}

async function* followFrom(log: Followed, after: number, signal?: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
  let position = after;
  const ended = (): boolean => log.signal.closed || signal?.aborted === true;
  while (!ended()) {
    const until = log.head();
    if (until === position) {
      await log.signal.wait(signal);
      continue;
    }
    for await (const events of log.readAll({ after: position, until })) {
      if (ended()) return;
      yield events;
      if (ended()) return;
    }
    position = until;
  }
}
