import { DatabaseSync } from 'node:sqlite';

import { accessFilePath } from './access-file.ts';

const tables: readonly string[] = [
  'SELECT * FROM checkpoint',
  'SELECT * FROM subject ORDER BY id',
  'SELECT * FROM use ORDER BY id',
  'SELECT * FROM resource_use ORDER BY use, resource',
  'SELECT * FROM subject_day ORDER BY subject, day',
  'SELECT * FROM use_day ORDER BY use, day',
];

/** Everything that the access history in `directory` says, as lines of text: the same for the same log, in whatever batches it was written. */
export function* dumpAccess(directory: string): Generator<string> {
  const db = new DatabaseSync(accessFilePath(directory), { readOnly: true });
  try {
    for (const table of tables) {
      yield table;
      for (const row of db.prepare(table).iterate()) yield JSON.stringify(row);
    }
  } finally {
    db.close();
  }
}
