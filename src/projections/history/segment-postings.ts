import type { DatabaseSync } from 'node:sqlite';

import { insertRows, type RowInserter } from './insert-rows.ts';
import { encodePositions } from './postings.ts';
import { postingsMax } from './segment-file.ts';

/** Terms kept in memory at most: about 100 bytes each. */
const termsKnownMax = 400_000;

/** The index of the segment that is being written; `termsBefore` are there already. */
export function segmentPostings(db: DatabaseSync, termsBefore: number) {
  const selectTerm = db.prepare('SELECT id FROM term WHERE dimension = ? AND value = ?');
  const termRows = insertRows(db, 'INSERT', { table: 'term', columns: 3 });
  const rows = insertRows(db, 'INSERT', { table: 'posting', columns: 3 });
  let known = new Map<number, Map<string, number>>();
  let knownCount = 0;
  /** Whether `known` has every term of the segment: then a term that it has not is new, and the file need not be asked. */
  let isComplete = termsBefore === 0;
  let terms = termsBefore;
  /** By term, the positions to be written; `touched` are the terms that have some. An array is three times as fast here as a map. */
  const pending: (number[] | undefined)[] = [];
  let touched: number[] = [];
  /** By dimension, the value asked for last and its term: account, service and outcome seldom change from one call to the next. */
  const lastValues: string[] = [];
  const lastTerms: number[] = [];

  function termId(dimension: number, value: string): number {
    if (lastValues[dimension] === value) return lastTerms[dimension] as number;
    const id = known.get(dimension)?.get(value) ?? remember(dimension, value);
    lastValues[dimension] = value;
    lastTerms[dimension] = id;
    return id;
  }

  function remember(dimension: number, value: string): number {
    let id = isComplete ? undefined : stored(dimension, value);
    if (id === undefined) {
      id = ++terms;
      termRows.values.push(dimension, value, id);
      termRows.added();
    }
    if (knownCount >= termsKnownMax) {
      known = new Map();
      knownCount = 0;
      isComplete = false;
    }
    let values = known.get(dimension);
    if (values === undefined) known.set(dimension, (values = new Map()));
    values.set(value, id);
    knownCount += 1;
    return id;
  }

  function stored(dimension: number, value: string): number | undefined {
    termRows.flush();
    return selectTerm.get(dimension, value)?.['id'] as number | undefined;
  }

  return {
    /** Number of the term with this value; a new one where it is new. */
    termId,
    terms: () => terms,
    /** Notes that the call at `position` has the term. Twice does no harm; positions come in order. */
    add(term: number, position: number): void {
      const positions = pending[term];
      if (positions === undefined) {
        pending[term] = [position];
        touched.push(term);
      } else if (positions[positions.length - 1] !== position) positions.push(position);
    },
    /** Writes what was noted, in the order of the key, which keeps the pages that are touched few. */
    flush(): void {
      termRows.flush();
      for (const term of Float64Array.from(touched).sort()) {
        addRuns(rows, term, pending[term] as number[]);
        pending[term] = undefined;
      }
      rows.flush();
      touched = [];
    },
  };
}

const noBytes = new Uint8Array(0);

function addRuns(rows: RowInserter, term: number, positions: readonly number[]): void {
  for (let start = 0; start < positions.length; start += postingsMax) {
    const run = positions.length <= postingsMax ? positions : positions.slice(start, start + postingsMax);
    rows.values.push(term, run[0] as number, run.length === 1 ? noBytes : encodePositions(run));
    rows.added();
  }
}
