/**
 * Replay: a large account folded from its log on disk, the memory that its past takes, and how long the server takes to start with and without snapshot.
 *
 *   npm run bench -- replay [--quick] [--json]
 *
 * The log (made once, below `data/`) is that of one account of 20,000 users. Ours is what happens at a start: `replay` into the account states, with the
 * past that `asOf` needs. The peer is what one would write first, in a process of its own as ours is: rows out of SQLite, `JSON.parse`, the same reducers
 * without keeping any past. PostgreSQL gives the same texts by a sequential COPY to a client that parses and folds them, where it is present.
 */
import { fork, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteLedger, type RecordedEvent } from '../libs/ledger/index.ts';
import { accountStream, emptyAccount, evolve, type Account } from '../src/iam/account.ts';
import { AccountStates } from '../src/pipeline/account-states.ts';
import { loadConfig } from '../src/config.ts';
import { build } from './support/build.ts';
import { startPostgres, type Postgres } from './support/postgres.ts';
import { benchOptions, report, result, type Result } from './support/report.ts';
import { sampleAccountId, sampleLog } from './support/sample-log.ts';
import { startServer } from './support/server.ts';

interface Folded {
  readonly events: number;
  readonly seconds: number;
  /** CPU time of the whole process while it folded. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
  readonly users: number;
}

const exactEventsMax = loadConfig({ env: {}, cwd: process.cwd() }).asOf.exactEventsMax;

/** Times what folds a log into an account. */
async function timed(fold: () => Promise<{ readonly events: number; readonly account: Account }>): Promise<Folded> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const { events, account } = await fold();
  const { user, system } = process.cpuUsage(cpu);
  return {
    events,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    users: account.users.size,
  };
}

async function foldOurs(directory: string): Promise<Folded> {
  const ledger = await openSqliteLedger({ directory: join(directory, 'ledger') });
  try {
    const states = new AccountStates(ledger, { exactEventsMax });
    return await timed(async () => {
      ledger.replay({ onEvents: (events) => events.forEach((event) => states.fold(event)) });
      return { events: ledger.head(), account: states.account(sampleAccountId)! }; // the log is its own
    });
  } finally {
    await ledger.close();
  }
}

function foldNaively(directory: string): Promise<Folded> {
  const log = new DatabaseSync(join(directory, 'ledger', 'log.db'), { readOnly: true });
  return timed(async () => {
    let account = emptyAccount(sampleAccountId);
    let events = 0;
    for (const { position, text } of log
      .prepare('SELECT position, CAST(bytes AS TEXT) AS text FROM events ORDER BY position')
      .iterate() as Iterable<Row>) {
      const event = JSON.parse(text) as RecordedEvent;
      events++;
      if (event.stream === accountStream(sampleAccountId)) account = evolve(account, { ...event, position });
    }
    return { events, account };
  });
}

type Row = { readonly position: number; readonly text: string };

/** By `psql`, so that no driver is needed: one text a line. */
function foldFromPostgres({ socketDirectory, user }: Pick<Postgres, 'socketDirectory' | 'user'>): Promise<Folded> {
  return timed(async () => {
    const command =
      "COPY (SELECT convert_from(bytes, 'UTF8') FROM events ORDER BY position) TO STDOUT (FORMAT csv, QUOTE e'\\x01', DELIMITER e'\\x02')";
    const psql = spawn('psql', ['-h', socketDirectory, '-U', user, '-d', 'postgres', '-q', '-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
    let account = emptyAccount(sampleAccountId);
    let events = 0;
    for await (const line of createInterface({ input: psql.stdout })) {
      events++;
      const event = JSON.parse(line) as RecordedEvent;
      if (event.stream === accountStream(sampleAccountId)) account = evolve(account, { ...event, position: events });
    }
    return { events, account };
  });
}

/** Puts the log into PostgreSQL. @returns why not, where it can not be done here */
async function fillPostgres(postgres: Postgres, directory: string): Promise<string | undefined> {
  const psql = (...options: string[]): string[] => ['-h', postgres.socketDirectory, '-U', postgres.user, '-d', 'postgres', '-q', ...options];
  const table = spawnSync('psql', psql('-c', 'CREATE TABLE events (position bigint PRIMARY KEY, bytes bytea NOT NULL)'), { encoding: 'utf8' });
  if (table.status !== 0) return `psql does not work: ${table.stderr || String(table.error)}`;
  const copy = spawn('psql', psql('-c', 'COPY events FROM STDIN'), { stdio: ['pipe', 'ignore', 'inherit'] });
  const done = new Promise<number | null>((resolve) => copy.once('exit', resolve));
  const log = new DatabaseSync(join(directory, 'ledger', 'log.db'), { readOnly: true });
  for (const row of log.prepare("SELECT position || char(9) || '\\\\x' || hex(bytes) AS line FROM events ORDER BY position").iterate()) {
    if (!copy.stdin.write(`${String(row['line'])}\n`)) await new Promise((resolve) => copy.stdin.once('drain', resolve));
  }
  copy.stdin.end();
  log.close();
  const status = await done;
  spawnSync('psql', psql('-c', 'VACUUM ANALYZE events'));
  return status === 0 ? undefined : `psql ended with ${status}`;
}

const folds: Readonly<Record<string, (place: string, user: string) => Promise<Folded>>> = {
  ours: foldOurs,
  naive: foldNaively,
  postgres: (socketDirectory, user) => foldFromPostgres({ socketDirectory, user }),
};

/** In a process of its own, so that memory is its own. */
function foldInChild(name: keyof typeof folds, ...places: string[]): Promise<Folded> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL(import.meta.url), ['fold', name, ...places], { execArgv: ['--no-warnings', '--heap-growing-percent=30'] });
    child.once('message', (folded) => resolve(folded as Folded));
    child.once('exit', (code) => reject(new Error(`the fold of ${name} ended with ${code}`)));
  });
}

