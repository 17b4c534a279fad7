import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Ledger } from '../../../libs/ledger/ledger.ts';

import { historyEventOf } from './history-event.ts';
import { HistoryStopped, openHistoryFiles, type HistoryFiles } from './history-files.ts';
import type { HistoryPage, HistoryQuery, RowPage } from './history-query.ts';
import type { LastUsed, LastUsedKind } from './last-used.ts';
import { callOfRow, historyVersion } from './segment-file.ts';

/**
 * The history of all calls, folded from the log: a read model that can be thrown away and rebuilt. One row for each call, found by who,
 * what, whence and when. Eventually consistent; `waitFor` makes it as consistent as an answer that carries its position needs.
 *
 * Rows hold all that an audit record shows, so no question goes back to the log: at about 0.8 kB a call this doubles the disk, and in return
 * the history works on every store alike and a search costs neither the log's reader nor a message for each row.
 */
export interface History {
  /** One page of the calls that fulfil `query`. @throws HistoryBusy */
  search(query: HistoryQuery): Promise<HistoryPage>;
  /** The last use of each id that has one; the others are missing from the map. */
  lastUsed(kind: LastUsedKind, ids: readonly string[]): Promise<ReadonlyMap<string, LastUsed>>;
  lastUsedAccessKey(accessKeyId: string): Promise<LastUsed | undefined>;
  lastUsedUser(userId: string): Promise<LastUsed | undefined>;
  lastUsedRole(roleId: string): Promise<LastUsed | undefined>;
  /** `id`: the user's unique id, or the account id for root. */
  passwordLastUsed(id: string): Promise<LastUsed | undefined>;
  status(): HistoryStatus;
  /** Resolves when the event at `position` is in the history. @throws HistoryStopped it never will be; or the signal's reason */
  waitFor(position: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Folds the whole log again into new files beside the present ones, which answer until the new ones are complete and take their place.
   * @throws HistoryStopped an event cannot be applied; the present files stay
   */
  rebuild(onProgress?: (progress: { readonly position: number; readonly head: number }) => void): Promise<void>;
  close(): Promise<void>;
}

export interface HistoryStatus {
  /** Position of the last event that is in the history. */
  readonly position: number;
  /** Events that are in the log but not yet here. */
  readonly lag: number;
  /** It has caught up once since it was opened, and has not stopped. */
  readonly ready: boolean;
  /** Why it stopped: the server must not say that it is ready. */
  readonly error?: string;
}

export interface HistoryOptions {
  /** Where the projections are kept; the history makes a directory of its own in it. */
  readonly directory: string;
  readonly ledger: Ledger;
  /** Calls after which a new segment begins. */
  readonly segmentCallsMax?: number;
  /** Throw away what is there and fold the whole log again. */
  readonly fromScratch?: boolean;
  /** The log is followed from when this resolves; at once by default. A server that starts has better things to do. */
  readonly begin?: Promise<unknown>;
}

const segmentCallsMaxDefault = 1_000_000;
/** Time between two batches while calls come in: at 5,000 calls/s this makes a transaction of 50 calls, and costs 10 ms of lag. */
const lingerMs = 10;

export async function openHistory({
  directory,
  ledger,
  segmentCallsMax = segmentCallsMaxDefault,
  fromScratch = false,
  begin = Promise.resolve(),
}: HistoryOptions): Promise<History> {
  const current = join(directory, `history-v${historyVersion}`);
  const rebuilt = `${current}.rebuilding`;
  if (fromScratch) rmSync(current, { recursive: true, force: true });
  rmSync(rebuilt, { recursive: true, force: true });
  const waiting = waitingFor();
  let files = await openHistoryFiles({ directory: current, segmentCallsMax });
  let follower = follow();
  let ready = false;
  let closed = false;
  let swapping: Promise<void> | undefined;

  /** Feeds the present files until told to stop. */
  function follow(): Follower {
    files.onApplied(advance);
    return startFollower(ledger, files, begin, advance);
  }

  function stopped(): HistoryStopped | undefined {
    return follower.error() ?? files.error();
  }

  function advance(): void {
    const { position } = files.checkpoint();
    if (!ready && stopped() === undefined && position >= ledger.head()) {
      ready = true;
      removeOtherVersions(directory, current);
    }
    waiting.advance(position, stopped());
  }

  async function search(query: HistoryQuery): Promise<HistoryPage> {
    await swapping;
    const { rows, ...page } = (await files.ask({ kind: 'search', query })) as RowPage;
    return { ...page, calls: rows.map(callOfRow) };
  }

  async function lastUsed(kind: LastUsedKind, ids: readonly string[]): Promise<ReadonlyMap<string, LastUsed>> {
    await swapping;
    return (await files.ask({ kind: 'last-used', of: kind, ids })) as ReadonlyMap<string, LastUsed>;
  }

  async function lastUsedOf(kind: LastUsedKind, id: string): Promise<LastUsed | undefined> {
    return (await lastUsed(kind, [id])).get(id);
  }

  async function rebuild(onProgress: (progress: { readonly position: number; readonly head: number }) => void = () => undefined): Promise<void> {
    rmSync(rebuilt, { recursive: true, force: true });
    const fresh = await openHistoryFiles({ directory: rebuilt, segmentCallsMax });
    try {
      fresh.onApplied(() => onProgress({ position: fresh.checkpoint().position, head: ledger.head() }));
      await fold(ledger, fresh);
    } catch (error) {
      await fresh.close();
      rmSync(rebuilt, { recursive: true, force: true });
      throw error;
    }
    await fresh.close();
    swapping = swapFiles();
    await swapping;
  }

  /** Questions asked meanwhile wait; those already asked are answered from the old files. */
  async function swapFiles(): Promise<void> {
    files.onApplied(() => undefined);
    await follower.stop();
    await files.close();
    rmSync(current, { recursive: true, force: true });
    renameSync(rebuilt, current);
    files = await openHistoryFiles({ directory: current, segmentCallsMax });
    follower = follow();
    advance();
  }

  advance();
  return {
    search,
    lastUsed,
    lastUsedAccessKey: (accessKeyId) => lastUsedOf('access-key', accessKeyId),
    lastUsedUser: (userId) => lastUsedOf('user', userId),
    lastUsedRole: (roleId) => lastUsedOf('role', roleId),
    passwordLastUsed: (id) => lastUsedOf('password', id),
    status() {
      const { position } = files.checkpoint();
      const error = stopped();
      return { position, lag: Math.max(0, ledger.head() - position), ready: ready && error === undefined, ...(error && { error: error.message }) };
    },
    waitFor: (position, { signal } = {}) => {
      if (files.checkpoint().position >= position) return Promise.resolve();
      return waiting.wait(position, stopped(), signal);
    },
    rebuild,
    async close() {
      if (closed) return;
      closed = true;
      await swapping;
      await follower.stop();
      await files.close();
      waiting.advance(files.checkpoint().position, new HistoryStopped('the history is closed'));
    },
  };
}

interface Follower {
  error(): HistoryStopped | undefined;
  stop(): Promise<void>;
}

/** Feeds `files` with every event after their checkpoint, then with what is appended. */
function startFollower(ledger: Ledger, files: HistoryFiles, begin: Promise<unknown>, onStopped: () => void): Follower {
  const abort = new AbortController();
  let error: HistoryStopped | undefined;

  async function run(): Promise<void> {
    await Promise.race([begin, aborted(abort.signal)]);
    if (abort.signal.aborted) return;
    await checkSameLog(ledger, files);
    let sentAt = Number.NEGATIVE_INFINITY;
    for await (const batch of ledger.subscribe({ after: files.checkpoint().position, signal: abort.signal })) {
      await files.send(batch.map(historyEventOf));
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
    error = cause instanceof HistoryStopped ? cause : new HistoryStopped(`the history cannot read the log: ${messageOf(cause)}`, { cause });
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

/** Feeds `files`, which are empty, with the whole log up to its head. */
async function fold(ledger: Ledger, files: HistoryFiles): Promise<void> {
  for await (const batch of ledger.readAll()) await files.send(batch.map(historyEventOf));
  await files.settle();
}

/** INVARIANT: the history is of this log. A log that was restored from an older copy, or another one, is not continued. */
async function checkSameLog(ledger: Ledger, files: HistoryFiles): Promise<void> {
  const { position, eventId } = files.checkpoint();
  if (position === 0) return;
  if (position > ledger.head()) {
    throw new HistoryStopped(`the history stands at position ${position}, but the log ends at ${ledger.head()}: rebuild the history`);
  }
  for await (const batch of ledger.readAll({ after: position - 1, until: position })) {
    if (batch.some((event) => event.position === position && event.id !== eventId)) {
      throw new HistoryStopped(`the history was not made from this log: at position ${position} another event stands. Rebuild the history`);
    }
  }
}

/** Those who wait for a position. */
function waitingFor() {
  const waiters = new Set<{ readonly position: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }>();
  return {
    wait(position: number, error: HistoryStopped | undefined, signal: AbortSignal | undefined): Promise<void> {
      if (error !== undefined) return Promise.reject(error);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { position, resolve, reject };
      waiters.add(waiter);
      const onAbort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      if (signal?.aborted) onAbort();
      return promise.finally(() => {
        waiters.delete(waiter);
        signal?.removeEventListener('abort', onAbort);
      });
    },
    advance(position: number, error: HistoryStopped | undefined): void {
      for (const waiter of waiters) {
        if (waiter.position <= position) waiter.resolve();
        else if (error !== undefined) waiter.reject(error);
      }
    },
  };
}

/** The files of an older version stay until the present one has caught up. */
function removeOtherVersions(directory: string, current: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (/^history-v\d+$/.test(name) && path !== current) rmSync(path, { recursive: true, force: true });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
