import type { DatabaseSync } from 'node:sqlite';

import { importedEventId, type CallEvent, type CallRecord, type NewCall } from './call.ts';
import { segmentActors, type KnownActor } from './segment-actors.ts';
import { segmentPostings } from './segment-postings.ts';
import { eachRecordTerm } from './call-terms.ts';
import { insertRows } from './insert-rows.ts';
import { isLater, lastUsedKinds, passwordUsedBy, serviceNameOf, type LastUsed } from './last-used.ts';
import {
  blockCallsMax,
  createSchema,
  eventKey,
  openForWriting,
  readCheckpoint,
  selectCalls,
  type CallRow,
  type SegmentCheckpoint,
} from './segment-file.ts';

/**
 * Writes one segment. Not safe for two writers. `begin`, any number of `addCall`, then `commit`: all or nothing, the checkpoint included. After an error
 * the segment must be closed; what was begun is then rolled back by SQLite.
 */
export interface SegmentWriter {
  checkpoint(): SegmentCheckpoint;
  /** The last call of the segment, whose further events may still come. */
  lastCall(): NewCall | undefined;
  begin(): void;
  addCall(call: NewCall): void;
  /** Writes the last call again, which now has more events. */
  replaceLastCall(call: NewCall): void;
  commit(position: number, eventId: string): void;
  close(): void;
}

/** Opens the segment at `path`, or begins it after `start`. */
export function openSegmentWriter(path: string, start: { readonly position: number; readonly eventId: string }): SegmentWriter {
  const db = openForWriting(path);
  let checkpoint = readCheckpoint(db);
  if (checkpoint === undefined) {
    db.exec('BEGIN IMMEDIATE');
    createSchema(db, start.position, start.eventId);
    db.exec('COMMIT');
    checkpoint = readCheckpoint(db) as SegmentCheckpoint;
  }
  const calls = callTable(db);
  const postings = segmentPostings(db, checkpoint.terms);
  const actors = segmentActors(db, checkpoint.actors, postings.termId);
  const blocks = blockTable(db);
  const uses = lastUsedTable(db);
  const saveCheckpoint = db.prepare('UPDATE checkpoint SET position = ?, event_id = ?, calls = ?, terms = ?, actors = ?, time_min = ?, time_max = ?');
  let current = checkpoint;
  let last = calls.last();
  let count = checkpoint.calls;
  let timeMin = checkpoint.timeMin ?? Number.POSITIVE_INFINITY;
  let timeMax = checkpoint.timeMax ?? Number.NEGATIVE_INFINITY;

  return {
    checkpoint: () => current,
    lastCall: () => last,
    begin: () => db.exec('BEGIN IMMEDIATE'),
    addCall(call) {
      const actor = actors.of(call);
      calls.insert(call, actor);
      for (const term of actor.terms) postings.add(term, call.position);
      eachRecordTerm(call.record, (dimension, value) => postings.add(postings.termId(dimension, value), call.position));
      uses.add(call, actor);
      blocks.add(call);
      if (call.timeMs < timeMin) timeMin = call.timeMs;
      if (call.timeMs > timeMax) timeMax = call.timeMs;
      count += 1;
      last = call;
    },
    replaceLastCall(call) {
      calls.replace(call);
      last = call;
    },
    commit(position, eventId) {
      calls.flush();
      actors.flush();
      postings.flush();
      blocks.flush();
      uses.flush();
      const times = count === 0 ? ([null, null] as const) : ([timeMin, timeMax] as const);
      const names = { terms: postings.terms(), actors: actors.count() };
      saveCheckpoint.run(position, eventId, count, names.terms, names.actors, ...times);
      db.exec('COMMIT');
      current = { ...current, ...names, position, eventId, calls: count, timeMin: times[0], timeMax: times[1] };
    },
    close: () => db.close(),
  };
}