/** Milliseconds until the server listens: first it folds the log and, stopped, writes a snapshot; then it starts from that. */
async function starts(directory: string): Promise<{ readonly withoutMs: number; readonly withMs: number }> {
  const env = { IAM_LEDGER_LOG_LEVEL: 'error' };
  const snapshots = join(directory, 'snapshots');
  spawnSync('rm', ['-rf', snapshots]);
  const first = await startServer(directory, env);
  await first.stop();
  const second = await startServer(directory, env);
  await second.stop();
  return { withoutMs: first.startedInMs, withMs: second.startedInMs };
}

async function main(): Promise<void> {
  const options = benchOptions();
  const events = options.quick ? 50_000 : 1_000_000;
  const directory = await sampleLog(events);
  const notes = [`One account, ${events.toLocaleString('en')} events, the state after each of them kept.`];
  const ours = await foldInChild('ours', directory);
  const naive = await foldInChild('naive', directory);
  if (ours.users !== naive.users) throw new Error(`${ours.users} users are not ${naive.users}`);
  const postgres = await measurePostgres(directory, notes);
  build();
  const { withoutMs, withMs } = await starts(directory);
  const rate = ({ events: folded, seconds }: Folded): number => folded / seconds;
  const peers: Result[] =
    postgres === undefined
      ? []
      : [
          result('replay into the account', 'events/s', rate(ours), {
            peer: rate(postgres),
            peerName: 'PostgreSQL, COPY in order, JSON.parse, same reducers',
          }),
        ];
  const results = [
    result('replay into the account', 'events/s', rate(ours), {
      peer: rate(naive),
      peerName: 'node:sqlite rows, JSON.parse, same reducers',
      atLeast: 250_000,
    }),
    ...peers,
    result('replay, CPU of the process', 'µs/event', (ours.cpuSeconds * 1e6) / ours.events, {
      peer: (naive.cpuSeconds * 1e6) / naive.events,
      peerName: 'node:sqlite rows, JSON.parse, same reducers',
    }),
    result('resident memory with the past', 'GB', ours.residentBytes / 1e9, {
      peer: naive.residentBytes / 1e9,
      peerName: 'the same without a past',
      atMost: 1.5,
    }),
    result('start of the server, no snapshot', 'ms', withoutMs),
    result('start of the server, snapshot', 'ms', withMs, { peer: withoutMs, peerName: 'ours without a snapshot', atMost: 2000 }),
  ];
  notes.push('Next costs of a replay: comparing names on the way down the trees, parsing the envelope, and collecting what changes leave behind.');
  report({ bench: 'replay', results, notes }, options);
}

async function measurePostgres(directory: string, notes: string[]): Promise<Folded | undefined> {
  const postgres = startPostgres();
  if (typeof postgres === 'string') {
    notes.push(`No PostgreSQL to compare with: ${postgres}.`);
    return undefined;
  }
  try {
    const problem = await fillPostgres(postgres, directory);
    if (problem === undefined) return await foldInChild('postgres', postgres.socketDirectory, postgres.user);
    notes.push(`No PostgreSQL to compare with: ${problem}.`);
    return undefined;
  } finally {
    postgres.stop();
  }
}

const [mode, name, place, user] = process.argv.slice(2);
if (mode === 'fold')
  process.send!(await folds[name!]!(place!, user ?? ''), () => process.exit(0)); // forked by `foldInChild`
else await main();
