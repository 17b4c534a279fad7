/**
 * The ledger: an append-only log of events, cut into streams. This comment and the ones below are the contract;
 * `test/contract/ledger-contract.ts` checks it on every store.
 *
 * - **Order.** Every event gets a `position`: 1, 2, 3 … over the whole log, without a gap, assigned inside the commit.
 *   Within its stream it has a `revision`: 0, 1, 2 …
 * - **Durability.** When `append` resolves, its events survive a killed process and a power cut.
 * - **Atomicity.** All events of one `append` are stored next to each other, or none is.
 * - **Concurrency.** `append` holds only if the stream's last revision is still the expected one.
 */
export interface Ledger {
  /**
   * Appends `events` to `stream`.
   *
   * Idempotent by event id: if the events with these ids already stand at `expectedRevision + 1 …`, the original result is returned and nothing
   * is written (after a crash, events that were committed but never acknowledged are common).
   *
   * At least one event; the events are copied before `append` returns its promise, so the caller may reuse them.
   *
   * @throws WrongExpectedRevision the stream moved on (nothing was written)
   * @throws EventTooLarge an event, or the whole append, is larger than the store takes (nothing was written; trying again does not help)
   * @throws LedgerBusy the queue of waiting appends is full (nothing was written; try again later)
   * @throws LedgerFull there is no room on the disk (nothing was written; reads go on, appends recover when there is room)
   * @throws OutcomeUnknown an I/O error on the way to the disk: the events may be stored or not. The ledger refuses every later append;
   *   the process must end, and recovery at the next start decides.
   */
  append(stream: string, expectedRevision: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;

  /** The events of one stream from `fromRevision` (default 0) on, in order, in batches. A stream that does not exist has no events. */
  read(stream: string, options?: { readonly fromRevision?: number }): AsyncIterable<readonly RecordedEvent[]>;

  /**
   * All events with `after < position <= until`, in order, in batches; `until` defaults to the head at the time of the call.
   * Does not disturb appends, however long it takes. With `stream`, only the events of that stream.
   */
  readAll(options?: { readonly after?: number; readonly until?: number; readonly stream?: string }): AsyncIterable<readonly RecordedEvent[]>;

  /**
   * Catch-up subscription: every event after `after`, then live. Ordered, no gap, no duplicate. Batches are pulled by the consumer, so a slow
   * consumer costs no memory. Ends when `signal` is aborted or the ledger is closed.
   *
   * @throws RangeError `after` is ahead of the log: the reader's checkpoint belongs to another log, or an old backup of this one was restored
   */
  subscribe(options: { readonly after: number; readonly signal?: AbortSignal }): AsyncIterable<readonly RecordedEvent[]>;

  /** Position of the last durable event; 0 for an empty log. Never goes back. */
  head(): number;

  /** Revision of the last event of `stream`, or -1. */
  revision(stream: string): number;

  /** Names of the streams that begin with `prefix` and have a durable event; in no order. */
  streams(prefix: string): readonly string[];

  /** Drains waiting appends, signs a last checkpoint, releases the lock. Idempotent. */
  close(): Promise<void>;
}

/** The revision that `append` expects the stream's last event to have; `'no-stream'`: the stream must not exist; `'any'`: no check. */
export type ExpectedRevision = number | 'no-stream' | 'any';

/**
 * An event as its maker hands it over. Its exact bytes (JSON of these six members, in this order, then of its `stream` and its `revision`) are
 * stored once and are the Merkle leaf: who moves an event to another stream, or to another place in it, breaks the tree.
 */
export interface NewEvent<Type extends string = string, Data = unknown, Metadata = unknown> {
  /** UUIDv7, or UUIDv5 where a re-run must produce the same event. */
  readonly id: string;
  readonly type: Type;
  /** Version of the shape of `data`; older ones are brought up to date on read by the upcasters. */
  readonly schemaVersion: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly time: string;
  readonly data: Data;
  readonly metadata: Metadata;
}

/** An event as it stands in the log. */
export interface RecordedEvent<Type extends string = string, Data = unknown, Metadata = unknown> extends NewEvent<Type, Data, Metadata> {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
}

export interface AppendResult {
  /** Position of the first and of the last event of this append. */
  readonly firstPosition: number;
  readonly lastPosition: number;
  /** Revision of the last event of this append in its stream. */
  readonly revision: number;
}

/** Brings an event of an older `schemaVersion` up to date. Pure. Returns the event itself where there is nothing to do. */
export type Upcast = (event: RecordedEvent) => RecordedEvent;

export class WrongExpectedRevision extends Error {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: number;
  constructor(stream: string, expected: ExpectedRevision, actual: number) {
    super(`stream ${stream} is at revision ${actual}, not ${expected}`);
    this.name = 'WrongExpectedRevision';
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

export class LedgerBusy extends Error {
  override readonly name = 'LedgerBusy';
}

export class LedgerFull extends Error {
  override readonly name = 'LedgerFull';
}

export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** An event, or an append as a whole, is larger than the store's limits. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

/** Another process holds the ledger. */
export class LedgerLocked extends Error {
  override readonly name = 'LedgerLocked';
}

/** What is on the disk is not what this ledger wrote: it refuses to open. `verifyLog` says where. */
export class LedgerDamaged extends Error {
  override readonly name = 'LedgerDamaged';
}
