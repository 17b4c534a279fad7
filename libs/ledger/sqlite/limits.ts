/** What the store holds and takes at most. Every one is there so that load turns into `LedgerBusy`, never into memory. */
export interface Limits {
  /**
   * Bytes of one stored event: IAM takes policy documents of 131,072 characters (white space is not counted in quotas), which stand in an event
   * more than once. C2SP entry bundles, whose entries have at most 65,535 bytes, are not published: the tiles hold hashes only.
   */
  readonly eventBytesMax: number;
  /** Events of one transaction, and so of one append. Bounds how long a commit takes. */
  readonly batchEventsMax: number;
  /** Bytes after which a transaction takes no further append. */
  readonly batchBytesMax: number;
  /** Events that wait or are being written. Half of the ids remembered for idempotence, so that whatever waits is remembered. */
  readonly queueEventsMax: number;
  /** Bytes that wait or are being written. */
  readonly queueBytesMax: number;
  /**
   * Transactions handed to the writer at a time. With two, one is encoded while the other is written. More would only cut the same events into
   * smaller transactions, each with an fsync of its own.
   */
  readonly batchesInFlightMax: number;
  /** Events whose ids are remembered for idempotence without a look on the disk. */
  readonly recentEventsMax: number;
  /** Events of one batch that a reader gets. */
  readonly pageEventsMax: number;
  /** Bytes after which a batch for a reader is full. */
  readonly pageBytesMax: number;
  /** Shortest time between two signed checkpoints, in milliseconds. */
  readonly checkpointEveryMs: number;
}

export const defaultLimits: Limits = {
  eventBytesMax: 1024 * 1024,
  batchEventsMax: 4096,
  batchBytesMax: 4 * 1024 * 1024,
  queueEventsMax: 32_768,
  queueBytesMax: 64 * 1024 * 1024,
  batchesInFlightMax: 2,
  recentEventsMax: 65_536,
  pageEventsMax: 2000,
  pageBytesMax: 2 * 1024 * 1024,
  checkpointEveryMs: 1000,
};

/** The defaults with `changes`. @throws RangeError where they contradict each other */
export function limitsWith(changes: Partial<Limits>): Limits {
  const limits = { ...defaultLimits, ...changes };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`ledger limit ${name} must be a positive whole number, not ${value}`);
  }
  if (limits.recentEventsMax < 2 * limits.queueEventsMax) throw new RangeError('ledger limit recentEventsMax must be twice queueEventsMax or more');
  return limits;
}
