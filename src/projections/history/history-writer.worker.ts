import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';

import type { HistoryEvent } from './call.ts';
import type { FromWriter, ToWriter, WriterSettings } from './history-messages.ts';
import { openHistoryWriter, type HistoryWriter } from './history-writer.ts';

/** Events in one transaction at most. What waits goes into one: few when caught up, so many when behind. */
const batchEventsMax = 40_000;

const port = parentPort as MessagePort;
const { directory, segmentCallsMax } = workerData as WriterSettings;

function say(message: FromWriter): void {
  port.postMessage(message);
}

/** The events that wait, message after message: each is read only when its turn comes, so that it dies young. */
function* waitingEvents(first: ToWriter): Generator<HistoryEvent> {
  let taken = 0;
  for (let message: ToWriter | undefined = first; message?.kind === 'events'; message = nextMessage()) {
    yield* message.events;
    taken += message.events.length;
    say({ kind: 'taken', events: message.events.length });
    if (taken >= batchEventsMax) return;
  }
}

/** `close` may come in the middle of a batch, which is finished first. */
let isToClose = false;

function nextMessage(): ToWriter | undefined {
  const message = receiveMessageOnPort(port)?.message as ToWriter | undefined;
  if (message?.kind === 'close') isToClose = true;
  return message;
}

function serve(writer: HistoryWriter): void {
  let isOpen = true;

  port.on('message', (message: ToWriter) => {
    if (message.kind === 'close') isToClose = true;
    else if (isOpen) apply(message);
    if (isToClose) close();
  });

  function apply(first: ToWriter): void {
    try {
      writer.apply(waitingEvents(first));
    } catch (error) {
      isOpen = false;
      const { position, segments } = writer.checkpoint();
      writer.close();
      say({ kind: 'stopped', position, segments, message: error instanceof Error ? error.message : String(error) });
      return;
    }
    say({ kind: 'applied', ...writer.checkpoint() });
  }

  function close(): void {
    if (isOpen) writer.close();
    say({ kind: 'closed' });
    port.close();
  }
}

const writer = openHistoryWriter(directory, segmentCallsMax);
serve(writer);
say({ kind: 'opened', ...writer.checkpoint() });
