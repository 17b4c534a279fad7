import { setImmediate } from 'node:timers';
import { HeadSignal } from '../head-signal.ts';
import type { AppendResult, ExpectedRevision, NewEvent } from '../ledger.ts';
import { EventTooLarge, LedgerBusy, LedgerFull, OutcomeUnknown, WrongExpectedRevision } from '../ledger.ts';
import type { Batch } from './batch.ts';
import { emptyBatch, encodeEvents, eventsOf, writeRequest } from './batch.ts';
import type { Heads, StreamHead } from './heads.ts';
import type { Limits } from './limits.ts';
import { recentIds } from './recent-ids.ts';
import type { WriteReply, WriteRequest } from './writer.ts';

/**
 * An idle writer gets its transaction as soon as half of the events that usually wait are there, instead of at the end of the turn: so callers who wait
 * for their own appends fall into two halves, and one is encoded while the other is written. Fewer events than this are not worth an fsync of their own.
 */
const headStartEventsMin = 8;
/** By append: after some hundreds a burst is forgotten. */
const peakDecay = 0.995;

/** What the appender needs. */
export interface AppenderParts {
  readonly head: number;
  readonly heads: Heads;
  readonly limits: Limits;
  /** Hands a transaction to the writer; its reply comes back through `Appender.replied`. */
  readonly send: (request: WriteRequest) => void;
  /** The original result, if exactly these events stand in `stream` from `revision` on; a look on the disk. */
  readonly lookUp: (stream: StreamHead, revision: number, events: readonly NewEvent[]) => Promise<AppendResult | undefined>;
}

