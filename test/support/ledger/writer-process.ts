/**
 * A process that appends to a ledger until it is stopped, for tests that kill it. Prints a line `ack <stream> <revision> <id>` for each event when its
 * append has returned, and `unknown` or `full` when it was refused.
 *
 * Argument: JSON of `WriterProcessOptions`.
 */
import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LedgerFull, LedgerLocked, openSqliteLedger, OutcomeUnknown } from '../../../libs/ledger/index.ts';
import { userCreated } from './events.ts';

export interface WriterProcessOptions {
  readonly directory: string;
  /** How many append at once, each to a stream of its own. */
  readonly writers: number;
  /** Ends after so many appends of each; endless by default. */
  readonly appendsEach?: number;
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** The guard off: acknowledges before the append has returned. */
  readonly acknowledgeEarly?: boolean;
  /** Measures, instead of appending: turns of the event loop while one write is under way, in a ledger and in a database of this thread. */
  readonly countTurns?: boolean;
}

const options = JSON.parse(process.argv[2]!) as WriterProcessOptions;
const say = (line: string): void => void writeSync(1, `${line}\n`);

async function append(ledger: Awaited<ReturnType<typeof openSqliteLedger>>, stream: string): Promise<void> {
  let revision = ledger.revision(stream);
  for (let done = 0; done < (options.appendsEach ?? Number.POSITIVE_INFINITY); done += 1) {
    const event = userCreated(done);
    const appended = ledger.append(stream, revision, [event]);
    if (options.acknowledgeEarly) say(`ack ${stream} ${revision + 1} ${event.id}`);
    await appended;
    revision += 1;
    if (!options.acknowledgeEarly) say(`ack ${stream} ${revision} ${event.id}`);
  }
}

/** Turns of the event loop, at least a millisecond apart, that happen while `work` is under way. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  await work();
  clearInterval(timer);
  return turns;
}

async function countTurns(ledger: Awaited<ReturnType<typeof openSqliteLedger>>): Promise<void> {
  say(`turns ledger ${await turnsDuring(() => ledger.append('a', 'any', [userCreated(1)]))}`);
  const inThisThread = new DatabaseSync(`${options.directory}/other.db`);
  inThisThread.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a)');
  say(`turns this-thread ${await turnsDuring(async () => inThisThread.exec('INSERT INTO t VALUES (1)'))}`);
  inThisThread.close();
}

try {
  const { directory, synchronous = 'FULL' } = options;
  const ledger = await openSqliteLedger({ directory, synchronous });
  say('open');
  if (options.countTurns) await countTurns(ledger);
  else await Promise.all(Array.from({ length: options.writers }, (_, index) => append(ledger, `account-${index}`)));
  await ledger.close();
  say('closed');
} catch (error) {
  if (error instanceof LedgerLocked) say('locked');
  else if (error instanceof LedgerFull) say('full');
  else if (error instanceof OutcomeUnknown) say('unknown');
  else say(`error ${String(error)}`);
  process.exit(70);
}
