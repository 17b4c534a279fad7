/**
 * The history projection: how fast it is built, how fast it answers, and that a log ten times as long does not make it slower.
 *
 *   node bench/history.ts [--quick] [--json]
 *
 * Ours runs as in the server: folded from a SQLite log, by its workers; the rate is that of `iam-ledger rebuild`, reading the log included. The peer is what
 * one would write first: the same calls from the same log in one table of node:sqlite with a secondary index for each column asked for, in this thread.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { openSqliteLedger, type Ledger } from '../libs/ledger/index.ts';
import type { CallMetadata } from '../src/iam/call-metadata.ts';
import { openHistory, type History } from '../src/projections/history/history.ts';
import type { HistoryQuery } from '../src/projections/history/history-query.ts';
import { randomNumbers } from '../test/support/projections.ts';

import { fillWithCalls } from './support/calls.ts';
import { benchOptions, percentile, report, result, type Result } from './support/report.ts';

const peerName = 'node:sqlite, 1 table, 5 indexes';
const peerBatchCalls = 20_000;
const options = benchOptions();
const sizes = options.quick ? ([2_000, 20_000] as const) : ([100_000, 1_000_000] as const);
const searches = options.quick ? 40 : 1_000;
const samples = { seed: 1, users: 2_000, resources: 50_000, stepMs: 20 };

type Searches = ReadonlyMap<string, (random: () => number) => HistoryQuery>;

const lookups: Searches = new Map<string, (random: () => number) => HistoryQuery>([
  ['by actor', (random) => ({ actor: `user-${Math.floor(random() * random() * samples.users)}` })],
  ['by resource', (random) => ({ resource: `target-${Math.floor(random() * random() * samples.resources)}` })],
  ['by access key', (random) => ({ accessKeyId: `AKIA${Math.floor(random() * random() * samples.users)}X100000000000` })],
  ['by error', (random) => ({ errorCode: random() < 0.5 ? 'AccessDenied' : 'NoSuchEntity' })],
  [
    'by actor, resource type, error and account, latest first',
    (random) => ({
      actor: `user-${Math.floor(random() * random() * samples.users)}`,
      resourceType: 'AWS::IAM::User',
      outcome: 'failed',
      account: '100000000000',
      order: 'latest',
    }),
  ],
]);

const peerColumns: Readonly<Record<string, string>> = {
  'by actor': 'actor',
  'by resource': 'resource',
  'by access key': 'access_key',
  'by error': 'error',
};

interface Measured {
  readonly callsPerSecond: number;
  /** Milliseconds, by search. */
  readonly p50: ReadonlyMap<string, number>;
  readonly p99: ReadonlyMap<string, number>;
}

async function measureOurs(directory: string, ledger: Ledger): Promise<Measured> {
  const start = performance.now();
  const history = await openHistory({ directory, ledger });
  await history.waitFor(ledger.head());
  const seconds = (performance.now() - start) / 1_000;
  try {
    return { callsPerSecond: (await countCalls(history, ledger.head())) / seconds, ...(await measureSearches((query) => history.search(query))) };
  } finally {
    await history.close();
  }
}

/** Calls, not events: from a sample, since a page is a thousand calls. */
async function countCalls(history: History, events: number): Promise<number> {
  const { calls } = await history.search({ limit: 1_000 });
  const eventsOfCalls = (calls[0]?.lastPosition ?? 0) - (calls.at(-1)?.position ?? 0) + 1;
  return (events * calls.length) / eventsOfCalls;
}

async function measureSearches(search: (query: HistoryQuery, work: string) => unknown, works: Iterable<string> = lookups.keys()) {
  const p50 = new Map<string, number>();
  const p99 = new Map<string, number>();
  for (const work of works) {
    const random = randomNumbers(17);
    const times: number[] = [];
    for (let round = 0; round < searches; round++) {
      const query = (lookups.get(work) as (random: () => number) => HistoryQuery)(random);
      const start = performance.now();
      await search(query, work);
      times.push(performance.now() - start);
    }
    p50.set(work, percentile(times, 0.5));
    p99.set(work, percentile(times, 0.99));
  }
  return { p50, p99 };
}

