import { parentPort, workerData } from 'node:worker_threads';
import type { Synchronous } from './log-file.ts';
import { openLogForWriting } from './log-file.ts';
import type { WriteReply, WriteRequest } from './writer.ts';
import { openWriter } from './writer.ts';

// In a thread of its own, so that an fsync never blocks a decision.
const { directory, synchronous } = workerData as { directory: string; synchronous: Synchronous };
const port = parentPort!;
const log = openLogForWriting(directory, synchronous);
const write = openWriter(log);

port.on('message', (request: WriteRequest | 'close') => {
  if (request === 'close') {
    log.close();
    port.close();
    return;
  }
  const reply: WriteReply = { ...write(request), bytes: request.bytes };
  port.postMessage(reply, [request.bytes]);
});
port.postMessage('ready');
