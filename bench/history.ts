/**
 * The history projection: how fast it is built, how fast it answers, and that a log ten times as long does not make it slower.
 *
 *   node bench/history.ts [--quick] [--json]
 *
 * The peer is what one would write first: the same calls in one SQLite table (node:sqlite) with a secondary index for each of the columns
 * asked for, written in the same batches. It runs in the same run, on the same calls, in this thread; ours runs as it does in the server, in its workers.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parseArgs } from 'node:util';

import type { Ledger, RecordedEvent } from '../libs/ledger/ledger.ts';
import type { CallMetadata } from '../src/iam/call-metadata.ts';
import { openHistory, type History } from '../src/projections/history/history.ts';
import type { HistoryQuery } from '../src/projections/history/history-query.ts';
import { randomNumbers, sampleEvents } from '../test/projections-support.ts';

interface Result {
  readonly work: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  readonly ratio: number | null;
  readonly target: string;
  readonly met: boolean;
}

const peerName = 'node:sqlite, one table, five secondary indexes';
const batchEvents = 2_000;
const peerBatchCalls = 20_000;
const { values: options } = parseArgs({ options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } });
const sizes = options.quick ? [2_000, 20_000] : [100_000, 1_000_000];
const searches = options.quick ? 40 : 1_000;
const samples = { seed: 1, users: 2_000, resources: 50_000, stepMs: 20 };

/** A log that exists only while it is read: events are made on the way, so that a million of them need no memory. */
function generatedLedger(count: number): Ledger {
  async function* read(after: number, signal?: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    let batch: RecordedEvent[] = [];
    for (const event of sampleEvents(samples)) {
      if (event.position <= after) continue;
      batch.push(event);
      if (batch.length < batchEvents && event.position < count) continue;
      yield batch;
      batch = [];
      if (event.position >= count) break;
    }
    if (signal !== undefined && !signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
  const refuse = (): Promise<never> => Promise.reject(new Error('only read'));
  return {
    append: refuse,
    read: () => read(count),
    readAll: ({ after = 0 } = {}) => read(after),
    subscribe: ({ after, signal }) => read(after, signal),
    head: () => count,
    revision: () => -1,
    close: () => Promise.resolve(),
  };
}

/** How long it takes to make the events alone: what the build of ours waits for in this thread. */
function secondsToGenerate(count: number): number {
  const start = performance.now();
  for (const { position } of sampleEvents(samples)) if (position >= count) break;
  return (performance.now() - start) / 1_000;
}

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

const peerColumns: Readonly<Record<string, string>> = { 'by actor': 'actor', 'by resource': 'resource', 'by access key': 'access_key', 'by error': 'error' };

function percentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

interface Measured {
  readonly callsPerSecond: number;
  /** Milliseconds, by search. */
  readonly p50: ReadonlyMap<string, number>;
  readonly p99: ReadonlyMap<string, number>;
}

async function measureOurs(directory: string, count: number): Promise<Measured> {
  const start = performance.now();
  const history = await openHistory({ directory, ledger: generatedLedger(count) });
  await history.waitFor(count);
  const seconds = (performance.now() - start) / 1_000;
  try {
    return { callsPerSecond: (await countCalls(history, count)) / seconds, ...(await measureSearches((query) => history.search(query))) };
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

async function measurePeer(directory: string, count: number): Promise<Measured> {
  const db = new DatabaseSync(join(directory, 'peer.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -131072');
  db.exec('CREATE TABLE call (position INTEGER PRIMARY KEY, time INTEGER, name TEXT, actor TEXT, access_key TEXT, resource TEXT, error TEXT, record TEXT)');
  for (const column of ['name', ...Object.values(peerColumns)]) db.exec(`CREATE INDEX call_${column} ON call (${column}, position)`);
  const insert = db.prepare('INSERT INTO call VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const start = performance.now();
  let calls = 0;
  for (const { position, time, stream, metadata } of sampleEvents(samples)) {
    if (!stream.startsWith('saga-')) {
      if (calls % peerBatchCalls === 0) db.exec(calls === 0 ? 'BEGIN' : 'COMMIT; BEGIN');
      const call = metadata as CallMetadata;
      const { actor, requestParameters } = call;
      const resource = (requestParameters?.['userName'] as string | undefined) ?? null;
      const columns = [call.eventName, actor.userName ?? null, actor.accessKeyId ?? null, resource, call.errorCode ?? null];
      insert.run(position, Date.parse(time), ...columns, JSON.stringify(metadata));
      calls += 1;
    }
    if (position >= count) break;
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

function resultsOf(ours: readonly Measured[], peer: Measured): Result[] {
  const [small, large] = ours as [Measured, Measured];
  const results: Result[] = [
    {
      work: `build, ${sizes[1]} events (making them included)`,
      unit: 'calls/s',
      ours: large.callsPerSecond,
      peer: peer.callsPerSecond,
      peerName,
      ratio: large.callsPerSecond / peer.callsPerSecond,
      target: '>= 50000',
      met: large.callsPerSecond >= 50_000,
    },
  ];
  for (const work of lookups.keys()) {
    const [before, after] = [small.p99.get(work) as number, large.p99.get(work) as number];
    const peerP99 = peer.p99.get(work) ?? null;
    const against = { peer: peerP99, peerName: peerP99 === null ? null : peerName, ratio: peerP99 === null ? null : after / peerP99 };
    results.push({ work: `${work}, p99 at ${sizes[1]} events`, unit: 'ms', ours: after, ...against, target: '<= 10', met: after <= 10 });
    const [p50, peerP50] = [large.p50.get(work) as number, peer.p50.get(work) ?? null];
    const p50Against = { peer: peerP50, peerName: against.peerName, ratio: peerP50 === null ? null : p50 / peerP50 };
    results.push({ work: `${work}, p50 at ${sizes[1]} events`, unit: 'ms', ours: p50, ...p50Against, target: '-', met: true });
    const growth = after / before;
    const itself = { peer: before, peerName: `ours at ${sizes[0]} events`, ratio: growth };
    results.push({ work: `${work}, growth of p99`, unit: 'ms', ours: after, ...itself, target: 'ratio <= 2', met: growth <= 2 });
  }
  return results;
}

const directory = mkdtempSync(join(tmpdir(), 'bench-history-'));
try {
  const generating = secondsToGenerate(sizes[1] as number);
  const ours: Measured[] = [];
  for (const size of sizes) ours.push(await measureOurs(join(directory, String(size)), size));
  const peer = await measurePeer(directory, sizes[1] as number);
  const results = resultsOf(ours, peer);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  process.stdout.write(`history (${machine}); making the events alone takes ${generating.toFixed(1)} s\n`);
  for (const { work, unit, ours: value, peer: other, ratio, target, met } of results) {
    const peerText = other === null ? 'no peer' : `peer ${format(other)}, ratio ${format(ratio as number)}`;
    process.stdout.write(`  ${met ? 'ok ' : 'NOT'} ${work}: ${format(value)} ${unit} (${peerText}; target ${target})\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify({ bench: 'history', machine, results })}\n`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function format(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
