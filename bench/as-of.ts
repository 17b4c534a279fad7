/**
 * Time travel: an account with a million events, asked how it was at random moments.
 *
 *   npm run bench -- as-of [--quick] [--json]
 *
 * Ours is what a read with `x-iam-ledger-as-of` does: the state kept before the moment, and the events since read from disk and folded in. The peer is what
 * a log without kept states does: fold from the first event up to the moment (of a few moments, since each takes seconds).
 */
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { openSqliteLedger, type SqliteLedger } from '../libs/ledger/index.ts';
import { emptyAccount, evolve, type Account } from '../src/iam/account.ts';
import { loadConfig } from '../src/config.ts';
import { AccountStates } from '../src/pipeline/account-states.ts';
import { randomFrom } from './policy/workloads.ts';
import { benchOptions, percentile, report, result } from './support/report.ts';
import { sampleAccountId, sampleLog, sampleTimeOf } from './support/sample-log.ts';

setFlagsFromString('--heap-growing-percent=30'); // as the server does
const options = benchOptions();
const events = options.quick ? 50_000 : 1_000_000;
const moments = options.quick ? 300 : 3_000;
const peerMoments = 5;
const { exactEventsMax } = loadConfig({ env: {}, cwd: process.cwd() }).asOf;

/** Milliseconds of each. */
async function times(count: number, ask: (position: number) => Promise<Account | undefined>): Promise<number[]> {
  const random = randomFrom(11);
  const taken: number[] = [];
  for (let round = 0; round < count; round++) {
    const position = 1 + random(events);
    const start = performance.now();
    const account = await ask(position);
    taken.push(performance.now() - start);
    if (account?.position !== position) throw new Error(`asked for position ${position}, got ${account?.position}`);
  }
  return taken;
}

function foldUpTo(ledger: SqliteLedger, position: number): Account {
  let account = emptyAccount(sampleAccountId);
  ledger.replay({ until: position, onEvents: (batch) => batch.forEach((event) => (account = evolve(account, event))) });
  return account;
}

const ledger = await openSqliteLedger({ directory: join(await sampleLog(events), 'ledger') });
try {
  const before = process.memoryUsage.rss();
  const states = new AccountStates(ledger, { exactEventsMax });
  ledger.replay({ onEvents: (batch) => batch.forEach((event) => states.fold(event)) });
  const retained = process.memoryUsage.rss() - before;
  await times(moments / 10, (position) => states.at(sampleAccountId, { position })); // warms up
  const byPosition = await times(moments, (position) => states.at(sampleAccountId, { position }));
  const byTime = await times(moments, (position) => states.at(sampleAccountId, { time: sampleTimeOf(position) }));
  const peer = await times(peerMoments, async (position) => foldUpTo(ledger, position));
  const peerName = 'fold from the first event';
  const results = [
    result('as of a position, p50', 'ms', percentile(byPosition, 0.5), { peer: percentile(peer, 0.5), peerName }),
    result('as of a position, p99', 'ms', percentile(byPosition, 0.99), { peer: percentile(peer, 0.99), peerName, atMost: 5 }),
    result('as of a time, p50', 'ms', percentile(byTime, 0.5), { peer: percentile(peer, 0.5), peerName }),
    result('as of a time, p99', 'ms', percentile(byTime, 0.99), { peer: percentile(peer, 0.99), peerName, atMost: 5 }),
    result('memory of the account and its past', 'GB', retained / 1e9, { atMost: 1.5 }),
  ];
  const notes = [`${events.toLocaleString('en')} events; every version of what they changed is kept, so nothing is read and nothing folded.`];
  report({ bench: 'as-of', results, notes }, options);
} finally {
  await ledger.close();
}
