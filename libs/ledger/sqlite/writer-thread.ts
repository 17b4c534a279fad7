import { MessageChannel, Worker } from 'node:worker_threads';
import type { Synchronous } from './log-file.ts';
import { workerUrl } from './worker-calls.ts';
import type { WriteReply, WriteRequest } from './writer.ts';

/** The writer's thread, seen from the appender's. */
export interface WriterThread {
  send(request: WriteRequest): void;
  /** Lets it close its file and end. */
  close(): Promise<void>;
  /** Ends it at once. */
  terminate(): Promise<unknown>;
}

/** What the thread is started with. */
export interface WriterThreadData {
  readonly directory: string;
  readonly synchronous: Synchronous;
  readonly port: MessagePort;
  /** One number: requests that the thread has not taken yet. It sleeps on it, which wakes faster than an event loop does. */
  readonly untaken: Int32Array<SharedArrayBuffer>;
}

type MessagePort = MessageChannel['port1'];

export interface WriterEvents {
  readonly onReply: (reply: WriteReply) => void;
  /** It has thrown, or ended without being asked to; no more replies come. */
  readonly onEnd: (message: string) => void;
}

/** Starts the writer. Resolves when it has the log open; rejects with what it threw. */
export async function startWriter(directory: string, synchronous: Synchronous, { onReply, onEnd }: WriterEvents): Promise<WriterThread> {
  const { port1: port, port2 } = new MessageChannel();
  const untaken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: WriterThreadData = { directory, synchronous, port: port2, untaken };
  const worker = new Worker(workerUrl('writer', import.meta.url), { workerData, transferList: [port2], name: 'ledger writer' });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let closing = false;
  void exited.then(() => {
    if (!closing) onEnd('the writer has ended');
  });

  await new Promise<void>((resolve, reject) => {
    port.once('message', () => resolve());
    worker.on('error', (error) => {
      onEnd(error instanceof Error ? error.message : String(error));
      reject(error);
    });
  });
  port.on('message', onReply);

  const send = (message: WriteRequest | 'close', buffers: ArrayBuffer[]): void => {
    port.postMessage(message, buffers);
    Atomics.add(untaken, 0, 1);
    Atomics.notify(untaken, 0);
  };
  return {
    send: (request) => send(request, [request.bytes]),
    async close() {
      closing = true;
      send('close', []);
      await exited;
      port.close();
    },
    terminate: () => worker.terminate(),
  };
}
