import { Worker } from 'node:worker_threads';

import type { Checkpoint, FromWriter, ToWriter } from './messages.ts';

/** The projection has stopped; the message says at which event and why. */
export class ProjectionStopped extends Error {
  override readonly name = 'ProjectionStopped';
  /** The disk is full or failed: another try, later, may do it. */
  readonly temporary: boolean;

  constructor(message: string, options: { readonly cause?: unknown; readonly temporary?: boolean } = {}) {
    super(message, options);
    this.temporary = options.temporary ?? false;
  }
}

/** The main thread's end of the thread that writes a projection. */
export interface WriterThread<Event, Point extends Checkpoint> {
  /** What is written. */
  checkpoint(): Point;
  /** Why the writer stopped, if it did. */
  error(): ProjectionStopped | undefined;
  /**
   * Hands events over. Resolves when there is room for more, not when they are written: see `onApplied`.
   * @throws ProjectionStopped
   */
  send(events: readonly Event[]): Promise<void>;
  /** Resolves when everything that was handed over is written. @throws ProjectionStopped */
  settle(): Promise<void>;
  /** Called after every transaction, and when the writer stops. */
  onApplied(listener: () => void): void;
  /** Starts the writer anew where it stood: what was handed over and not written must be handed over again. Whether it could: see `error`. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface WriterThreadSettings<Point extends Checkpoint> {
  /** The projection's, for messages: `history`. */
  readonly name: string;
  readonly url: URL;
  readonly workerData: unknown;
  /** Where an empty projection stands. */
  readonly start: Point;
}

/** Events that are handed over but not yet read by the writer, at most: about 15 MB, and more than it reads while it commits. */
const eventsInFlightMax = 12_000;
/** Events in one message: text of about a megabyte. */
const messageEventsMax = 2_000;
/** Room for young objects in the writer: enough that the events of a message have died before they would be copied. A third more events/s than Node's default. */
const maxYoungGenerationSizeMb = 96;

/** Starts the writer of a projection. Whether it could open its files: see `error`. */
export async function startWriterThread<Event extends { readonly position: number }, Point extends Checkpoint>(
  settings: WriterThreadSettings<Point>,
): Promise<WriterThread<Event, Point>> {
  const { name, url, workerData } = settings;
  let checkpoint = settings.start;
  let error: ProjectionStopped | undefined;
  let inFlight = 0;
  let sentPosition = 0;
  let room = Promise.withResolvers<void>();
  let listener = (): void => undefined;
  /** Whose messages count: not those of a thread that has been replaced. */
  let current: Worker | undefined;
  let worker = launch();

  function makeRoom(): void {
    room.resolve();
    room = Promise.withResolvers<void>();
  }

  function launch() {
    const thread = new Worker(url, { workerData, resourceLimits: { maxYoungGenerationSizeMb } });
    current = thread;
    const opened = Promise.withResolvers<void>();
    const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve()));

    function stop(reason: string, temporary = false): void {
      opened.resolve();
      if (error !== undefined || current !== thread) return;
      const message = `the ${name} stands at position ${checkpoint.position}: ${reason}`;
      error = new ProjectionStopped(message, { temporary });
      makeRoom();
      listener();
    }

    thread.on('message', (message: FromWriter<Point>) => {
      if (current !== thread) return;
      switch (message.kind) {
        case 'closed':
          return;
        case 'stopped':
          checkpoint = message.checkpoint ?? checkpoint;
          return stop(message.message, message.temporary);
        case 'taken':
          inFlight -= message.events;
          return makeRoom();
        case 'opened':
        case 'applied':
          checkpoint = message.checkpoint;
          opened.resolve();
          makeRoom();
          return listener();
      }
    });
    thread.on('error', (cause: Error) => stop(cause.message));
    thread.on('exit', () => stop('its writer has ended'));
    return { thread, opened: opened.promise, exited };
  }

  await worker.opened;
  return {
    checkpoint: () => checkpoint,
    error: () => error,
    async send(events) {
      for (let start = 0; start < events.length; start += messageEventsMax) {
        while (inFlight > eventsInFlightMax && error === undefined) await room.promise;
        if (error !== undefined) throw error;
        const slice = events.length <= messageEventsMax ? events : events.slice(start, start + messageEventsMax);
        inFlight += slice.length;
        sentPosition = slice.at(-1)?.position ?? sentPosition;
        worker.thread.postMessage({ kind: 'events', events: slice } satisfies ToWriter<Event>);
      }
    },
    async settle() {
      while (checkpoint.position < sentPosition && error === undefined) await room.promise;
      if (error !== undefined) throw error;
    },
    onApplied(listen) {
      listener = listen;
    },
    async restart() {
      current = undefined;
      await worker.thread.terminate();
      [error, inFlight, sentPosition] = [undefined, 0, 0];
      worker = launch();
      await worker.opened;
    },
    async close() {
      worker.thread.postMessage({ kind: 'close' } satisfies ToWriter<Event>);
      await worker.exited;
    },
  };
}
