import type { DatabaseSync } from 'node:sqlite';

import { dimensions, shortName } from './call-terms.ts';
import { valuesOf, type HistoryQuery, type OneOf } from './history-query.ts';
import { lastUsedKinds, type LastUsed, type LastUsedKind } from './last-used.ts';
import { allCalls, allOf, anyOf, callsWithTerm, prepareCursors, shareOfTerm, type CursorStatements, type PositionCursor } from './position-cursor.ts';
import { eventKey, openForReading, readCheckpoint, selectCalls, type CallRow, type SegmentCheckpoint } from './segment-file.ts';

/** The least and greatest time of some neighbouring calls. */
export interface TimeBlock {
  readonly first: number;
  readonly last: number;
  readonly timeMin: number;
  readonly timeMax: number;
}

/** Reads one segment, beside its writer. Every answer is of what is committed at that moment. */
export interface SegmentReader {
  checkpoint(): SegmentCheckpoint;
  /** The blocks, ascending. They cover every call up to the checkpoint that was read last. */
  blocks(): readonly TimeBlock[];
  /** Positions that fulfil every filter of `query` that has an index; `undefined`: none does. */
  find(query: HistoryQuery, descending: boolean): PositionCursor | undefined;
  row(position: number): CallRow | undefined;
  timeMs(position: number): number | undefined;
  lastUsed(kind: LastUsedKind, id: string): LastUsed | undefined;
  close(): void;
}

/** Filters that are terms, the dimension of each, and how its value stands there. */
const termFilters: readonly (readonly [filter: keyof HistoryQuery, dimension: number, term?: (value: string) => string])[] = [
  ['accessKeyId', dimensions.accessKeyId],
  ['resource', dimensions.resource, shortName],
  ['listedResource', dimensions.resource, shortName],
  ['actor', dimensions.actor, shortName],
  ['userName', dimensions.actor, shortName],
  ['sessionRoot', dimensions.sessionRoot],
  ['errorCode', dimensions.errorCode],
  ['sourceIPAddress', dimensions.sourceIPAddress],
  ['eventName', dimensions.eventName],
  ['resourceType', dimensions.resourceType],
  ['eventSource', dimensions.eventSource],
  ['outcome', dimensions.outcome],
  ['readOnly', dimensions.readOnly],
  ['account', dimensions.account],
];

/** Opens the segment at `path`. `sealed`: nothing will be added to it any more. */
export function openSegmentReader(path: string, sealed: boolean): SegmentReader {
  const db = openForReading(path);
  const selectCall = db.prepare(`${selectCalls} WHERE position = ?`);
  const selectTime = db.prepare('SELECT time FROM call WHERE position = ?');
  const selectBlocks = db.prepare('SELECT first, last, time_min AS timeMin, time_max AS timeMax FROM block WHERE first >= ? ORDER BY first');
  const selectUse = db.prepare('SELECT time AS timeMs, region, service AS serviceName, position FROM last_used WHERE kind = ? AND id = ?');
  const descending = prepareCursors(db, true);
  const ascending = prepareCursors(db, false);
  const findTerms = termFinder(db);
  const eventFinder = findEvent(db);
  let checkpoint: SegmentCheckpoint | undefined;
  let blocks: TimeBlock[] = [];
  let blocksUntil = -1;

  return {
    checkpoint() {
      if (checkpoint === undefined || !sealed) checkpoint = readCheckpoint(db);
      if (checkpoint === undefined) throw new Error(`${path} holds no history`);
      return checkpoint;
    },
    blocks() {
      const position = checkpoint?.position ?? 0;
      if (position === blocksUntil) return blocks;
      const from = blocks.at(-1)?.first ?? 0;
      const added = selectBlocks.all(from) as unknown as TimeBlock[];
      blocks = [...blocks.slice(0, -1), ...added];
      blocksUntil = position;
      return blocks;
    },
    find(query, isDescending) {
      const statements = isDescending ? descending : ascending;
      const found: { readonly cursor: PositionCursor; readonly share: number }[] = [];
      const end = checkpoint?.position ?? 0;
      if (query.eventId !== undefined) found.push({ cursor: eventFinder(query.eventId, isDescending), share: 0 });
      for (const [filter, dimension, term] of termFilters) {
        const value = query[filter];
        if (value === undefined) continue;
        const values = valuesOf(typeof value === 'boolean' ? String(value) : (value as OneOf));
        const terms = findTerms(dimension, term === undefined ? values : values.map(term));
        if (terms.length === 0) return undefined;
        const share = terms.reduce((sum, id) => sum + shareOfTerm(descending, id, end), 0);
        found.push({ cursor: cursorOf(statements, terms), share });
      }
      if (found.length === 0) return allCalls(statements);
      return allOf(found.sort((one, other) => one.share - other.share).map(({ cursor }) => cursor));
    },
    row: (position) => selectCall.get(position) as CallRow | undefined,
    timeMs: (position) => selectTime.get(position)?.['time'] as number | undefined,
    lastUsed: (kind, id) => selectUse.get(lastUsedKinds[kind], id) as unknown as LastUsed | undefined,
    close: () => db.close(),
  };
}

function cursorOf(statements: CursorStatements, terms: readonly number[]): PositionCursor {
  const cursors = terms.map((term) => callsWithTerm(statements, term));
  return anyOf(cursors, statements.descending);
}

function termFinder(db: DatabaseSync) {
  const selectTerm = db.prepare('SELECT id FROM term WHERE dimension = ? AND value = ?');
  return function find(dimension: number, values: readonly string[]): number[] {
    const terms: number[] = [];
    for (const value of new Set(values)) {
      const id = selectTerm.get(dimension, value)?.['id'];
      if (id !== undefined) terms.push(id as number);
    }
    return terms;
  };
}

function findEvent(db: DatabaseSync) {
  const selectEvent = db.prepare('SELECT call FROM event WHERE key = ? ORDER BY call');
  return function find(id: string, descending: boolean): PositionCursor {
    const positions = selectEvent.all(eventKey(id)).map((row) => row['call'] as number);
    return {
      seek: (position) => (descending ? positions.findLast((found) => found <= position) : positions.find((found) => found >= position)),
    };
  };
}
