import { setTimeout as sleep } from 'node:timers/promises';

import type { Ledger, RecordedEvent } from '../../../libs/ledger/ledger.ts';

import type { Checkpoint } from './messages.ts';
import { ProjectionStopped, type WriterThread } from './writer-thread.ts';

/** Time between two batches while calls come in: at 5,000 calls/s this makes a transaction of 50 calls, and costs 10 ms of lag. */
const lingerMs = 10;

export interface Follower {
  /** Why it stopped, if it did. */
  error(): ProjectionStopped | undefined;
  stop(): Promise<void>;
}

export interface FollowerSettings<Event> {
  /** The projection's, for messages. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly files: Pick<WriterThread<Event, Checkpoint>, 'checkpoint' | 'send'>;
  readonly eventOf: (event: RecordedEvent) => Event;
  readonly begin: Promise<unknown>;
  readonly onStopped: () => void;
}

/** Feeds `files` with every event after their checkpoint, then with what is appended. */
export function startFollower<Event>({ name, ledger, files, eventOf, begin, onStopped }: FollowerSettings<Event>): Follower {
  const abort = new AbortController();
  let error: ProjectionStopped | undefined;

  async function run(): Promise<void> {
    await Promise.race([begin, aborted(abort.signal)]);
    if (abort.signal.aborted) return;
    await checkSameLog(name, ledger, files.checkpoint());
    let sentAt = Number.NEGATIVE_INFINITY;
    for await (const batch of ledger.subscribe({ after: files.checkpoint().position, signal: abort.signal })) {
      await files.send(batch.map(eventOf));
      const now = performance.now();
      const isBusy = now - sentAt < 2 * lingerMs;
      sentAt = now;
      // A lone call is written at once. While calls come in, waiting a little makes one transaction of many, at a fraction of the cost.
      if (isBusy && batch.length < 1_000) await sleep(lingerMs, undefined, { signal: abort.signal });
      if (abort.signal.aborted) return;
    }
  }

  const done = run().catch((cause: unknown) => {
    if (abort.signal.aborted) return;
    error = cause instanceof ProjectionStopped ? cause : new ProjectionStopped(`the ${name} cannot read the log: ${messageOf(cause)}`, { cause });
    onStopped();
  });
  return {
    error: () => error,
    async stop() {
      abort.abort();
      await done;
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** INVARIANT: the projection is of this log. A log that was restored from an older copy, or another one, is not continued. */
async function checkSameLog(name: string, ledger: Ledger, { position, eventId }: Checkpoint): Promise<void> {
  if (position === 0) return;
  if (position > ledger.head()) {
    throw new ProjectionStopped(`the ${name} stands at position ${position}, but the log ends at ${ledger.head()}: rebuild the ${name}`);
  }
  for await (const batch of ledger.readAll({ after: position - 1, until: position })) {
    if (batch.some((event) => event.position === position && event.id !== eventId)) {
      throw new ProjectionStopped(`the ${name} was not made from this log: at position ${position} another event stands. Rebuild the ${name}`);
    }
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
