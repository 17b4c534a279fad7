import { Worker } from 'node:worker_threads';

import type { HistoryEvent } from './call.ts';
import type { FromReader, FromWriter, HistoryQuestion, ToReader, ToWriter, WriterSettings } from './history-messages.ts';
import type { RowPage } from './history-query.ts';
import type { LastUsed } from './last-used.ts';

/** The projection has stopped; the message says at which event and why. */
export class HistoryStopped extends Error {
  override readonly name = 'HistoryStopped';
}

/** Too many questions wait for an answer; ask again later. */
export class HistoryBusy extends Error {
  override readonly name = 'HistoryBusy';
}

/**
 * The files of one history and the two workers that own them. Two, so that no question waits for a batch to be written: SQLite's
 * write-ahead log lets the reader go on beside the writer. And workers, so that neither costs the main thread more than handing over text.
 */
export interface HistoryFiles {
  /** Position of the last event that is written, and its id. */
  checkpoint(): { readonly position: number; readonly eventId: string };
  /**
   * Hands events over. Resolves when there is room for more, not when they are written: see `onApplied`.
   * @throws HistoryStopped
   */
  send(events: readonly HistoryEvent[]): Promise<void>;
  /** Resolves when everything that was handed over is written. @throws HistoryStopped */
  settle(): Promise<void>;
  /** Called after every transaction, and when the writer stops. */
  onApplied(listener: () => void): void;
  /** Why the writer stopped, if it did. */
  error(): HistoryStopped | undefined;
  /** @throws HistoryBusy */
  ask(question: HistoryQuestion): Promise<RowPage | ReadonlyMap<string, LastUsed>>;
  close(): Promise<void>;
}

/** Events that are handed over but not yet read by the writer, at most: about 15 MB, and more than it reads while it commits. */
const eventsInFlightMax = 12_000;
/** Events in one message: text of about a megabyte. */
const messageEventsMax = 2_000;
/** Room for young objects in the writer: enough that the events of a message have died before they would be copied. A third more events/s than Node's default. */
const maxYoungGenerationSizeMb = 96;
/** Questions that wait for the reader at most. */
const questionsWaitingMax = 1_000;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

export async function openHistoryFiles(settings: WriterSettings): Promise<HistoryFiles> {
  const writer = startWriter(settings);
  await writer.opened;
  const reader = startReader(settings.directory);
  return {
    checkpoint: () => writer.state(),
    send: writer.send,
    settle: writer.settle,
    onApplied: writer.onApplied,
    error: () => writer.state().error,
    ask: (question) => reader.ask(question, writer.state().segments),
    async close() {
      await Promise.all([writer.close(), reader.close()]);
    },
  };
}

function startWriter(settings: WriterSettings) {
  const worker = new Worker(new URL(`./history-writer.worker.${extension}`, import.meta.url), {
    workerData: settings,
    resourceLimits: { maxYoungGenerationSizeMb },
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const opened = Promise.withResolvers<void>();
  let state: { position: number; eventId: string; segments: number; error?: HistoryStopped } = { position: 0, eventId: '', segments: 1 };
  let inFlight = 0;
  let sentPosition = 0;
  let room = Promise.withResolvers<void>();
  let listener = (): void => undefined;

  worker.on('message', (message: FromWriter) => {
    if (message.kind === 'closed') return;
    if (message.kind === 'stopped') return stop(message.message, message.position);
    if (message.kind === 'taken') {
      inFlight -= message.events;
      return makeRoom();
    }
    state = { position: message.position, eventId: message.eventId, segments: message.segments };
    opened.resolve();
    makeRoom();
    listener();
  });
  worker.on('error', (error: Error) => stop(error.message, state.position));
  worker.on('exit', () => stop('its writer has ended', state.position));

  function stop(reason: string, position: number): void {
    if (state.error !== undefined) return;
    state = { ...state, position, error: new HistoryStopped(`the history stands at position ${position}: ${reason}`) };
    opened.reject(state.error);
    makeRoom();
    listener();
  }

  function makeRoom(): void {
    room.resolve();
    room = Promise.withResolvers<void>();
  }

  async function send(events: readonly HistoryEvent[]): Promise<void> {
    for (let start = 0; start < events.length; start += messageEventsMax) {
      while (inFlight > eventsInFlightMax && state.error === undefined) await room.promise;
      if (state.error !== undefined) throw state.error;
      const slice = events.length <= messageEventsMax ? events : events.slice(start, start + messageEventsMax);
      inFlight += slice.length;
      sentPosition = slice.at(-1)?.position ?? sentPosition;
      worker.postMessage({ kind: 'events', events: slice } satisfies ToWriter);
    }
  }

  async function settle(): Promise<void> {
    while (state.position < sentPosition && state.error === undefined) await room.promise;
    if (state.error !== undefined) throw state.error;
  }

  return {
    opened: opened.promise,
    state: () => state,
    send,
    settle,
    onApplied(listen: () => void): void {
      listener = listen;
    },
    async close(): Promise<void> {
      worker.postMessage({ kind: 'close' } satisfies ToWriter);
      await exited;
    },
  };
}

function startReader(directory: string) {
  const worker = new Worker(new URL(`./history-reader.worker.${extension}`, import.meta.url), { workerData: { directory } });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const waiting = new Map<number, PromiseWithResolvers<RowPage | ReadonlyMap<string, LastUsed>>>();
  let asked = 0;
  let ended: Error | undefined;

  worker.on('message', (message: FromReader) => {
    if (message.kind === 'closed') return;
    const question = waiting.get(message.number);
    waiting.delete(message.number);
    if (message.kind === 'answer') question?.resolve(message.answer);
    else question?.reject(new Error(`the history could not be searched: ${message.message}`));
  });
  worker.on('error', end);
  worker.on('exit', () => end(new HistoryStopped('the history is closed')));

  function end(error: Error): void {
    ended ??= error;
    for (const question of waiting.values()) question.reject(ended);
    waiting.clear();
  }

  return {
    async ask(question: HistoryQuestion, segments: number): Promise<RowPage | ReadonlyMap<string, LastUsed>> {
      if (ended !== undefined) throw ended;
      if (waiting.size >= questionsWaitingMax) throw new HistoryBusy(`${questionsWaitingMax} questions wait for the history`);
      const answer = Promise.withResolvers<RowPage | ReadonlyMap<string, LastUsed>>();
      asked += 1;
      waiting.set(asked, answer);
      worker.postMessage({ kind: 'ask', number: asked, segments, question } satisfies ToReader);
      return answer.promise;
    },
    async close(): Promise<void> {
      if (ended === undefined) worker.postMessage({ kind: 'close' } satisfies ToReader);
      await exited;
    },
  };
}