/** The side of the writer that faces the callers: checks, orders, encodes and groups appends. Never waits for the disk. */
export interface Appender {
  append(stream: string, expectedRevision: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult>;
  replied(reply: WriteReply): void;
  /** The writer died or said what it must not: nothing is known about what it was given. */
  fail(message: string): void;
  /** Takes no more appends; resolves when those that wait are done. */
  drain(): Promise<void>;
  /** Position of the last durable event. */
  head(): number;
  /** Says when the head moved, or when appends that were on their way have failed. */
  readonly progress: HeadSignal;
  /** Why appends are refused for good. */
  failure(): OutcomeUnknown | undefined;
}

export function createAppender({ head: loadedHead, heads, limits, send, lookUp }: AppenderParts): Appender {
  const progress = new HeadSignal();
  const recent = recentIds(limits.recentEventsMax);
  /** Batches that the writer has, oldest first, and those that wait for it; the last of these is being filled. */
  const inFlight: Batch[] = [];
  const waiting: Batch[] = [];
  const spareBuffers: ArrayBuffer[] = [];
  let head = loadedHead;
  let tentativeHead = loadedHead;
  /** The most events that lately waited or were being written at a time. */
  let outstandingPeak = 0;
  let queuedBytes = 0;
  let flushScheduled = false;
  let draining = false;
  let failure: OutcomeUnknown | undefined;

  function append(name: string, expectedRevision: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const expected = expectedRevision === 'no-stream' ? -1 : expectedRevision;
    try {
      refuseWhatCannotBeTaken(events);
      const stream = heads.byName.get(name);
      if (expected === (stream?.tentative ?? -1)) return enqueue(name, stream, events);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    return appendWithCare(name, expectedRevision, events);
  }

  /** An append that expects another revision than the one that comes next: written already, on its way, or wrong. */
  async function appendWithCare(name: string, expectedRevision: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const expected = expectedRevision === 'no-stream' ? -1 : expectedRevision;
    for (;;) {
      refuseWhatCannotBeTaken(events);
      const stream = heads.byName.get(name);
      if (expected === (stream?.tentative ?? -1)) return enqueue(name, stream, events);
      const known = stream === undefined ? undefined : recent.find(events, stream, expected === 'any' ? 'any' : expected + 1);
      if (known !== undefined && known.lastPosition <= head) return known;
      if (known === undefined && expected === 'any') return enqueue(name, stream, events);
      if (known === undefined && typeof expected === 'number') {
        const durable = stream?.durable ?? -1;
        if (stream !== undefined && expected < durable && expected + 1 < stream.rememberedFrom) {
          const written = await lookUp(stream, expected + 1, events);
          if (written !== undefined) return written;
        }
        // Only what is durable is a reason to refuse: what is on its way may still fail.
        if (expected < durable || stream === undefined || stream.tentative === durable)
          throw new WrongExpectedRevision(name, expectedRevision, durable);
      }
      await progress.wait();
    }
  }

  function refuseWhatCannotBeTaken(events: readonly NewEvent[]): void {
    if (failure !== undefined) throw failure;
    if (draining) throw new Error('the ledger is closed');
    if (events.length === 0) throw new RangeError('an append needs at least one event');
    if (events.length > limits.batchEventsMax)
      throw new EventTooLarge(`an append of ${events.length} events; at most ${limits.batchEventsMax} can be stored at once`);
    if (tentativeHead - head + events.length > limits.queueEventsMax || queuedBytes > limits.queueBytesMax) {
      throw new LedgerBusy(`${tentativeHead - head} events wait to be written; try again later`);
    }
  }

  function enqueue(name: string, known: StreamHead | undefined, events: readonly NewEvent[]): Promise<AppendResult> {
    const stream = known ?? { name, number: heads.nextNumber, durable: -1, tentative: -1, rememberedFrom: 0 };
    const batch = batchFor(events.length);
    const bytesBefore = batch.bytesUsed;
    encodeEvents(batch, stream, events, limits.eventBytesMax);
    queuedBytes += batch.bytesUsed - bytesBefore;
    if (known === undefined) {
      heads.byName.set(name, stream);
      heads.nextNumber += 1;
      batch.newStreams.push([stream.number, name]);
    }
    const firstPosition = tentativeHead + 1;
    for (const { id } of events) {
      tentativeHead += 1;
      stream.tentative += 1;
      recent.add(id, tentativeHead, stream, stream.tentative);
    }
    const result = { firstPosition, lastPosition: tentativeHead, revision: stream.tentative };
    const stored = new Promise<AppendResult>((resolve, reject) => batch.appends.push({ stream, result, resolve, reject }));
    outstandingPeak = Math.max(tentativeHead - head, outstandingPeak * peakDecay);
    if (inFlight.length === 0 && eventsOf(batch) >= Math.max(headStartEventsMin, outstandingPeak / 2)) flush();
    else scheduleFlush();
    return stored;
  }

  /** The batch that takes `count` more events: an append is never cut. */
  function batchFor(count: number): Batch {
    const last = waiting.at(-1);
    if (last !== undefined && eventsOf(last) + count <= limits.batchEventsMax && last.bytesUsed < limits.batchBytesMax) return last;
    const batch = emptyBatch(tentativeHead + 1, spareBuffers.pop());
    waiting.push(batch);
    return batch;
  }

  /** At the end of this turn of the event loop, so that all who append in it share one transaction. */
  function scheduleFlush(): void {
    if (flushScheduled || inFlight.length >= limits.batchesInFlightMax) return;
    flushScheduled = true;
    setImmediate(flush);
  }

  function flush(): void {
    flushScheduled = false;
    while (inFlight.length < limits.batchesInFlightMax) {
      const batch = waiting[0];
      if (batch === undefined || batch.appends.length === 0) return;
      waiting.shift();
      inFlight.push(batch);
      send(writeRequest(batch));
    }
  }

  function replied({ outcome, message, bytes }: WriteReply): void {
    const batch = inFlight[0];
    if (batch === undefined) return fail(`the writer answered what was not asked: ${outcome}`);
    if (spareBuffers.length < limits.batchesInFlightMax && bytes.byteLength <= limits.batchBytesMax) spareBuffers.push(bytes);
    if (outcome === 'unknown') return fail(message);
    if (batch.abandoned !== (outcome === 'refused')) return fail(`the writer disagrees about the order of events: ${outcome} ${message}`);
    if (outcome === 'full') abandonAll(new LedgerFull(`no room for events on the disk: ${message}`));
    inFlight.shift();
    if (outcome === 'stored') stored(batch);
    if (waiting.length > 0) scheduleFlush();
  }

  function stored(batch: Batch): void {
    head = batch.firstPosition + eventsOf(batch) - 1;
    queuedBytes -= batch.bytesUsed;
    for (const { stream, result, resolve } of batch.appends) {
      stream.durable = result.revision;
      resolve(result);
    }
    progress.grown();
  }

  /** Nothing of what waits or is on its way was written: what is behind a failed transaction was decided on events that are not there. */
  function abandonAll(error: Error): void {
    const abandoned = [...inFlight, ...waiting];
    waiting.length = 0;
    queuedBytes = 0;
    tentativeHead = head;
    recent.forgetAfter(head);
    for (const batch of abandoned) {
      if (batch.abandoned) continue;
      batch.abandoned = true;
      for (const { stream, reject } of batch.appends) {
        stream.tentative = stream.durable;
        if (stream.durable === -1) heads.byName.delete(stream.name);
        reject(error);
      }
    }
    progress.grown();
  }

  function fail(message: string): void {
    failure ??= new OutcomeUnknown(`the log could not be written; what was on its way may be stored or not: ${message}`);
    abandonAll(failure);
  }

  async function drain(): Promise<void> {
    draining = true;
    while (failure === undefined && tentativeHead > head) await progress.wait();
    progress.close();
  }

  return { append, replied, fail, drain, head: () => head, progress, failure: () => failure };
}
