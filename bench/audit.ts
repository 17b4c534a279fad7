/**
 * Answers for the auditor: why somebody was allowed something, what changed over a year, and who did what, by two filters at once.
 *
 *   npm run bench -- audit [--quick] [--json]
 *
 * The peer of the explanations is what a log without kept states does: fold from the first event up to the moment and remember the last event that gave the
 * user the policy. The peer of the searches is the same search in a history a tenth as long.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger, type NewEvent, type SqliteLedger } from '../libs/ledger/index.ts';
import { originsOfChanges } from '../src/audit/diff/change-origins.ts';
import { changesBetween } from '../src/audit/diff/changes-between.ts';
import { explainAccess } from '../src/audit/explain/explain-access.ts';
import { Origins } from '../src/audit/provenance/origins.ts';
import { loadConfig } from '../src/config.ts';
import { emptyAccount, evolve, type Account } from '../src/iam/account.ts';
import { arnOfExistingUser } from '../src/iam/users/user.ts';
import { AccountStates } from '../src/pipeline/account-states.ts';
import { callerOfArn } from '../src/pipeline/decisions/caller-of-arn.ts';
import { openHistory, type History } from '../src/projections/history/history.ts';
import type { HistoryQuery } from '../src/projections/history/history-query.ts';
import { randomFrom } from './policy/workloads.ts';
import { benchOptions, percentile, report, result, type Result } from './support/report.ts';
import { sampleAccountId, sampleEvents, sampleLog, sampleTimeOf } from './support/sample-log.ts';

const options = benchOptions();
const events = options.quick ? 50_000 : 1_000_000;
const shorter = events / 10;
const explanations = options.quick ? 100 : 1_000;
const peerExplanations = options.quick ? 5 : 10;
const searches = options.quick ? 50 : 1_000;
const { exactEventsMax } = loadConfig({ env: {}, cwd: process.cwd() }).asOf;

interface Asked {
  readonly account: Account;
  readonly userName: string;
  readonly policyArn: string;
}

/** A user of the account at some moment who has a policy of its own. */
async function someAsked(states: AccountStates, random: (below: number) => number): Promise<Asked> {
  for (;;) {
    const position = events / 10 + random((events * 9) / 10);
    const account = await states.at(sampleAccountId, { position });
    const from = `user-${String(random(20_000)).padStart(6, '0')}`;
    for (const [, user] of account?.users.entries(from) ?? []) {
      const [policyArn] = [...user.attachedPolicies.values()];
      if (policyArn !== undefined && account !== undefined) return { account, userName: user.userName, policyArn };
    }
  }
}

async function explainOne(origins: Origins, { account, userName, policyArn }: Asked): Promise<number> {
  const caller = callerOfArn(account, arnOfExistingUser(account, account.users.get(userName)!))!; // it is there
  const bucket = Number(policyArn.slice(-6));
  const request = {
    action: 's3:GetObject',
    resource: `arn:aws:s3:::bucket-${bucket}/key`,
    resourceAccountId: sampleAccountId,
    context: new Map<string, string>(),
  };
  const start = performance.now();
  const { Decision, Statements } = await explainAccess(origins, { caller, account, resourceAccount: account }, request, new Date(account.time));
  const taken = performance.now() - start;
  if (Decision !== 'Allowed' || Statements.some(({ Causes }) => Causes.some(({ Event }) => Event === undefined)))
    throw new Error(`no explanation for ${userName} at ${account.position}`);
  return taken;
}

/** Folds everything up to the moment and remembers who gave the policy. */
function explainByFolding(ledger: SqliteLedger, { account, userName, policyArn }: Asked): number {
  const start = performance.now();
  let folded = emptyAccount(sampleAccountId);
  let origin: unknown;
  ledger.replay({
    until: account.position,
    onEvents: (batch) => {
      for (const event of batch) {
        folded = evolve(folded, event);
        const data = event.data as { readonly userName?: string; readonly policyArn?: string };
        if (event.type === 'UserPolicyAttached' && data.userName === userName && data.policyArn === policyArn) origin = event;
      }
    },
  });
  if (origin === undefined) throw new Error('the peer found nothing');
  return performance.now() - start;
}

async function measureExplanations(ledger: SqliteLedger): Promise<Result[]> {
  const states = new AccountStates(ledger, { exactEventsMax });
  ledger.replay({ onEvents: (batch) => batch.forEach((event) => states.fold(event)) });
  const origins = new Origins(states, ledger);
  const random = randomFrom(3);
  const taken: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < explanations; round++) {
    const asked = await someAsked(states, random);
    const time = await explainOne(origins, asked);
    if (round >= explanations / 10) taken.push(time);
    if (round < peerExplanations) peer.push(explainByFolding(ledger, asked));
  }
  const against = { peer: percentile(peer, 0.5), peerName: 'fold from the first event' };
  return [
    result('explain, p50', 'ms', percentile(taken, 0.5), { ...against, atMost: 5 }),
    result('explain, p99', 'ms', percentile(taken, 0.99), against),
  ];
}

