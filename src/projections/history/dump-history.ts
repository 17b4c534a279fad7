import { decodePositions } from './postings.ts';
import { callOfRow, countSegments, openForReading, segmentPath, selectCalls, type CallRow } from './segment-file.ts';

/**
 * Everything that the history in `directory` says, as lines of text in one fixed order. Two histories of the same log give the same
 * lines, in whatever batches they were written: numbers of terms and actors, and how postings are cut into rows, do not show. No writer may be at work.
 */
export function* dumpHistory(directory: string): Generator<string> {
  const segments = countSegments(directory);
  for (let number = 1; number <= segments; number++) {
    const db = openForReading(segmentPath(directory, number));
    try {
      yield `segment ${number}`;
      const { terms: _terms, actors: _actors, ...checkpoint } = { ...db.prepare('SELECT * FROM checkpoint').get() };
      yield JSON.stringify(checkpoint);
      for (const row of db.prepare(`${selectCalls} ORDER BY position`).iterate()) yield JSON.stringify(callOfRow(row as unknown as CallRow));
      yield* postings(db);
      for (const table of ['event', 'block', 'last_used']) {
        yield table;
        for (const row of db.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).iterate()) yield JSON.stringify(row);
      }
    } finally {
      db.close();
    }
  }
}

function* postings(db: ReturnType<typeof openForReading>): Generator<string> {
  const select = db.prepare('SELECT first, calls FROM posting WHERE term = ? ORDER BY first');
  for (const term of db.prepare('SELECT dimension, value, id FROM term ORDER BY dimension, value').iterate()) {
    const rows = select.all(term['id'] as number);
    const positions = rows.flatMap((row) => decodePositions(row['first'] as number, row['calls'] as Uint8Array));
    yield JSON.stringify([term['dimension'], term['value'], positions]);
  }
}