function callTable(db: DatabaseSync) {
  const rows = insertRows(db, 'INSERT', { table: 'call', columns: 7 });
  const eventRows = insertRows(db, 'INSERT OR IGNORE', { table: 'event', columns: 2 });
  const replace = db.prepare('UPDATE call SET last_position = ?, events = ? WHERE position = ?');
  const selectLast = db.prepare(`${selectCalls} ORDER BY position DESC LIMIT 1`);

  function addEvent(id: string, position: number): void {
    eventRows.values.push(eventKey(id), position);
    eventRows.added();
  }

  function addEvents(call: NewCall): void {
    for (const { id } of call.events) addEvent(id, call.position);
  }

  return {
    insert(call: NewCall, actor: KnownActor): void {
      rows.values.push(call.position, call.lastPosition, call.timeMs, actor.id, call.stream, JSON.stringify(call.events), call.recordText);
      rows.added();
      addEvents(call);
      const imported = importedEventId(call.record);
      if (imported !== undefined) addEvent(imported, call.position);
    },
    replace(call: NewCall): void {
      replace.run(call.lastPosition, JSON.stringify(call.events), call.position);
      addEvents(call);
    },
    flush(): void {
      rows.flush();
      eventRows.flush();
    },
    last(): NewCall | undefined {
      const row = selectLast.get();
      if (row === undefined) return undefined;
      const { position, lastPosition, time, stream, events, identity, record } = row as unknown as CallRow;
      const texts = { actorText: identity, recordText: record };
      return {
        position,
        lastPosition,
        timeMs: time,
        stream,
        events: JSON.parse(events) as CallEvent[],
        record: JSON.parse(record) as CallRecord,
        ...texts,
      };
    },
  };
}

interface OpenBlock {
  readonly first: number;
  last: number;
  calls: number;
  timeMin: number;
  timeMax: number;
}

function blockTable(db: DatabaseSync) {
  const upsert = db.prepare('INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?, ?)');
  const selectLast = db.prepare('SELECT first, last, calls, time_min AS timeMin, time_max AS timeMax FROM block ORDER BY first DESC LIMIT 1');
  const before = selectLast.get();
  // A row of node:sqlite has no prototype and is not a plain object to the engine; a copy is.
  let open = before === undefined ? undefined : ({ ...before } as unknown as OpenBlock);

  function flush(): void {
    if (open !== undefined) upsert.run(open.first, open.last, open.calls, open.timeMin, open.timeMax);
  }

  return {
    add({ position, timeMs }: NewCall): void {
      if (open === undefined || open.calls >= blockCallsMax) {
        flush();
        open = { first: position, last: position, calls: 1, timeMin: timeMs, timeMax: timeMs };
        return;
      }
      open.last = position;
      open.calls += 1;
      if (timeMs < open.timeMin) open.timeMin = timeMs;
      if (timeMs > open.timeMax) open.timeMax = timeMs;
    },
    flush,
  };
}

function lastUsedTable(db: DatabaseSync) {
  const upsert = db.prepare(
    `INSERT INTO last_used VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET time = excluded.time, region = excluded.region,
     service = excluded.service, position = excluded.position WHERE excluded.time >= time`,
  );
  /** By actor: all that one actor uses is used together. */
  let byActor = new Map<KnownActor, LastUsed>();
  let passwords: (readonly [id: string, used: LastUsed])[] = [];

  function write(kind: number, id: string, used: LastUsed): void {
    upsert.run(kind, id, used.timeMs, used.region, used.serviceName, used.position);
  }

  return {
    add({ position, timeMs, record }: NewCall, actor: KnownActor): void {
      const used = { timeMs, region: record.awsRegion, serviceName: serviceNameOf(record.eventSource), position };
      if (actor.uses.length > 0 && isLater(used, byActor.get(actor))) byActor.set(actor, used);
      const password = passwordUsedBy(record, () => actor.identity);
      if (password !== undefined) passwords.push([password, used]);
    },
    flush(): void {
      // In the order of the log: of two uses at the same time the later call is the last.
      for (const [actor, used] of [...byActor].sort(([, one], [, other]) => one.position - other.position)) {
        for (const [kind, id] of actor.uses) write(lastUsedKinds[kind], id, used);
      }
      for (const [id, used] of passwords) write(lastUsedKinds.password, id, used);
      byActor = new Map();
      passwords = [];
    },
  };
}
