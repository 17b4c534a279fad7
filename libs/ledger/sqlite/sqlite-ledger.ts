import { existsSync, mkdirSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { follow } from '../head-signal.ts';
import type { AppendResult, Ledger, NewEvent, RecordedEvent, Upcast } from '../ledger.ts';
import { LedgerDamaged } from '../ledger.ts';
import type { SignedCheckpoint } from '../merkle/checkpoint.ts';
import type { NoteSigner } from '../merkle/note.ts';
import type { Appender } from './appender.ts';
import { createAppender } from './appender.ts';
import { files } from './files.ts';
import type { Heads, StreamHead } from './heads.ts';
import { loadHeads } from './heads.ts';
import { indexedHeads, openIndex } from './index-file.ts';
import type { Limits } from './limits.ts';
import { limitsWith } from './limits.ts';
import { lockDirectory } from './lock.ts';
import type { Synchronous } from './log-file.ts';
import { openLogForReading, openLogForWriting } from './log-file.ts';
import { readPages, readStreamAfter } from './reading.ts';
import { replayLog } from './replay.ts';
import type { SignedCheckpoints } from './signed-checkpoints.ts';
import { openSignedCheckpoints, signerOf } from './signed-checkpoints.ts';
import type { TreeKeeper } from './tree-keeper.ts';
import { createTreeKeeper } from './tree-keeper.ts';
import type { WorkerCalls } from './worker-calls.ts';
import { startCalls, workerUrl } from './worker-calls.ts';
import type { WriterThread } from './writer-thread.ts';
import { startWriter } from './writer-thread.ts';

export interface SqliteLedgerOptions {
  /** Holds all files of the ledger and nothing else; made where there is none. */
  readonly directory: string;
  readonly upcast?: Upcast;
  readonly limits?: Partial<Limits>;
  /** Signs the checkpoints; by default with the key in the directory, made at the first start. */
  readonly signer?: NoteSigner;
  /** Name of the log in its checkpoints, and of the key made at the first start; `iam-ledger/` and a random part by default. */
  readonly origin?: string;
  /** For tests only, to show that less than `FULL` loses acknowledged events. */
  readonly synchronous?: Synchronous;
}

/** What an operator wants to know. */
export interface LedgerStatus {
  readonly head: number;
  /** Size of the last signed checkpoint. */
  readonly signed: number;
  /** Why every append is refused until the process has been started again. */
  readonly failure: string | undefined;
  /** Why the last attempt to index or to sign a checkpoint failed; it is tried again. Appends go on. */
  readonly problem: string | undefined;
}

/** The ledger in SQLite, with the proofs that its Merkle tree gives. */
export interface SqliteLedger extends Ledger {
  /**
   * Reads events in the caller's thread and blocks it: several times as fast as `readAll`, for the time before a server listens.
   * `until` defaults to the head.
   */
  replay(options: { readonly after?: number; readonly until?: number; readonly onEvents: (events: readonly RecordedEvent[]) => void }): void;
  /** The Merkle leaf hash of the event at `position`, as it was stored with it; `undefined` where there is no such event. For caches to check themselves. */
  leaf(position: number): Uint8Array | undefined;
  /** Signs a checkpoint over all durable events, or returns the last one where nothing was appended since. */
  checkpoint(): Promise<SignedCheckpoint>;
  /** The last signed checkpoint. */
  lastCheckpoint(): SignedCheckpoint;
  /** The hashes from the event at `position` to the root of the tree of `size` events (RFC 6962 §2.1.1; the leaf's index is `position - 1`). */
  inclusionProof(position: number, size: number): Promise<readonly Uint8Array[]>;
  /** The hashes that show that the tree of `size` events extends the one of `from` (RFC 6962 §2.1.2). */
  consistencyProof(from: number, size: number): Promise<readonly Uint8Array[]>;
  /** Public key of the checkpoints, as a C2SP verifier key. */
  readonly verifierKey: string;
  status(): LedgerStatus;
}

/**
 * Opens the ledger in a directory, or makes one.
 *
 * Recovery: SQLite drops what a crash left half written; what was acknowledged is there. Then the log must still extend the last checkpoint that was
 * signed: a log that lost its tail, or an old backup put in its place, is refused.
 *
 * @throws LedgerLocked another process has it
 * @throws LedgerDamaged the files are not what this ledger wrote
 */
export async function openSqliteLedger(options: SqliteLedgerOptions): Promise<SqliteLedger> {
  const { directory } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const unlock = lockDirectory(directory);
  const opened: (() => unknown)[] = [];
  try {
    return await openLocked(options, unlock, opened);
  } catch (error) {
    for (const close of opened.reverse()) await close();
    unlock();
    throw error;
  }
}

async function openLocked(options: SqliteLedgerOptions, unlock: () => void, opened: (() => unknown)[]): Promise<SqliteLedger> {
  const { directory, synchronous = 'FULL' } = options;
  const limits = limitsWith(options.limits ?? {});
  const isNew = !existsSync(files.log(directory));
  if (isNew && existsSync(files.checkpoint(directory))) {
    throw new LedgerDamaged(`${files.log(directory)} is missing, but checkpoints of it were signed: restore it; a new log is not begun in its place`);
  }
  const signer = options.signer ?? signerOf(directory, isNew, options.origin ?? `iam-ledger/${randomBytes(8).toString('hex')}`);

  // Makes the log or recovers it. The reading connection comes before the writing one goes, so that closing does not empty the write-ahead log.
  const recovered = openLogForWriting(directory, synchronous);
  let log: DatabaseSync;
  try {
    log = openLogForReading(directory);
  } finally {
    recovered.close();
  }
  opened.push(() => log.close());
  const { head } = log.prepare('SELECT coalesce(max(position), 0) AS head FROM events').get() as { head: number };
  const index = openIndex(directory, log);
  const heads = loadHeads(log, indexedHeads(index));
  index.close();

  const checkpoints = openSignedCheckpoints(directory, signer);
  const keeper = createTreeKeeper({ directory, signer, checkpoints, head });
  opened.push(() => keeper.close());
  await keeper.refuseUnlessExtends();

  const readerCalls = lazily(() => startCalls(workerUrl('reader', import.meta.url), { directory, limits }));
  const appender: Appender = createAppender({
    head,
    heads,
    limits,
    send: (request) => writer.send(request),
    lookUp: async (stream, revision, events) => {
      const pages = readPages(readerCalls.get, { name: 'ofStream', stream: stream.number, from: revision, until: appender.head() });
      return resultIfSame(pages, revision, events);
    },
  });
  const writer = await startWriter(directory, synchronous, { onReply: appender.replied, onEnd: appender.fail });
  opened.push(() => writer.terminate());
  const clock = setInterval(() => void keeper.tick(appender.head()), limits.checkpointEveryMs);
  clock.unref();
  return assemble({ options, log, heads, signer, checkpoints, keeper, appender, readerCalls, writer, clock, unlock });
}

interface Lazy<Value> {
  readonly get: () => Value;
  /** The value, if it was ever asked for. */
  readonly made: () => Value | undefined;
}

function lazily<Value>(make: () => Value): Lazy<Value> {
  let value: Value | undefined;
  return { get: () => (value ??= make()), made: () => value };
}

/** The result of the append that wrote exactly these events, first at `revision`. */
async function resultIfSame(
  pages: AsyncIterable<readonly RecordedEvent[]>,
  revision: number,
  events: readonly NewEvent[],
): Promise<AppendResult | undefined> {
  let compared = 0;
  let firstPosition = 0;
  for await (const page of pages) {
    for (const { id, position } of page) {
      if (id !== events[compared]!.id) return undefined;
      if (compared === 0) firstPosition = position;
      compared += 1;
      if (compared === events.length) return { firstPosition, lastPosition: position, revision: revision + compared - 1 };
    }
  }
  return undefined;
}

interface Parts {
  readonly options: SqliteLedgerOptions;
  readonly log: DatabaseSync;
  readonly heads: Heads;
  readonly signer: NoteSigner;
  readonly checkpoints: SignedCheckpoints;
  readonly keeper: TreeKeeper;
  readonly appender: Appender;
  readonly readerCalls: Lazy<WorkerCalls>;
  readonly writer: WriterThread;
  readonly clock: NodeJS.Timeout;
  readonly unlock: () => void;
}

function assemble({ options, log, heads, signer, checkpoints, keeper, appender, readerCalls, writer, clock, unlock }: Parts): SqliteLedger {
  const { upcast } = options;
  const { head, progress } = appender;
  let closing: Promise<void> | undefined;

  const streamOf = (name: string): StreamHead | undefined => heads.byName.get(name);
  const readAll: Ledger['readAll'] = ({ after = 0, until = head(), stream } = {}) => {
    const last = Math.min(until, head());
    if (stream !== undefined) return readStreamAfter(readerCalls.get, streamOf(stream), { after, until: last, upcast });
    return readPages(readerCalls.get, { name: 'all', from: after, until: Math.max(after, last) }, upcast);
  };

  async function close(): Promise<void> {
    await appender.drain();
    clearInterval(clock);
    if (appender.failure() === undefined) await keeper.finish(head());
    await keeper.close();
    await readerCalls.made()?.close();
    log.close();
    // Last of all connections: that empties the write-ahead log into the database, so that log.db alone is the whole log.
    await writer.close();
    unlock();
  }

  return {
    append: appender.append,
    read(name, { fromRevision = 0 } = {}) {
      const stream = streamOf(name);
      if (stream === undefined || fromRevision > stream.durable) return nothing();
      return readPages(readerCalls.get, { name: 'ofStream', stream: stream.number, from: fromRevision, until: head() }, upcast);
    },
    readAll,
    subscribe: ({ after, signal }) => follow({ head, readAll, signal: progress }, after, signal),
    head,
    revision: (name) => streamOf(name)?.durable ?? -1,
    streams: (prefix) => [...heads.byName.values()].filter(({ name, durable }) => durable >= 0 && name.startsWith(prefix)).map(({ name }) => name),
    close: () => (closing ??= close()),
    replay: ({ after = 0, until = head(), onEvents }) => replayLog(log, { after, until: Math.min(until, head()), upcast, onEvents }),
    leaf: (position) => (log.prepare('SELECT leaf FROM events WHERE position = ?').get(position) as { leaf: Uint8Array } | undefined)?.leaf,
    checkpoint: () => keeper.sign(head()),
    lastCheckpoint: () => checkpoints.last()!,
    inclusionProof: async (position, size) => keeper.inclusionProof(position, atMost(size, head())),
    consistencyProof: async (from, size) => keeper.consistencyProof(from, atMost(size, head())),
    verifierKey: signer.verifierKey,
    status: () => ({ head: head(), signed: checkpoints.last()!.size, failure: appender.failure()?.message, problem: keeper.problem() }),
  };
}

function atMost(size: number, head: number): number {
  if (!(size <= head)) throw new RangeError(`the log has ${head} events, not ${size}`);
  return size;
}

async function* nothing(): AsyncGenerator<readonly RecordedEvent[]> {}
