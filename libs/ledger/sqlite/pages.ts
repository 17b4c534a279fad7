import type { DatabaseSync } from 'node:sqlite';
import { eventFromText } from '../event-text.ts';
import type { RecordedEvent, Upcast } from '../ledger.ts';

/** Events as they travel from the reader's thread: their texts as bytes, parsed where they are used. */
export interface Page {
  readonly positions: Float64Array;
  readonly lengths: Int32Array;
  readonly bytes: ArrayBuffer;
  /** Where the next page starts, in the terms of its request; `undefined` at the end. */
  readonly next: number | undefined;
}

export interface PageLimits {
  readonly pageEventsMax: number;
  readonly pageBytesMax: number;
}

type Row = readonly [position: number, bytes: Uint8Array];

/** The events of the page, brought up to date. */
export function eventsOfPage({ positions, lengths, bytes }: Page, upcast?: Upcast): RecordedEvent[] {
  const buffer = Buffer.from(bytes);
  const events: RecordedEvent[] = [];
  let offset = 0;
  for (let index = 0; index < positions.length; index += 1) {
    const end = offset + lengths[index]!;
    const event = eventFromText(buffer.toString('utf8', offset, end), positions[index]!);
    events.push(upcast === undefined ? event : upcast(event));
    offset = end;
  }
  return events;
}

/** Makes a page of rows until it is full. Returns how many rows it took. */
function pageOf(rows: Iterable<Row>, limits: PageLimits): { positions: number[]; parts: Uint8Array[]; bytesUsed: number } {
  const positions: number[] = [];
  const parts: Uint8Array[] = [];
  let bytesUsed = 0;
  for (const [position, bytes] of rows) {
    positions.push(position);
    parts.push(bytes);
    bytesUsed += bytes.length;
    if (positions.length >= limits.pageEventsMax || bytesUsed >= limits.pageBytesMax) break;
  }
  return { positions, parts, bytesUsed };
}

function seal({ positions, parts, bytesUsed }: ReturnType<typeof pageOf>, next: number | undefined): Page {
  const bytes = new Uint8Array(bytesUsed);
  const lengths = new Int32Array(parts.length);
  let offset = 0;
  for (const [index, part] of parts.entries()) {
    bytes.set(part, offset);
    lengths[index] = part.length;
    offset += part.length;
  }
  return { positions: Float64Array.from(positions), lengths, bytes: bytes.buffer, next };
}

export interface LogPages {
  /** Events with `after < position <= until`; `next` is the `after` of the next page. */
  all(after: number, until: number): Page;
  /** Events of the stream from `revision` on with `position <= until`; `next` is the `revision` of the next page. */
  ofStream(stream: number, revision: number, until: number): Page;
  /** Events of the stream with `after < position <= until`, found by reading through all; `next` is the `after` of the next page. */
  ofStreamAfter(stream: number, after: number, until: number): Page;
  /** The stream's first revision with a position greater than `after`, or one past its last one. */
  firstRevisionAfter(stream: number, after: number, until: number): number;
}

/** Where a stream's events stand, as far as the index goes. */
export interface Places {
  /** Up to which position of the log the answers below are complete. */
  position(): number;
  /** Positions of the stream's events from `revision` on, at most `count`. */
  of(stream: number, revision: number, count: number): readonly number[];
  /** As `LogPages.firstRevisionAfter`. */
  firstRevisionAfter(stream: number, after: number): number;
}

/**
 * Reads the log page by page, each in a transaction of its own, so that no reader keeps the write-ahead log from being emptied. What the index does
 * not have yet is looked for in the log behind it.
 */
export function logPages(log: DatabaseSync, places: Places, limits: PageLimits): LogPages {
  const byRange = log.prepare('SELECT position, bytes FROM events WHERE position > ? AND position <= ? ORDER BY position');
  const byPosition = log.prepare('SELECT position, bytes FROM events WHERE position = ?');
  const tail = log.prepare(
    'SELECT position, bytes FROM events WHERE position > ? AND position <= ? AND stream = ? AND revision >= ? ORDER BY position',
  );
  const tailStart = log.prepare('SELECT min(revision) AS first FROM events WHERE position > ? AND position <= ? AND stream = ?');
  for (const statement of [byRange, byPosition, tail]) statement.setReturnArrays(true);

  function* rowsOfStream(stream: number, revision: number, until: number): Generator<Row> {
    const indexed = places.position();
    let from = revision;
    for (;;) {
      const positions = places.of(stream, from, limits.pageEventsMax);
      for (const position of positions) {
        if (position > Math.min(indexed, until)) break;
        yield byPosition.get(position) as unknown as Row;
        from += 1;
      }
      if (positions.length < limits.pageEventsMax || positions.at(-1)! > Math.min(indexed, until)) break;
    }
    if (indexed < until) yield* tail.iterate(indexed, until, stream, from) as Iterable<unknown> as Iterable<Row>;
  }

  const isFull = ({ positions, bytesUsed }: ReturnType<typeof pageOf>): boolean =>
    positions.length >= limits.pageEventsMax || bytesUsed >= limits.pageBytesMax;

  return {
    all(after, until) {
      const page = pageOf(byRange.iterate(after, until) as Iterable<unknown> as Iterable<Row>, limits);
      const last = page.positions.at(-1) ?? until;
      return seal(page, last < until ? last : undefined);
    },
    ofStream(stream, revision, until) {
      const page = pageOf(rowsOfStream(stream, revision, until), limits);
      return seal(page, isFull(page) ? revision + page.positions.length : undefined);
    },
    ofStreamAfter(stream, after, until) {
      const page = pageOf(tail.iterate(after, until, stream, 0) as Iterable<unknown> as Iterable<Row>, limits);
      return seal(page, isFull(page) ? page.positions.at(-1) : undefined);
    },
    firstRevisionAfter(stream, after, until) {
      const indexed = places.position();
      const revision = places.firstRevisionAfter(stream, Math.min(after, indexed));
      if (after <= indexed) return revision;
      const behind = tailStart.get(after, until, stream) as { first: number | null };
      // Nothing of it behind `after`: any revision past its end does, and `until` bounds them all.
      return behind.first ?? Number.MAX_SAFE_INTEGER;
    },
  };
}
