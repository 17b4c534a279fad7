import { Worker } from 'node:worker_threads';
import { ServiceUnavailable, Throttling } from '../../libs/aws/index.ts';
import type { PolicyAnswer, PolicyAnswers, PolicyQuestion } from './policy-questions.ts';

/** Questions that wait at most. Each can take seconds, and what waits longer nobody waits for. */
const waitingMax = 32;
/** The thread ends when nobody has asked anything for so long: it holds the catalogue of services in memory. */
const idleMs = 60_000;

/** Memory of the thread: what a document makes it take must not be the server's. */
const memoryMaxMiB = 512;

interface Waiting {
  readonly resolve: (answer: PolicyAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Answers questions about policies in a thread of its own, which begins with the first question: documents can be made to keep it busy for seconds, and nobody
 * else must wait for that.
 */
export class PolicyAnalyst {
  readonly #waiting = new Map<number, Waiting>();
  readonly #idleMs: number;
  #worker: Worker | undefined;
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: { readonly idleMs?: number } = {}) {
    this.#idleMs = options.idleMs ?? idleMs;
  }

  /** @throws Throttling where too many questions wait already; ServiceUnavailable where the thread ran out of memory */
  ask<Q extends PolicyQuestion>(question: Q): Promise<PolicyAnswer<Q['about'] & keyof PolicyAnswers>> {
    if (this.#waiting.size >= waitingMax) throw new Throttling();
    const worker = (this.#worker ??= this.#start());
    clearTimeout(this.#idle);
    worker.ref();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject });
      worker.postMessage({ id, question });
    });
  }

  /** Ends the thread; questions that wait are rejected. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    this.#giveUp(new Error('the analysis of policies has ended'));
  }

  #start(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./policy-analyst.worker.${extension}`, import.meta.url), {
      name: 'policy analyst',
      resourceLimits: { maxOldGenerationSizeMb: memoryMaxMiB },
    });
    worker.on('message', ({ id, answer }: { readonly id: number; readonly answer: PolicyAnswer }) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#rest(worker);
      waiting?.resolve(answer);
    });
    worker.on('error', (error) => {
      if (this.#worker === worker) this.#worker = undefined;
      const isTooMuch = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#giveUp(
        isTooMuch ? new ServiceUnavailable('The analysis of a policy took too much memory, and those that waited for it were given up.') : error,
      );
    });
    return worker;
  }

  /** An idle thread keeps nobody from ending, and ends itself. */
  #rest(worker: Worker): void {
    worker.unref();
    this.#idle = setTimeout(() => {
      if (this.#worker === worker) this.#worker = undefined;
      void worker.terminate();
    }, this.#idleMs);
    this.#idle.unref();
  }

  #giveUp(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
