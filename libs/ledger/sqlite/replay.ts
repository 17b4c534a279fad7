import type { DatabaseSync } from 'node:sqlite';
import { eventFromText } from '../event-text.ts';
import type { RecordedEvent, Upcast } from '../ledger.ts';

/** Few, so that what is read dies young: the collector never has to copy it. */
const replayEventsMax = 128;

export interface Replay {
  /** Events with a greater position. */
  readonly after: number;
  /** … and at most this one. */
  readonly until: number;
  readonly upcast?: Upcast | undefined;
  /** Gets the events in order, some at a time. */
  readonly onEvents: (events: readonly RecordedEvent[]) => void;
}

/** Reads events in this thread, as fast as they can be parsed. Blocks the event loop: for the time before a server listens. */
export function replayLog(log: DatabaseSync, { after, until, upcast, onEvents }: Replay): void {
  // As text: SQLite's bytes become a string without a buffer in between.
  const select = log.prepare('SELECT position, CAST(bytes AS TEXT) FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?');
  select.setReturnArrays(true);
  for (let from = after; from < until;) {
    const rows = select.all(from, until, replayEventsMax) as unknown as [position: number, text: string][];
    if (rows.length === 0) return;
    onEvents(
      rows.map(([position, text]) => {
        const event = eventFromText(text, position);
        return upcast === undefined ? event : upcast(event);
      }),
    );
    from = rows.at(-1)![0];
  }
}