async function measurePeer(directory: string, ledger: Ledger): Promise<Measured> {
  const db = new DatabaseSync(join(directory, 'peer.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -131072');
  db.exec(
    'CREATE TABLE call (position INTEGER PRIMARY KEY, time INTEGER, name TEXT, actor TEXT, access_key TEXT, resource TEXT, error TEXT, record TEXT)',
  );
  for (const column of ['name', ...Object.values(peerColumns)]) db.exec(`CREATE INDEX call_${column} ON call (${column}, position)`);
  const insert = db.prepare('INSERT INTO call VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const start = performance.now();
  let calls = 0;
  let previous: unknown;
  for await (const batch of ledger.readAll()) {
    for (const { position, time, stream, metadata } of batch) {
      const call = metadata as CallMetadata;
      if (stream.startsWith('saga-') || call.requestId === previous) continue;
      previous = call.requestId;
      if (calls % peerBatchCalls === 0) db.exec(calls === 0 ? 'BEGIN' : 'COMMIT; BEGIN');
      const { actor, requestParameters } = call;
      const resource = (requestParameters?.['userName'] as string | undefined) ?? null;
      const columns = [call.eventName, actor.userName ?? null, actor.accessKeyId ?? null, resource, call.errorCode ?? null];
      insert.run(position, Date.parse(time), ...columns, JSON.stringify(metadata));
      calls += 1;
    }
  }
  db.exec('COMMIT');
  const seconds = (performance.now() - start) / 1_000;
  const statements = new Map<string, StatementSync>();
  for (const [work, column] of Object.entries(peerColumns)) {
    statements.set(work, db.prepare(`SELECT * FROM call WHERE ${column} = ? ORDER BY position DESC LIMIT 50`));
  }
  const measured = await measureSearches((query, work) => {
    const [value] = Object.values(query);
    const rows = (statements.get(work) as StatementSync).all(value as string);
    return rows.map((row) => JSON.parse(row['record'] as string) as unknown);
  }, statements.keys());
  db.close();
  return { callsPerSecond: calls / seconds, ...measured };
}

function resultsOf([small, large]: readonly [Measured, Measured], peer: Measured): Result[] {
  const results = [
    result(`build from a log of ${sizes[1]} events`, 'calls/s', large.callsPerSecond, { peer: peer.callsPerSecond, peerName, atLeast: 50_000 }),
  ];
  for (const work of lookups.keys()) {
    const p99 = large.p99.get(work) as number; // every search is measured
    const isPromised = peer.p99.has(work);
    const target = isPromised ? { atMost: 10 } : {};
    const growth = isPromised ? { atMost: 2, ofRatio: true } : {};
    results.push(result(`${work}: p50`, 'ms', large.p50.get(work) as number, { peer: peer.p50.get(work), peerName }));
    results.push(result(`${work}: p99`, 'ms', p99, { peer: peer.p99.get(work), peerName, ...target }));
    results.push(result(`${work}: p99`, 'ms', p99, { peer: small.p99.get(work), peerName: `ours at ${sizes[0]} events`, ...growth }));
  }
  return results;
}

const directory = mkdtempSync(join(tmpdir(), 'bench-history-'));
try {
  const ours: Measured[] = [];
  let peer: Measured | undefined;
  for (const size of sizes) {
    const ledger = await openSqliteLedger({ directory: join(directory, `log-${size}`) });
    await fillWithCalls(ledger, size, samples);
    ours.push(await measureOurs(join(directory, `history-${size}`), ledger));
    if (size === sizes[1]) peer = await measurePeer(directory, ledger);
    await ledger.close();
  }
  const notes = [
    'a search of ours crosses to a worker and back and checks names exactly; the peer answers in the asking thread, which then does nothing else',
  ];
  report({ bench: 'history', results: resultsOf(ours as [Measured, Measured], peer as Measured), notes }, options);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
