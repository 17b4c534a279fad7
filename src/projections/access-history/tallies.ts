import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

import type { Access } from './access-event.ts';

/** Uses and attempts since the last transaction, of one row. */
export interface Tally {
  firstUse: number | null;
  lastUse: number | null;
  uses: number;
  firstAttempt: number | null;
  lastAttempt: number | null;
  attempts: number;
  last: number;
  region: string;
  source: string;
  service: string;
}

export function newTally(): Tally {
  return {
    firstUse: null,
    lastUse: null,
    uses: 0,
    firstAttempt: null,
    lastAttempt: null,
    attempts: 0,
    last: 0,
    region: '',
    source: '',
    service: '',
  };
}

export function count(tally: Tally, { timeMs, failed, keyRefused, region, source, service }: Access): void {
  if (failed) {
    tally.attempts += 1;
    if (tally.firstAttempt === null || timeMs < tally.firstAttempt) tally.firstAttempt = timeMs;
    if (tally.lastAttempt === null || timeMs > tally.lastAttempt) tally.lastAttempt = timeMs;
  } else {
    tally.uses += 1;
    if (tally.firstUse === null || timeMs < tally.firstUse) tally.firstUse = timeMs;
    if (tally.lastUse === null || timeMs > tally.lastUse) tally.lastUse = timeMs;
  }
  // Of two at the same time the later one in the log is the last. A key that was refused was not used.
  if (keyRefused || timeMs < tally.last) return;
  tally.last = timeMs;
  tally.region = region;
  tally.source = source;
  tally.service = service;
}

export function tallyValues(tally: Tally): SQLInputValue[] {
  const { firstUse, lastUse, uses, firstAttempt, lastAttempt, attempts, last, region, source, service } = tally;
  return [firstUse, lastUse, uses, firstAttempt, lastAttempt, attempts, last, region, source, service];
}

/** Adds the values of a tally to a row that is there; `excluded` is SQLite's name for them. */
const added = `first_use = min(ifnull(first_use, excluded.first_use), ifnull(excluded.first_use, first_use)),
  last_use = max(ifnull(last_use, excluded.last_use), ifnull(excluded.last_use, last_use)), uses = uses + excluded.uses,
  first_attempt = min(ifnull(first_attempt, excluded.first_attempt), ifnull(excluded.first_attempt, first_attempt)),
  last_attempt = max(ifnull(last_attempt, excluded.last_attempt), ifnull(excluded.last_attempt, last_attempt)), attempts = attempts + excluded.attempts,
  region = iif(excluded.last >= last, excluded.region, region), source = iif(excluded.last >= last, excluded.source, source),
  service_of_last = iif(excluded.last >= last, excluded.service_of_last, service_of_last), last = max(last, excluded.last)`;

const columns = 'first_use, last_use, uses, first_attempt, last_attempt, attempts, last, region, source, service_of_last';

/** A statement that adds a tally to the row of `key` in `table`, or makes the row. It takes the key's values, then `tallyValues`. */
export function addTally(db: DatabaseSync, table: string, key: readonly string[], further: readonly string[] = [], also = '', returning = '') {
  const names = [...key, ...further];
  const values = [...names, ...columns.split(', ')].map(() => '?').join(', ');
  return db.prepare(
    `INSERT INTO ${table} (${names.join(', ')}, ${columns}) VALUES (${values}) ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${also}${added} ${returning}`,
  );
}

/** Uses and attempts by day (counted from 1970, in UTC). */
export class DayCounts {
  readonly #days = new Map<number, { uses: number; attempts: number }>();

  count({ timeMs, failed }: Access): void {
    const day = Math.floor(timeMs / dayMs);
    let counts = this.#days.get(day);
    if (counts === undefined) this.#days.set(day, (counts = { uses: 0, attempts: 0 }));
    if (failed) counts.attempts += 1;
    else counts.uses += 1;
  }

  entries(): Iterable<readonly [day: number, counts: { readonly uses: number; readonly attempts: number }]> {
    return this.#days;
  }
}

export const dayMs = 86_400_000;
