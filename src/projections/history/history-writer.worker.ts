import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';

import type { HistoryEvent } from './call.ts';
import type { FromWriter, ToWriter, WriterSettings } from './history-messages.ts';
import { openHistoryWriter, type HistoryWriter } from './history-writer.ts';

/** Events in one transaction at most. What waits goes into one: few when caught up, so many when behind. */
const batchEventsMax = 20_000;

const port = parentPort as MessagePort;
const { directory, segmentCallsMax } = workerData as WriterSettings;

function say(message: FromWriter): void {
  port.postMessage(message);
}

function serve(writer: HistoryWriter): void {
  let stopped = false;

  port.on('message', (message: ToWriter) => {
    const events: HistoryEvent[] = [];
    let next: ToWriter | undefined = message;
    while (next?.kind === 'events') {
      for (const event of next.events) events.push(event);
      next = events.length < batchEventsMax ? (receiveMessageOnPort(port)?.message as ToWriter | undefined) : undefined;
    }
    if (!stopped && events.length > 0) apply(events);
    if (next?.kind === 'close') {
      if (!stopped) writer.close();
      say({ kind: 'closed' });
      port.close();
    }
  });

  function apply(events: readonly HistoryEvent[]): void {
    try {
      writer.apply(events);
    } catch (error) {
      stopped = true;
      const { position, segments } = writer.checkpoint();
      writer.close();
      say({ kind: 'stopped', position, segments, message: error instanceof Error ? error.message : String(error) });
      return;
    }
    say({ kind: 'applied', ...writer.checkpoint(), events: events.length });
  }
}

const writer = openHistoryWriter(directory, segmentCallsMax);
serve(writer);
say({ kind: 'opened', ...writer.checkpoint(), events: 0 });
