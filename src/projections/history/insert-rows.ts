import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/** Rows in one statement. Most of the cost of a small insert is the call of the statement, not the row. */
const rowsAtOnce = 40;

export interface RowInserter {
  /** Takes the values of a row, one for each column: push them here, then call `added`. */
  readonly values: SQLInputValue[];
  /** The row is complete. It is written with the next ones. */
  added(): void;
  /** Writes what is left. */
  flush(): void;
}

/** Inserts rows into `table`, many with one statement. `verb`: `INSERT`, `INSERT OR IGNORE` … */
export function insertRows(db: DatabaseSync, verb: string, { table, columns }: { readonly table: string; readonly columns: number }): RowInserter {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  const many = db.prepare(`${verb} INTO ${table} VALUES ${Array.from({ length: rowsAtOnce }, () => row).join(', ')}`);
  const one = db.prepare(`${verb} INTO ${table} VALUES ${row}`);
  const full = rowsAtOnce * columns;
  const values: SQLInputValue[] = [];
  return {
    values,
    added() {
      if (values.length < full) return;
      many.run(...values);
      values.length = 0;
    },
    flush() {
      for (let start = 0; start < values.length; start += columns) one.run(...values.slice(start, start + columns));
      values.length = 0;
    },
  };
}
