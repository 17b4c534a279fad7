import { parentPort, workerData, type MessagePort } from 'node:worker_threads';

import type { FromReader, HistoryQuestion, ToReader } from './history-messages.ts';
import type { RowPage } from './history-query.ts';
import { openHistoryReader } from './history-reader.ts';
import type { LastUsed } from './last-used.ts';

const port = parentPort as MessagePort;
const reader = openHistoryReader((workerData as { readonly directory: string }).directory);

function say(message: FromReader): void {
  port.postMessage(message);
}

function answer(question: HistoryQuestion, segments: number): RowPage | ReadonlyMap<string, LastUsed> {
  switch (question.kind) {
    case 'search':
      return reader.search(question.query, segments);
    case 'last-used':
      return reader.lastUsed(question.of, question.ids, segments);
  }
}

port.on('message', (message: ToReader) => {
  if (message.kind === 'close') {
    reader.close();
    say({ kind: 'closed' });
    port.close();
    return;
  }
  try {
    say({ kind: 'answer', number: message.number, answer: answer(message.question, message.segments) });
  } catch (error) {
    say({ kind: 'failed', number: message.number, message: error instanceof Error ? error.message : String(error) });
  }
});
