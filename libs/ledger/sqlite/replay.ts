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
    onEvents(rows.map(([position, text]) => upToDate(replayedEvent(text, position), upcast)));
    from = rows.at(-1)![0];
  }
}

function upToDate(event: RecordedEvent, upcast: Upcast | undefined): RecordedEvent {
  const current = upcast === undefined ? event : upcast(event);
  return current === event || Object.hasOwn(current, 'metadata') ? current : { ...current, metadata: event.metadata }; // a copy of ours has none
}

const metadataMember = ',"metadata":';
const streamMember = ',"stream":';

/**
 * The event of a text, without its metadata: that is most of the text, who folds a state does not look at it, and parsing is most of a replay.
 *
 * Within a string a quote is escaped, so what is found is a member: of the event, or of something in `data`. In the latter case what stands before it
 * does not parse, and the text is read as any other.
 */
function replayedEvent(text: string, position: number): RecordedEvent {
  const metadataAt = text.indexOf(metadataMember);
  const streamAt = text.lastIndexOf(streamMember); // the last member but one
  if (metadataAt < 0 || streamAt < metadataAt) return eventFromText(text, position);
  try {
    const head = JSON.parse(`${text.slice(0, metadataAt)}}`) as RecordedEvent;
    const tail = JSON.parse(`{${text.slice(streamAt + 1)}`) as RecordedEvent;
    return new ReplayedEvent(head, tail, position, { text, from: metadataAt + metadataMember.length, to: streamAt });
  } catch {
    return eventFromText(text, position);
  }
}

class ReplayedEvent implements RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly time: string;
  readonly data: unknown;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly #metadata: { readonly text: string; readonly from: number; readonly to: number };

  constructor(
    head: RecordedEvent,
    tail: RecordedEvent,
    position: number,
    metadata: { readonly text: string; readonly from: number; readonly to: number },
  ) {
    this.id = head.id;
    this.type = head.type;
    this.schemaVersion = head.schemaVersion;
    this.time = head.time;
    this.data = head.data;
    this.stream = tail.stream;
    this.revision = tail.revision;
    this.position = position;
    this.#metadata = metadata;
  }

  get metadata(): unknown {
    const { text, from, to } = this.#metadata;
    return JSON.parse(text.slice(from, to));
  }
}
