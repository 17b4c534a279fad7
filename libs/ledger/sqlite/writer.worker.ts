import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openLogForWriting } from './log-file.ts';
import type { WriterThreadData } from './writer-thread.ts';
import type { WriteReply, WriteRequest } from './writer.ts';
import { openWriter } from './writer.ts';

// In a thread of its own, so that an fsync never blocks a decision.
const { directory, synchronous, port, untaken } = workerData as WriterThreadData;
const log = openLogForWriting(directory, synchronous);
const write = openWriter(log);

/** The next request; sleeps until there is one. */
function take(): WriteRequest | 'close' {
  Atomics.wait(untaken, 0, 0);
  Atomics.sub(untaken, 0, 1);
  for (;;) {
    // It was posted before it was counted.
    const received = receiveMessageOnPort(port) as { message: WriteRequest | 'close' } | undefined;
    if (received !== undefined) return received.message;
  }
}

port.postMessage('ready');
for (let request = take(); request !== 'close'; request = take()) {
  const reply: WriteReply = { ...write(request), bytes: request.bytes };
  port.postMessage(reply, [request.bytes]);
}
log.close();
port.close();
