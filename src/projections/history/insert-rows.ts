import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** Rows in one statement. Most of the cost of a small insert is the call of the statement, not the row. */
const rowsAtOnce = 40;

export interface RowInserter {
  /** Adds a row, which is written with the next ones; `values` has one for each column. */
  add(...values: SQLInputValue[]): void;
  /** Writes what is left. */
  flush(): void;
}

/** Inserts rows into `table`, many with one statement. `verb`: `INSERT`, `INSERT OR IGNORE` … */
export function insertRows(db: DatabaseSync, verb: string, { table, columns }: { readonly table: string; readonly columns: number }): RowInserter {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  const many = db.prepare(`${verb} INTO ${table} VALUES ${Array.from({ length: rowsAtOnce }, () => row).join(', ')}`);
  const one = db.prepare(`${verb} INTO ${table} VALUES ${row}`);
  let waiting: SQLInputValue[] = [];
  return {
    add(...values) {
      for (const value of values) waiting.push(value);
      if (waiting.length < rowsAtOnce * columns) return;
      many.run(...waiting);
      waiting = [];
    },
    flush() {
      for (let start = 0; start < waiting.length; start += columns) one.run(...waiting.slice(start, start + columns));
      waiting = [];
    },
  };
}
