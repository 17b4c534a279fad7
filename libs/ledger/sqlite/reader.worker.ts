import { workerData } from 'node:worker_threads';
import { DatabaseSync } from 'node:sqlite';
import { files } from './files.ts';
import { indexedPlaces } from './index-file.ts';
import type { Limits } from './limits.ts';
import { openLogForReading } from './log-file.ts';
import type { Page } from './pages.ts';
import { logPages } from './pages.ts';
import type { Answered } from './worker-calls.ts';
import { answerCalls } from './worker-calls.ts';

// Reads for replays, streams and subscriptions, with connections of its own, so that a long replay stalls nobody.
const { directory, limits } = workerData as { directory: string; limits: Limits };
const log = openLogForReading(directory);
const index = new DatabaseSync(files.index(directory), { readOnly: true, timeout: 10_000 });
const pages = logPages(log, indexedPlaces(index), limits);

function page(answer: Page): Answered {
  return { value: answer, transfer: [answer.bytes, answer.positions.buffer as ArrayBuffer, answer.lengths.buffer as ArrayBuffer] };
}

answerCalls(
  {
    all: ({ from, until }: { from: number; until: number }) => page(pages.all(from, until)),
    ofStream: ({ stream, from, until }: { stream: number; from: number; until: number }) => page(pages.ofStream(stream, from, until)),
    ofStreamAfter: ({ stream, from, until }: { stream: number; from: number; until: number }) => page(pages.ofStreamAfter(stream, from, until)),
    firstRevisionAfter: ({ stream, after, until }: { stream: number; after: number; until: number }) => ({
      value: pages.firstRevisionAfter(stream, after, until),
    }),
  },
  () => {
    log.close();
    index.close();
  },
);
