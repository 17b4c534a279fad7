import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { leafHashOfMarked } from '../merkle/hash.ts';
import { resultCode } from './lock.ts';

/** One transaction as the appender hands it to the writer. */
export interface WriteRequest {
  readonly firstPosition: number;
  /** Stream, revision and length in bytes of each event. */
  readonly rows: Int32Array;
  /** The events one after the other, each with a zero byte before it: the mark of a leaf in RFC 6962. */
  readonly bytes: ArrayBuffer;
  readonly newStreams: readonly (readonly [number: number, name: string])[];
}

/**
 * - `stored`: durable.
 * - `full`: nothing was written; there is no room. The next one may work.
 * - `refused`: nothing was written; it does not follow the last stored one.
 * - `unknown`: an I/O error. It may be stored or not; nothing more will be written.
 */
export type Outcome = 'stored' | 'full' | 'refused' | 'unknown';

export interface WriteReply {
  readonly outcome: Outcome;
  readonly message: string;
  /** The request's buffer, to be used again. */
  readonly bytes: ArrayBuffer;
}

/** Events of one INSERT statement: eight rows at a time cost a quarter less than one at a time. */
const rowsPerStatement = 8;
const valuesPerRow = 5;

const sqliteReadOnly = 8;
const sqliteFull = 13;

/**
 * The only writer of the log.
 *
 * A commit that failed is safe to forget only where SQLite says that the disk is full or read-only: then the frame that ends the transaction was
 * never written. After any other error (a failed fsync above all) it may come back at the next start, so nothing may be written behind it.
 */
export function openWriter(log: DatabaseSync): (request: WriteRequest) => { outcome: Outcome; message: string } {
  const begin = log.prepare('BEGIN IMMEDIATE');
  const commit = log.prepare('COMMIT');
  const rollback = log.prepare('ROLLBACK');
  const insertStream = log.prepare('INSERT INTO streams (number, name) VALUES (?, ?)');
  const insertRows = (count: number): StatementSync =>
    log.prepare(`INSERT INTO events (position, stream, revision, leaf, bytes) VALUES ${Array(count).fill('(?, ?, ?, ?, ?)').join(', ')}`);
  const insertOne = insertRows(1);
  const insertSome = insertRows(rowsPerStatement);
  let head = Number((log.prepare('SELECT max(position) AS head FROM events').get() as { head: number | null }).head ?? 0);
  let broken = '';

  function insert({ firstPosition, rows, bytes, newStreams }: WriteRequest): void {
    for (const [number, name] of newStreams) insertStream.run(number, name);
    let values: (number | Uint8Array)[] = [];
    let offset = 0;
    for (let row = 0, position = firstPosition; row < rows.length; row += 3, position += 1) {
      const marked = Buffer.from(bytes, offset, 1 + rows[row + 2]!);
      offset += marked.length;
      values.push(position, rows[row]!, rows[row + 1]!, leafHashOfMarked(marked), marked.subarray(1));
      if (values.length < valuesPerRow * rowsPerStatement) continue;
      insertSome.run(...values);
      values = [];
    }
    for (let first = 0; first < values.length; first += valuesPerRow) insertOne.run(...values.slice(first, first + valuesPerRow));
  }

  return (request) => {
    if (broken !== '') return { outcome: 'unknown', message: broken };
    if (request.firstPosition !== head + 1) return { outcome: 'refused', message: `position ${request.firstPosition} does not follow ${head}` };
    try {
      begin.run();
      insert(request);
      commit.run();
      head += request.rows.length / 3;
      return { outcome: 'stored', message: '' };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = resultCode(error);
      try {
        if (log.isTransaction) rollback.run();
        if (code === sqliteFull || code === sqliteReadOnly) return { outcome: 'full', message };
      } catch {
        // A transaction that cannot be rolled back is one more reason to stop.
      }
      broken = message;
      return { outcome: 'unknown', message };
    }
  };
}
