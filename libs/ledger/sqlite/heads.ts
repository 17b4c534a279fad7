import type { DatabaseSync } from 'node:sqlite';

/** What the appender knows of a stream. */
export interface StreamHead {
  readonly name: string;
  /** Its number in the log's dictionary of names. */
  readonly number: number;
  /** Revision of its last durable event; -1 for none. */
  durable: number;
  /** Revision of its last event that is durable or on its way. */
  tentative: number;
  /** Lowest revision from which on all of its events are among the remembered ids. */
  rememberedFrom: number;
}

/** All streams, by name. */
export interface Heads {
  readonly byName: Map<string, StreamHead>;
  nextNumber: number;
}

/** Where the index ends, if it belongs to this log: see `index-file.ts`. */
export interface IndexedHeads {
  readonly position: number;
  readonly heads: Iterable<{ readonly stream: number; readonly revision: number }>;
}

/** The heads of all streams: those that the index knows, and the log's events behind it. */
export function loadHeads(log: DatabaseSync, indexed: IndexedHeads): Heads {
  const revisions = new Map<number, number>();
  for (const { stream, revision } of indexed.heads) revisions.set(stream, revision);
  const tail = log.prepare('SELECT stream, max(revision) AS revision FROM events WHERE position > ? GROUP BY stream');
  for (const row of tail.iterate(indexed.position) as Iterable<unknown> as Iterable<{ stream: number; revision: number }>) {
    revisions.set(row.stream, row.revision);
  }
  const byName = new Map<string, StreamHead>();
  let nextNumber = 1;
  for (const row of log.prepare('SELECT number, name FROM streams ORDER BY number').iterate() as Iterable<unknown>) {
    const { number, name } = row as { number: number; name: string };
    const revision = revisions.get(number) ?? -1;
    byName.set(name, { name, number, durable: revision, tentative: revision, rememberedFrom: revision + 1 });
    nextNumber = number + 1;
  }
  return { byName, nextNumber };
}
