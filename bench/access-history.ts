/**
 * The access history: how fast it catches up with a log, how fast it answers, and that a log ten times as long does not make it slower.
 *
 *   node bench/access-history.ts [--quick] [--json]
 *
 * Ours runs as in the server: folded from a SQLite log, by its worker, reading the log included. The peer is what one would write first: the same calls from the
 * same log, each an upsert of its principal and action in one table of node:sqlite, in this thread.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { openSqliteLedger, type Ledger } from '../libs/ledger/index.ts';
import type { CallMetadata } from '../src/iam/call-metadata.ts';
import { openAccessHistory, type AccessHistory } from '../src/projections/access-history/access-history.ts';
import { randomNumbers } from '../test/support/projections.ts';

import { fillWithCalls } from './support/calls.ts';
import { benchOptions, percentile, report, result, type Result } from './support/report.ts';

const peerName = 'node:sqlite, an upsert for each call';
const peerBatchCalls = 20_000;
const options = benchOptions();
const sizes = options.quick ? ([2_000, 20_000] as const) : ([100_000, 1_000_000] as const);
const questions = options.quick ? 200 : 5_000;
const samples = { seed: 1, users: 2_000, resources: 50_000, stepMs: 20 };
const account = '100000000000';

interface Measured {
  readonly callsPerSecond: number;
  /** Milliseconds, by question. */
  readonly p99: ReadonlyMap<string, number>;
}

type Ask = (history: AccessHistory, user: number) => unknown;

const asked: ReadonlyMap<string, Ask> = new Map<string, Ask>([
  ['last use of a key', (history, user) => history.subject('access-key', `AKIA${user}X${account}`)],
  ['all actions of a user', (history, user) => history.actions(`AIDA${user}X${account}`)],
  [
    'a page of who used an action',
    (history, user) => history.uses({ account, service: 'iam', action: user % 2 === 0 ? 'CreateUser' : 'PutUserPolicy', limit: 100 }),
  ],
]);

async function measureOurs(directory: string, ledger: Ledger, calls: number): Promise<Measured> {
  const start = performance.now();
  const history = await openAccessHistory({ directory, ledger });
  await history.waitFor(ledger.head());
  const seconds = (performance.now() - start) / 1_000;
  const p99 = new Map<string, number>();
  for (const [question, ask] of asked) {
    const random = randomNumbers(17);
    const times: number[] = [];
    for (let round = 0; round < questions; round++) {
      const user = Math.floor(random() * random() * samples.users);
      const asking = performance.now();
      ask(history, user);
      times.push(performance.now() - asking);
    }
    p99.set(question, percentile(times, 0.99));
  }
  await history.close();
  return { callsPerSecond: calls / seconds, p99 };
}

/** Calls per second of the peer, and how many calls there are. */
async function measurePeer(directory: string, ledger: Ledger): Promise<{ readonly calls: number; readonly callsPerSecond: number }> {
  const db = new DatabaseSync(join(directory, 'peer.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536');
  db.exec(
    'CREATE TABLE use (principal TEXT, service TEXT, action TEXT, day INTEGER, first INTEGER, last INTEGER, uses INTEGER, PRIMARY KEY (principal, service, action, day))',
  );
  const upsert = db.prepare(
    'INSERT INTO use VALUES (?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET last = max(last, excluded.last), first = min(first, excluded.first), uses = uses + 1',
  );
  const start = performance.now();
  let calls = 0;
  let previous: unknown;
  for await (const batch of ledger.readAll()) {
    for (const { time, stream, metadata } of batch) {
      const { requestId, actor, eventSource, eventName } = metadata as CallMetadata;
      if (stream.startsWith('saga-') || requestId === previous) continue;
      previous = requestId;
      if (calls % peerBatchCalls === 0) db.exec(calls === 0 ? 'BEGIN' : 'COMMIT; BEGIN');
      const timeMs = Date.parse(time);
      upsert.run(actor.principalId ?? '', eventSource, eventName, Math.floor(timeMs / 86_400_000), timeMs, timeMs);
      calls += 1;
    }
  }
  db.exec('COMMIT');
  const seconds = (performance.now() - start) / 1_000;
  db.close();
  return { calls, callsPerSecond: calls / seconds };
}

function resultsOf([small, large]: readonly [Measured, Measured], peer: number): Result[] {
  const results = [
    result(`catch up with a log of ${sizes[1]} events`, 'calls/s', large.callsPerSecond, { peer, peerName, atLeast: 50_000 }),
    result('the same', 'calls/s', large.callsPerSecond, { peer: small.callsPerSecond, peerName: `ours at ${sizes[0]} events` }),
  ];
  for (const question of asked.keys()) {
    results.push(
      result(`${question}: p99`, 'ms', large.p99.get(question) as number, { peer: small.p99.get(question), peerName: `ours at ${sizes[0]} events` }),
    );
  }
  return results;
}

const directory = mkdtempSync(join(tmpdir(), 'bench-access-history-'));
try {
  const ours: Measured[] = [];
  let peer = 0;
  for (const size of sizes) {
    const ledger = await openSqliteLedger({ directory: join(directory, `log-${size}`) });
    await fillWithCalls(ledger, size, samples);
    const peerDirectory = mkdtempSync(join(directory, 'peer-'));
    const measured = await measurePeer(peerDirectory, ledger);
    peer = measured.callsPerSecond;
    ours.push(await measureOurs(join(directory, `access-${size}`), ledger, measured.calls));
    await ledger.close();
  }
  const notes = ['ours counts principals, keys, actions, resources and days, uses and attempts apart; the peer principal, action and day alone'];
  report({ bench: 'access-history', results: resultsOf(ours as [Measured, Measured], peer), notes }, options);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
