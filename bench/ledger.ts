/**
 * Durable appends of events of about 600 bytes, Merkle tree included, beside PostgreSQL, an event store on it, and a raw file; and reading them back.
 *
 *   npm run bench -- ledger [--quick] [--json]
 *
 * All run in the same process, in turns, for some seconds each. Every writer appends one event, waits until it is durable, and appends the next to the
 * same stream with its expected revision. Ours is charged with the signing of a checkpoint over all events at the end of its turn. Ratios are taken
 * within a round; the median of the rounds is shown.
 */
import { closeSync, fdatasyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { openSqliteLedger } from '../libs/ledger/index.ts';
import { userCreated } from '../test/support/ledger/events.ts';
import type { AppendPeer } from './support/append-peers.ts';
import { emmettPostgres, postgresGroupCommit, rawFile } from './support/append-peers.ts';
import { startPostgres } from './support/postgres.ts';
import type { Result } from './support/report.ts';
import { benchOptions, format, percentile, report, result } from './support/report.ts';

const options = benchOptions();
const rounds = options.quick ? 1 : 5;
const turnMs = options.quick ? 500 : 3000;
const writersMany = 64;
// Below the working directory (dist is ignored by git), not in /tmp: that is memory on many machines.
const scratch = join(process.cwd(), 'dist');
mkdirSync(scratch, { recursive: true });
const directory = mkdtempSync(join(scratch, 'bench-ledger-'));

const fill = { stream: 0 };

/** Appends per second of `writers` that each wait for their own. `settle` belongs to the work. */
async function appendsPerSecond(
  writers: number,
  append: AppendPeer['append'],
  settle: () => Promise<unknown> = async () => undefined,
): Promise<number> {
  let done = 0;
  const start = performance.now();
  const one = async (): Promise<void> => {
    const stream = `account-${(fill.stream += 1)}`;
    for (let revision = -1; performance.now() - start < turnMs; revision += 1) {
      await append(stream, revision, userCreated(done));
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, one));
  await settle();
  return (done / (performance.now() - start)) * 1000;
}

/** What the disk gives to one who writes and waits, and does nothing else. */
function bareLoopPerSecond(): number {
  const path = join(directory, 'bare');
  const file = openSync(path, 'w');
  let done = 0;
  const start = performance.now();
  for (; performance.now() - start < turnMs; done += 1) {
    writeSync(file, JSON.stringify(userCreated(done)));
    fdatasyncSync(file);
  }
  const seconds = (performance.now() - start) / 1000;
  closeSync(file);
  rmSync(path);
  return done / seconds;
}

interface Measured {
  readonly ours: number[];
  readonly peer: number[];
}

const median = (values: readonly number[]): number => percentile(values, 0.5);

/** A row whose ratio is the median of the ratios within the rounds. */
function row(work: string, { ours, peer }: Measured, peerName: string, ratioMin: number): Result {
  const ratio = median(ours.map((value, round) => value / peer[round]!));
  const shown = result(work, 'events/s', median(ours), { peer: median(peer), peerName, atLeast: ratioMin, ofRatio: true });
  return { ...shown, ratio, target: `ratio >= ${format(ratioMin)}`, met: ratio >= ratioMin };
}

const notes: string[] = [];
const postgres = startPostgres();
const makers: { readonly label: string; readonly ratioMin: number; readonly make: () => Promise<AppendPeer> }[] = [
  { label: 'raw file', ratioMin: 0.5, make: () => rawFile(join(directory, 'raw')) },
];
if (typeof postgres === 'string') notes.push(`missing: PostgreSQL with group commit by hand, and emmett-postgresql: ${postgres}`);
else {
  makers.push({ label: 'PostgreSQL', ratioMin: 3, make: () => postgresGroupCommit(postgres) });
  makers.push({ label: 'emmett-postgresql', ratioMin: 20, make: () => emmettPostgres(postgres) });
}

const ledger = await openSqliteLedger({ directory: join(directory, 'ledger') });
const ours: AppendPeer['append'] = (stream, revision, event) => ledger.append(stream, revision, [event]);
const peers: { readonly peer: AppendPeer; readonly ratioMin: number; readonly perSecond: number[] }[] = [];
for (const { label, ratioMin, make } of makers) {
  try {
    peers.push({ peer: await make(), ratioMin, perSecond: [] });
  } catch (error) {
    notes.push(`missing: ${label}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const many: number[] = [];
const single: Measured = { ours: [], peer: [] };
for (let round = 0; round < rounds; round += 1) {
  many.push(await appendsPerSecond(writersMany, ours, () => ledger.checkpoint()));
  for (const { peer, perSecond } of peers) perSecond.push(await appendsPerSecond(writersMany, peer.append));
  single.peer.push(bareLoopPerSecond());
  single.ours.push(await appendsPerSecond(1, ours));
}

const results = peers.map(({ peer, ratioMin, perSecond }) =>
  row(`durable append, ${writersMany} writers`, { ours: many, peer: perSecond }, peer.name, ratioMin),
);
if (peers.length === 0) results.push(result(`durable append, ${writersMany} writers`, 'events/s', median(many)));
results.push(row('durable append, 1 writer', single, 'a bare loop of write and fdatasync', 1 / 1.5));

const reads = { replay: [] as number[], readAll: [] as number[] };
for (let round = 0; round < rounds; round += 1) {
  let count = 0;
  const start = performance.now();
  ledger.replay({ onEvents: (events) => (count += events.length) });
  reads.replay.push((count / (performance.now() - start)) * 1000);
  const startAll = performance.now();
  for await (const events of ledger.readAll()) count += events.length;
  reads.readAll.push((count / 2 / (performance.now() - startAll)) * 1000);
}
results.push(result('read the whole log, at start-up (replay)', 'events/s', median(reads.replay), { atLeast: 250_000 }));
results.push(result('read the whole log, beside appends (readAll)', 'events/s', median(reads.readAll)));
notes.push(`${ledger.head().toLocaleString('en')} events in the log, ${rounds} rounds of ${turnMs / 1000} s`);
notes.push('PostgreSQL pays a hop to another process, as everything does that is not embedded');

await ledger.close();
for (const { peer } of peers) await peer.close();
if (typeof postgres !== 'string') postgres.stop();
rmSync(directory, { recursive: true });
report({ bench: 'ledger', results, notes }, options);
