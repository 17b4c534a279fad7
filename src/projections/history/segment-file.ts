import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { UserIdentity } from '../../iam/call-metadata.ts';

import type { Call, CallEvent, CallRecord } from './call.ts';

/**
 * Version of what the segments hold; part of the directory's name. Raise it whenever the schema, the terms of a call or the content of a
 * row change: the new version then replays beside the old one, which is removed once the new one has caught up.
 */
export const historyVersion = 1;

/**
 * A segment: one SQLite file with about a million calls and all that is needed to find and show them. Nothing refers from one file to
 * another, so the size of one segment bounds the cost of adding a call, however long the log.
 *
 * `posting` is the index: for a term, the positions of the calls that have it, cut into runs of at most `postingsMax`; a run is a row. Written one
 * call at a time (caught up) it is a plain index of (term, position); written in large batches (replay) a row holds up to a hundred calls, which is
 * what makes a dozen indexes affordable. `block` is the index by time: positions are nearly, but not quite, in the order of time (an import
 * brings old times to new positions), so it keeps the least and greatest time of each `blockCallsMax` calls.
 */
const schema = `
CREATE TABLE checkpoint (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), position INTEGER NOT NULL, event_id TEXT NOT NULL,
  first_position INTEGER NOT NULL, calls INTEGER NOT NULL, terms INTEGER NOT NULL, actors INTEGER NOT NULL, time_min INTEGER, time_max INTEGER) STRICT;
CREATE TABLE call (position INTEGER PRIMARY KEY, last_position INTEGER NOT NULL, time INTEGER NOT NULL, actor INTEGER NOT NULL, stream TEXT NOT NULL,
  events TEXT NOT NULL, record TEXT NOT NULL) STRICT;
CREATE TABLE actor (id INTEGER PRIMARY KEY, identity TEXT NOT NULL) STRICT;
CREATE TABLE term (dimension INTEGER NOT NULL, value TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (dimension, value)) STRICT, WITHOUT ROWID;
CREATE TABLE posting (term INTEGER NOT NULL, first INTEGER NOT NULL, calls BLOB NOT NULL, PRIMARY KEY (term, first)) STRICT, WITHOUT ROWID;
CREATE TABLE event (key INTEGER NOT NULL, call INTEGER NOT NULL, PRIMARY KEY (key, call)) STRICT, WITHOUT ROWID;
CREATE TABLE block (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, calls INTEGER NOT NULL, time_min INTEGER NOT NULL, time_max INTEGER NOT NULL) STRICT;
CREATE TABLE last_used (kind INTEGER NOT NULL, id TEXT NOT NULL, time INTEGER NOT NULL, region TEXT NOT NULL, service TEXT NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
`;

/** Calls in one row of `posting` at most: more cost a search that looks up one call, fewer a replay that writes many. */
export const postingsMax = 128;
/** Calls in one row of `block` at most. */
export const blockCallsMax = 1024;

/** The row of `checkpoint`. */
export interface SegmentCheckpoint {
  /** Position of the last event that was applied. */
  readonly position: number;
  /** Its id; empty at position 0. Tells whether the log is still the one that this history was folded from. */
  readonly eventId: string;
  /** Position of the first event of this segment. */
  readonly firstPosition: number;
  readonly calls: number;
  readonly terms: number;
  readonly actors: number;
  readonly timeMin: number | null;
  readonly timeMax: number | null;
}

/** Path of the segment with this number (from 1). */
export function segmentPath(directory: string, number: number): string {
  return join(directory, `segment-${String(number).padStart(6, '0')}.db`);
}

/** How many segments stand in `directory`: they are numbered from 1 without a gap. */
export function countSegments(directory: string): number {
  if (!existsSync(directory)) return 0;
  return readdirSync(directory).filter((name) => /^segment-\d{6}\.db$/.test(name)).length;
}

/**
 * Opens a segment for its only writer. `synchronous=NORMAL`: a power cut may take back the last transactions, whole and in order, and
 * the checkpoint with them; the events are then delivered again. The log is what is durable.
 */
export function openForWriting(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(
    'PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -131072; PRAGMA wal_autocheckpoint = 4000',
  );
  return db;
}

/** Opens a segment for reading, beside its writer. */
export function openForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA query_only = ON; PRAGMA cache_size = -4096; PRAGMA mmap_size = 1073741824');
  return db;
}

/** Makes the tables, inside the transaction that also writes the first rows: a segment exists with its checkpoint or not at all. */
export function createSchema(db: DatabaseSync, position: number, eventId: string): void {
  db.exec(schema);
  db.prepare('INSERT INTO checkpoint VALUES (1, ?, ?, ?, 0, 0, 0, NULL, NULL)').run(position, eventId, position + 1);
}

/** The checkpoint, or `undefined` where the process died before the first transaction of this segment. */
export function readCheckpoint(db: DatabaseSync): SegmentCheckpoint | undefined {
  const exists = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'checkpoint'`).get();
  if (exists === undefined) return undefined;
  const row = db
    .prepare(
      `SELECT position, event_id AS eventId, first_position AS firstPosition, calls, terms, actors, time_min AS timeMin, time_max AS timeMax FROM checkpoint`,
    )
    .get();
  return row as SegmentCheckpoint | undefined;
}

/**
 * Key of an event id (a UUID) in the table `event`: 13 of its hexadecimal digits, which fit a double. Not unique: the row tells.
 * Of a UUIDv7 these are mostly the time, so the table grows at its end.
 */
export function eventKey(id: string): number {
  let key = 0;
  let digits = 0;
  for (let index = 0; index < id.length && digits < keyDigits + 1; index++) {
    const code = id.charCodeAt(index);
    // `-` stands between the digits; the 13th digit is the UUID's version and says nothing.
    if (code === 0x2d || ++digits === versionDigit) continue;
    key = key * 16 + (code & 0x0f) + (code > 0x40 ? 9 : 0);
  }
  return Math.min(key, Number.MAX_SAFE_INTEGER);
}

const keyDigits = 13;
const versionDigit = 13;

/** Selects whole calls: rows as `CallRow` says. */
export const selectCalls =
  'SELECT position, last_position AS lastPosition, time, stream, events, identity, record FROM call JOIN actor ON actor.id = call.actor';

export interface CallRow {
  readonly position: number;
  readonly lastPosition: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly stream: string;
  /** JSON of CallEvent[]. */
  readonly events: string;
  /** JSON of the actor. */
  readonly identity: string;
  /** JSON of a CallRecord. */
  readonly record: string;
}

/** The call that a row holds. */
export function callOfRow({ position, lastPosition, time, stream, events, identity, record }: CallRow): Call {
  const actor = JSON.parse(identity) as UserIdentity;
  const metadata = { ...(JSON.parse(record) as CallRecord), actor };
  return { position, lastPosition, stream, timeMs: time, events: JSON.parse(events) as CallEvent[], metadata };
}
