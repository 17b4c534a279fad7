import type { Transferable } from 'node:worker_threads';
import { parentPort, Worker } from 'node:worker_threads';

/** Calls to a worker thread and their answers. */
export interface WorkerCalls {
  /** @throws what the call threw in the worker, or that the worker is gone */
  call<Answer>(name: string, input: unknown): Promise<Answer>;
  /** Ends the worker after the calls that it has. */
  close(): Promise<void>;
}

interface Call {
  readonly id: number;
  readonly name: string;
  readonly input: unknown;
}

type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: unknown };

/** The URL of a worker file beside `importer`: TypeScript as it stands in the source, JavaScript where it is built. */
export function workerUrl(name: string, importer: string): URL {
  return new URL(`./${name}.worker.${importer.endsWith('.ts') ? 'ts' : 'js'}`, importer);
}

export function startCalls(url: URL, workerData: unknown): WorkerCalls {
  const worker = new Worker(url, { workerData, name: url.pathname.slice(url.pathname.lastIndexOf('/') + 1) });
  const pending = new Map<number, { resolve: (value: never) => void; reject: (error: unknown) => void }>();
  let lastId = 0;
  let gone: Error | undefined;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const end = (error: Error): void => {
    gone ??= error;
    for (const { reject } of pending.values()) reject(gone);
    pending.clear();
  };
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', () => end(new Error('the worker thread has ended')));
  worker.on('message', (answer: Answer) => {
    const call = pending.get(answer.id);
    pending.delete(answer.id);
    if ('error' in answer) call?.reject(answer.error);
    else call?.resolve(answer.value as never);
  });

  return {
    call: (name, input) =>
      new Promise((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        lastId += 1;
        pending.set(lastId, { resolve, reject });
        worker.postMessage({ id: lastId, name, input } satisfies Call);
      }),
    async close() {
      if (gone === undefined) worker.postMessage('close');
      await exited;
    },
  };
}

/** What a call answers, and which of its buffers go over instead of being copied. */
export interface Answered {
  readonly value: unknown;
  readonly transfer?: readonly Transferable[];
}

/** Runs in the worker: answers calls one after the other. */
export function answerCalls(answers: Readonly<Record<string, (input: never) => Answered>>, close: () => void): void {
  const port = parentPort!;
  port.on('message', (call: Call | 'close') => {
    if (call === 'close') {
      close();
      port.close();
      return;
    }
    try {
      const { value, transfer = [] } = answers[call.name]!(call.input as never);
      port.postMessage({ id: call.id, value } satisfies Answer, [...transfer]);
    } catch (error) {
      port.postMessage({ id: call.id, error } satisfies Answer);
    }
  });
}
