import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';

import type { Checkpoint, FromWriter, ToWriter } from './messages.ts';

/** Writes events into the files of one projection; lives in a thread of its own. */
export interface EventWriter<Event, Point extends Checkpoint> {
  checkpoint(): Point;
  /** Applies `events`, all of them; they are taken one at a time. Rows and checkpoint are one transaction. */
  apply(events: Iterable<Event>): void;
  close(): void;
}

/** Events in one transaction at most. What waits goes into one: few when caught up, so many when behind. */
const batchEventsMax = 40_000;

/** Result codes of SQLite after which another try may succeed: FULL, IOERR, CANTOPEN, BUSY. */
const temporaryCodes: ReadonlySet<number> = new Set([13, 10, 14, 5]);

/** Whether an error comes from a disk that is full or failed. */
export function isDiskError(error: unknown): boolean {
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  if (code === 'ENOSPC' || code === 'EIO') return true;
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' && temporaryCodes.has(errcode & 0xff);
}

/** Serves a writer to the main thread: the life of the writer's thread. Whatever fails is told, and ends the writer's work. */
export function serveWriter<Event, Point extends Checkpoint>(port: MessagePort, open: () => EventWriter<Event, Point>): void {
  let writer: EventWriter<Event, Point> | undefined;
  /** `close` may come in the middle of a batch, which is finished first. */
  let isToClose = false;

  function say(message: FromWriter<Point>): void {
    port.postMessage(message);
  }

  function nextMessage(): ToWriter<Event> | undefined {
    const message = receiveMessageOnPort(port)?.message as ToWriter<Event> | undefined;
    if (message?.kind === 'close') isToClose = true;
    return message;
  }

  /** The events that wait, message after message: each is read only when its turn comes, so that it dies young. */
  function* waitingEvents(first: ToWriter<Event>): Generator<Event> {
    let taken = 0;
    for (let message: ToWriter<Event> | undefined = first; message?.kind === 'events'; message = nextMessage()) {
      yield* message.events;
      taken += message.events.length;
      say({ kind: 'taken', events: message.events.length });
      if (taken >= batchEventsMax) return;
    }
  }

  function stop(error: unknown, checkpoint: Point | undefined): void {
    const message = error instanceof Error ? error.message : String(error);
    say({ kind: 'stopped', checkpoint, message, temporary: isDiskError(error) });
  }

  function apply(first: ToWriter<Event>): void {
    if (writer === undefined) return;
    try {
      writer.apply(waitingEvents(first));
    } catch (error) {
      const checkpoint = writer.checkpoint();
      close();
      stop(error, checkpoint);
      return;
    }
    say({ kind: 'applied', checkpoint: writer.checkpoint() });
  }

  function close(): void {
    try {
      writer?.close();
    } catch {
      // After a failed write SQLite may have closed the file already; what was not committed is rolled back when it is opened again.
    }
    writer = undefined;
  }

  port.on('message', (message: ToWriter<Event>) => {
    if (message.kind === 'close') isToClose = true;
    else apply(message);
    if (!isToClose) return;
    close();
    say({ kind: 'closed' });
    port.close();
  });

  try {
    writer = open();
    say({ kind: 'opened', checkpoint: writer.checkpoint() });
  } catch (error) {
    stop(error, undefined);
  }
}
