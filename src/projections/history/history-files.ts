import { Worker } from 'node:worker_threads';

import { ProjectionStopped, startWriterThread, type WriterThread } from '../follow/writer-thread.ts';

import type { HistoryEvent } from './call.ts';
import type { FromReader, HistoryQuestion, ToReader, WriterSettings } from './history-messages.ts';
import type { RowPage } from './history-query.ts';
import type { HistoryCheckpoint } from './history-writer.ts';
import type { LastUsed } from './last-used.ts';

/** Too many questions wait for an answer; ask again later. */
export class HistoryBusy extends Error {
  override readonly name = 'HistoryBusy';
}

/**
 * The files of one history and the two workers that own them. Two, so that no question waits for a batch to be written: SQLite's
 * write-ahead log lets the reader go on beside the writer. And workers, so that neither costs the main thread more than handing over text.
 */
export interface HistoryFiles extends WriterThread<HistoryEvent, HistoryCheckpoint> {
  /** @throws HistoryBusy */
  ask(question: HistoryQuestion): Promise<RowPage | ReadonlyMap<string, LastUsed>>;
}

/** Questions that wait for the reader at most. */
const questionsWaitingMax = 1_000;

const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

export async function openHistoryFiles(settings: WriterSettings): Promise<HistoryFiles> {
  const writer = await startWriterThread<HistoryEvent, HistoryCheckpoint>({
    name: 'history',
    url: new URL(`./history-writer.worker.${extension}`, import.meta.url),
    workerData: settings,
    start: { position: 0, eventId: '', segments: 1 },
  });
  const reader = startReader(settings.directory);
  return {
    ...writer,
    ask: (question) => reader.ask(question, writer.checkpoint().segments),
    async close() {
      await Promise.all([writer.close(), reader.close()]);
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
  worker.on('exit', () => end(new ProjectionStopped('the history is closed')));

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
