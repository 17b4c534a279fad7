/** What the ledger's appends are compared with. Each takes appends of one event and resolves when they are durable. */
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';

import type { NewEvent } from '../../libs/ledger/index.ts';
import type { Postgres } from './postgres.ts';

export interface AppendPeer {
  readonly name: string;
  append(stream: string, revision: number, event: NewEvent): Promise<unknown>;
  close(): Promise<void>;
}

const peersPackage = new URL('../peers/package.json', import.meta.url);

/** A package of bench/peers; an error that says how to install it where it is not there. */
function peer<Exports>(name: string): Exports {
  if (!existsSync(new URL(`./node_modules/${name}`, peersPackage))) throw new Error(`${name} is not installed (npm install --prefix bench/peers)`);
  return createRequire(peersPackage)(name) as Exports;
}

/** Collects what is appended while one write is under way, and hands it to `write` as one batch. */
function grouped<Item>(write: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let waiting: { item: Item; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let writing = false;
  async function drain(): Promise<void> {
    writing = true;
    // All who append in this turn of the event loop share the first batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    writing = false;
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!writing) void drain();
    });
}

/** The least that can be written by hand: length, checksum and JSON, one `fdatasync` a batch. No index, no proof, no look at revisions. */
export async function rawFile(path: string): Promise<AppendPeer> {
  const file = await open(path, 'w');
  const append = grouped<string>(async (texts) => {
    const bytes = Buffer.from(texts.join(''));
    await file.write(bytes);
    await file.datasync();
  });
  return {
    name: 'a raw file, one fdatasync per batch',
    append: (stream, revision, event) => {
      const text = JSON.stringify({ ...event, stream, revision });
      return append(`${text.length.toString(16)} ${crc32(text).toString(16)} ${text}\n`);
    },
    close: () => file.close(),
  };
}

interface PgClient {
  connect(): Promise<void>;
  query(query: string | { name: string; text: string; values: unknown[] }): Promise<unknown>;
  end(): Promise<void>;
}

/** One connection, all waiting appends in one INSERT; positions from the one writer; a unique index checks the expected revisions. */
export async function postgresGroupCommit({ socketDirectory, user, version }: Postgres): Promise<AppendPeer> {
  const { Client } = peer<{ Client: new (options: object) => PgClient }>('pg');
  const client = new Client({ host: socketDirectory, user, database: 'postgres' });
  await client.connect();
  await client.query(`DROP TABLE IF EXISTS ledger_events;
    CREATE TABLE ledger_events (position bigint PRIMARY KEY, stream text NOT NULL, revision int NOT NULL, event text NOT NULL, UNIQUE (stream, revision))`);
  let head = 0;
  const append = grouped<[stream: string, revision: number, event: string]>(async (rows) => {
    const values = [
      rows.map(() => (head += 1)),
      rows.map(([stream]) => stream),
      rows.map(([, revision]) => revision),
      rows.map(([, , event]) => event),
    ];
    const text = 'INSERT INTO ledger_events SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::text[])';
    await client.query({ name: 'append', text, values });
  });
  return {
    name: `${/PostgreSQL\) ([\d.]+)/.exec(version)?.[1] ?? version} PostgreSQL, group commit by hand`,
    append: (stream, revision, event) => append([stream, revision + 1, JSON.stringify(event)]),
    close: () => client.end(),
  };
}

interface EmmettStore {
  readonly schema: { migrate(): Promise<unknown> };
  appendToStream(stream: string, events: readonly object[], options: { expectedStreamVersion: bigint | 'STREAM_DOES_NOT_EXIST' }): Promise<unknown>;
  close(): Promise<void>;
}

/** An event store that people use today, as its documentation has it. */
export async function emmettPostgres({ connectionString }: Postgres): Promise<AppendPeer> {
  const { getPostgreSQLEventStore } = peer<{ getPostgreSQLEventStore: (connectionString: string) => EmmettStore }>(
    '@event-driven-io/emmett-postgresql',
  );
  const store = getPostgreSQLEventStore(connectionString);
  await store.schema.migrate();
  return {
    name: '@event-driven-io/emmett-postgresql 0.42.0',
    append: (stream, revision, { type, data, metadata }) =>
      store.appendToStream(stream, [{ type, data, metadata }], {
        expectedStreamVersion: revision === -1 ? 'STREAM_DOES_NOT_EXIST' : BigInt(revision + 1),
      }),
    close: () => store.close(),
  };
}
