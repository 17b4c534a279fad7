import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { decodePositions } from './postings.ts';

/**
 * Finds positions one after the other, ascending or descending. `seek(position)` answers the first at or beyond `position` in its
 * direction, or `undefined`. The positions sought must not go back.
 */
export interface PositionCursor {
  seek(position: number): number | undefined;
}

/** Rows that are fetched at once while a cursor is read through without skipping. */
const rowsFetchedMax = 64;
/** Rows from which a term's share is guessed. */
const rowsLookedAt = 8;
/** Where so many positions came at once, fetching more rows at once gains nothing. */
const positionsFetchedEnough = 128;

/** The statements that read one segment's positions in one direction. Prepared once for an open segment. */
export interface CursorStatements {
  readonly descending: boolean;
  readonly calls: StatementSync;
  readonly postingsAtOrBefore: StatementSync;
  /** As before, but one row: `get` costs a third of `all`, and one row is what a search mostly wants. */
  readonly postingAtOrBefore: StatementSync;
  readonly postingsAfter: StatementSync;
}

export function prepareCursors(db: DatabaseSync, descending: boolean): CursorStatements {
  const [comparison, order] = descending ? ['<=', 'DESC'] : ['>=', 'ASC'];
  return {
    descending,
    calls: db.prepare(`SELECT position FROM call WHERE position ${comparison} ? ORDER BY position ${order} LIMIT ?`),
    postingsAtOrBefore: db.prepare('SELECT first, calls FROM posting WHERE term = ? AND first <= ? ORDER BY first DESC LIMIT ?'),
    postingAtOrBefore: db.prepare('SELECT first, calls FROM posting WHERE term = ? AND first <= ? ORDER BY first DESC LIMIT 1'),
    postingsAfter: db.prepare('SELECT first, calls FROM posting WHERE term = ? AND first > ? ORDER BY first LIMIT ?'),
  };
}

/** Every call of the segment. */
export function allCalls({ calls, descending }: CursorStatements): PositionCursor {
  return buffered(descending, (position, rows) => calls.all(position, rows * 16).map((row) => row['position'] as number));
}

/** The calls that have `term`. */
export function callsWithTerm(statements: CursorStatements, term: number): PositionCursor {
  return buffered(statements.descending, statements.descending ? before : after);

  function before(position: number, rows: number): number[] {
    const positions: number[] = [];
    for (const row of rows === 1 ? rowAtOrBefore(position) : statements.postingsAtOrBefore.all(term, position, rows)) {
      const run = positionsOf(row);
      for (let index = run.length - 1; index >= 0; index--) {
        const found = run[index] as number;
        if (found <= position) positions.push(found);
      }
    }
    return positions;
  }

  function after(position: number, rows: number): number[] {
    const positions: number[] = [];
    for (const row of rowAtOrBefore(position)) {
      for (const found of positionsOf(row)) if (found >= position) positions.push(found);
    }
    if (positions.length > 0 && rows === 1) return positions;
    for (const row of statements.postingsAfter.all(term, position, rows)) for (const found of positionsOf(row)) positions.push(found);
    return positions;
  }

  function rowAtOrBefore(position: number): Record<string, unknown>[] {
    const row = statements.postingAtOrBefore.get(term, position);
    return row === undefined ? [] : [row];
  }
}

function positionsOf(row: Record<string, unknown>): number[] {
  return decodePositions(row['first'] as number, row['calls'] as Uint8Array);
}

/**
 * About how large a part of the calls before `end` has `term`, from its newest rows: good enough to tell which of several filters leads.
 */
export function shareOfTerm({ postingsAtOrBefore }: CursorStatements, term: number, end: number): number {
  let calls = 0;
  let first = end;
  for (const row of postingsAtOrBefore.all(term, end, rowsLookedAt)) {
    calls += positionsOf(row).length;
    first = row['first'] as number;
  }
  return calls / (end - first + 1);
}

/** Calls `fetch` for a few rows where positions are skipped, for more and more where they are read through. */
function buffered(descending: boolean, fetch: (position: number, rows: number) => number[]): PositionCursor {
  let buffer: readonly number[] = [];
  let index = 0;
  let rows = 1;
  let answered = 0;
  let ended = false;
  return {
    seek(position) {
      answered += 1;
      if (skipTo(position)) return buffer[index];
      if (ended) return undefined;
      const readThrough = answered * 2 >= buffer.length && buffer.length < positionsFetchedEnough;
      rows = readThrough && buffer.length > 0 ? Math.min(rows * 2, rowsFetchedMax) : 1;
      buffer = fetch(position, rows);
      index = 0;
      answered = 0;
      ended = buffer.length === 0;
      return buffer[0];
    },
  };

  function skipTo(position: number): boolean {
    while (index < buffer.length) {
      const found = buffer[index] as number;
      if (descending ? found <= position : found >= position) return true;
      index += 1;
    }
    return false;
  }
}

/** The positions that any of the cursors has. */
export function anyOf(cursors: readonly PositionCursor[], descending: boolean): PositionCursor {
  const [first] = cursors;
  if (first !== undefined && cursors.length === 1) return first;
  return {
    seek(position) {
      let nearest: number | undefined;
      for (const cursor of cursors) {
        const found = cursor.seek(position);
        if (found !== undefined && (nearest === undefined || (descending ? found > nearest : found < nearest))) nearest = found;
      }
      return nearest;
    },
  };
}

/**
 * The positions that all of the cursors have. The first cursor leads: give the one with the fewest positions first. Where another does
 * not agree, the leader is asked again before the rest, so that a call costs as few looks into the long lists as can be.
 */
export function allOf(cursors: readonly PositionCursor[]): PositionCursor {
  return {
    seek(position) {
      let candidate: number | undefined = position;
      for (let index = 0; index < cursors.length && candidate !== undefined;) {
        const found: number | undefined = (cursors[index] as PositionCursor).seek(candidate);
        if (found === candidate) index += 1;
        else index = index === 0 ? 1 : 0;
        candidate = found;
      }
      return candidate;
    },
  };
}