type Query = (random: (below: number) => number, size: number) => HistoryQuery;
const number = (value: number): string => String(value).padStart(6, '0');
const administrator = (random: (below: number) => number): string => `administrator-${number(random(500))}`;
const user = (random: (below: number) => number, size: number): string => `user-${number(random(Math.min(20_000, size / 50)))}`;

/** Two filters each, as an auditor combines them. */
const queries: Readonly<Record<string, Query>> = {
  'actor and event': (random) => ({ actor: administrator(random), eventName: 'UserPolicyAttached' }),
  'actor and resource': (random, size) => ({ actor: administrator(random), resource: user(random, size) }),
  'event and resource': (random, size) => ({ eventName: 'UserAddedToGroup', resource: user(random, size) }),
  'source address and event': (random) => ({ sourceIPAddress: `10.0.${random(256)}.7`, eventName: 'AccessKeyCreated' }),
  'actor and time': (random, size) => {
    const from = Date.parse(sampleTimeOf(1 + random(size)));
    return { actor: administrator(random), fromTimeMs: from, toTimeMs: from + 86_400_000 };
  },
  'actor and changed field': (random) => ({ actor: administrator(random), eventType: ['UserPolicyAttached', 'UserPolicyDetached'] }),
};

async function searchTimes(history: History, size: number): Promise<ReadonlyMap<string, number[]>> {
  const all = new Map<string, number[]>();
  for (const [name, query] of Object.entries(queries)) {
    const random = randomFrom(5);
    const times: number[] = [];
    for (let round = 0; round < searches + searches / 10; round++) {
      const asked = query(random, size);
      const start = performance.now();
      await history.search({ ...asked, limit: 50 });
      if (round >= searches / 10) times.push(performance.now() - start);
    }
    all.set(name, times);
  }
  return all;
}

async function historyOf(ledger: SqliteLedger, directory: string): Promise<History> {
  const history = await openHistory({ directory, ledger });
  await history.waitFor(ledger.head());
  return history;
}

async function measureSearches(ledger: SqliteLedger, directory: string): Promise<Result[]> {
  const small = await openSqliteLedger({ directory: join(await sampleLog(shorter), 'ledger') });
  const short = await historyOf(small, join(directory, 'short'));
  const before = await searchTimes(short, shorter);
  await short.close();
  await small.close();
  const long = await historyOf(ledger, join(directory, 'long'));
  const after = await searchTimes(long, events);
  await long.close();
  const rows = [...after].map(([name, times]) => result(`search by ${name}, p99`, 'ms', percentile(times, 0.99), { atMost: 10 }));
  const all = (times: ReadonlyMap<string, number[]>): number => percentile([...times.values()].flat(), 0.5);
  return [
    ...rows,
    result('any of these, p50', 'ms', all(after), { peer: all(before), peerName: 'a history a tenth as long', ofRatio: true, atMost: 1.5 }),
  ];
}

/** A year in an account of a thousand users: what the sample says of the first thousand. */
async function measureDifference(directory: string): Promise<Result[]> {
  const ledger = await openSqliteLedger({ directory: join(directory, 'year') });
  const states = new AccountStates(ledger, { exactEventsMax });
  const batch: NewEvent[] = [];
  for (const event of sampleEvents(options.quick ? 30_000 : 200_000)) {
    const { userName } = event.data as { readonly userName?: string };
    if (userName === undefined || Number(userName.slice(-6)) < 1_000) batch.push(event);
  }
  for (let start = 0; start < batch.length; start += 1_000)
    await ledger.append(`account-${sampleAccountId}`, 'any', batch.slice(start, start + 1_000));
  ledger.replay({ onEvents: (some) => some.forEach((event) => states.fold(event)) });
  const last = batch.findLastIndex(({ type }) => type === 'UserCreated') + 1;
  const before = (await states.at(sampleAccountId, { position: last }))!; // it is there
  const after = (await states.at(sampleAccountId, { position: batch.length }))!; // it is there
  const times: number[] = [];
  let lines = 0;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    const changes = changesBetween(before, after);
    const origins = await originsOfChanges(ledger, before, after, changes);
    times.push(performance.now() - start);
    lines = changes.length;
    if (origins.size < lines / 2) throw new Error('changes without their events');
  }
  await ledger.close();
  return [
    result(
      `effective difference of ${after.users.size} users over ${batch.length - last} changes (${lines} lines)`,
      's',
      percentile(times, 0.5) / 1000,
      {
        atMost: 2,
      },
    ),
  ];
}

const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-bench-'));
const ledger = await openSqliteLedger({ directory: join(await sampleLog(events), 'ledger') });
try {
  const results = [...(await measureDifference(directory)), ...(await measureExplanations(ledger)), ...(await measureSearches(ledger, directory))];
  const notes = [
    `${events.toLocaleString('en')} events and calls of one account.`,
    'An explanation looks through the versions of what its causes stand in, and reads one event for each: attachment, version, which version is in force.',
  ];
  report({ bench: 'audit', results, notes }, options);
} finally {
  await ledger.close();
  rmSync(directory, { recursive: true, force: true });
}
