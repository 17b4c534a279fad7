import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SignedCheckpoint } from '../../libs/ledger/index.ts';
import { LedgerDamaged, leafHash, ledgerFiles, openSqliteLedger, verifyLog } from '../../libs/ledger/index.ts';
import { appendMany, collect, userCreated } from '../support/ledger/events.ts';
import { temporaryDirectories } from '../support/ledger/processes.ts';

const directories = temporaryDirectories();
afterEach(() => directories.removeAll());

const events = 600;

let original: { directory: string; checkpoint: SignedCheckpoint };
let another: { directory: string; checkpoint: SignedCheckpoint };

async function makeLedger(): Promise<{ directory: string; checkpoint: SignedCheckpoint }> {
  const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-'));
  const ledger = await openSqliteLedger({ directory });
  await appendMany(ledger, events);
  await ledger.close();
  return { directory, checkpoint: ledger.lastCheckpoint() };
}

beforeAll(async () => {
  original = await makeLedger();
  another = await makeLedger();
});
afterAll(() => {
  for (const { directory } of [original, another]) rmSync(directory, { recursive: true });
});

/** A copy of a closed ledger of 600 events in three streams, with signed checkpoints of 0 and 600. */
function closedLedger(): { directory: string; checkpoint: SignedCheckpoint } {
  const directory = directories.make();
  cpSync(original.directory, directory, { recursive: true });
  return { directory, checkpoint: original.checkpoint };
}

/** What an insider with the file and SQL can do. */
function change(directory: string, edit: (log: DatabaseSync) => void): void {
  const log = new DatabaseSync(ledgerFiles.log(directory));
  edit(log);
  log.close();
}

function bytesAt(log: DatabaseSync, position: number): Buffer {
  return Buffer.from((log.prepare('SELECT bytes FROM events WHERE position = ?').get(position) as { bytes: Uint8Array }).bytes);
}

/** Rewrites an event so that its row is right in itself. */
function forge(log: DatabaseSync, position: number, from: string, to: string): void {
  const bytes = Buffer.from(bytesAt(log, position).toString().replace(from, to));
  log.prepare('UPDATE events SET bytes = ?, leaf = ? WHERE position = ?').run(bytes, leafHash(bytes), position);
}

describe('verification', () => {
  it('finds nothing in a log that nobody touched, and says how far a signature shows it to be complete', async () => {
    const { directory } = closedLedger();
    const progress: number[] = [];
    const report = verifyLog(directory, { onProgress: (position) => progress.push(position) });
    expect(report).toMatchObject({ head: events, intact: true, completeUpTo: events, firstBadPosition: undefined, problems: [] });
    expect(report.checkpoints.held).toBe(report.checkpoints.known);
    expect(progress.at(-1)).toBe(events);
  });

  it('names the event in which one bit of the file has flipped', async () => {
    const { directory } = closedLedger();
    for (const position of [1, 2, 299, 300, 600]) {
      const file = readFileSync(ledgerFiles.log(directory));
      const log = new DatabaseSync(ledgerFiles.log(directory), { readOnly: true });
      const bytes = bytesAt(log, position);
      log.close();
      const untouched = Buffer.from(file);
      // SQLite leaves old copies in the unused part of a page: the bit flips in all of them.
      for (let at = file.indexOf(bytes); at !== -1; at = file.indexOf(bytes, at)) file[at + Math.floor(bytes.length / 3)]! ^= 0x10;
      writeFileSync(ledgerFiles.log(directory), file);
      expect(verifyLog(directory)).toMatchObject({ intact: false, firstBadPosition: position });
      writeFileSync(ledgerFiles.log(directory), untouched);
    }
    expect(verifyLog(directory).intact).toBe(true);
  });

  const edits: readonly { readonly what: string; readonly edit: (log: DatabaseSync) => void; readonly first: number }[] = [
    { what: 'an event was rewritten, its hash with it', edit: (log) => forge(log, 123, 'CreateUser', 'DeleteUser'), first: 123 },
    { what: 'an event was removed', edit: (log) => log.exec('DELETE FROM events WHERE position = 77'), first: 77 },
    { what: 'the first event was removed', edit: (log) => log.exec('DELETE FROM events WHERE position = 1'), first: 1 },
    { what: 'the tail was cut', edit: (log) => log.exec('DELETE FROM events WHERE position > 550'), first: 551 },
    { what: 'an event was moved to another stream', edit: (log) => log.exec('UPDATE events SET stream = 2 WHERE position = 50'), first: 50 },
    { what: 'a stream was renamed', edit: (log) => log.exec("UPDATE streams SET name = 'other' WHERE number = 1"), first: 1 },
    { what: 'two streams changed places', edit: (log) => log.exec('UPDATE events SET stream = 3 - stream WHERE stream < 3'), first: 1 },
    {
      what: 'an event was removed and all behind it moved up',
      edit: (log) =>
        log.exec(`
          DELETE FROM events WHERE position = 590;
          UPDATE events SET position = -position WHERE position > 590;
          UPDATE events SET position = -position - 1 WHERE position < 0`),
      first: 590,
    },
    {
      what: 'two events changed places',
      edit: (log) =>
        log.exec(`
          UPDATE events SET position = -1 WHERE position = 10;
          UPDATE events SET position = 10 WHERE position = 11;
          UPDATE events SET position = 11 WHERE position = -1`),
      first: 10,
    },
  ];
  it.each(edits)('finds that $what', async ({ edit, first }) => {
    const { directory } = closedLedger();
    change(directory, edit);
    expect(verifyLog(directory)).toMatchObject({ intact: false, firstBadPosition: first });
  });

  it('without the tiles, names the stretch between two signed checkpoints in which an event was rewritten', async () => {
    const directory = directories.make();
    for (const count of [100, 200, 300]) {
      const ledger = await openSqliteLedger({ directory });
      await appendMany(ledger, count);
      await ledger.close();
    }
    rmSync(ledgerFiles.tiles(directory), { recursive: true });
    change(directory, (log) => forge(log, 250, 'CreateUser', 'DeleteUser'));
    const report = verifyLog(directory);
    expect(report).toMatchObject({ intact: false, completeUpTo: 100, firstBadPosition: 101 });
    expect(report.problems[0]!.problem).toContain('from 101 to 300');
  });

  it('does not see a tail that was cut together with the checkpoints, unless one is kept elsewhere', async () => {
    const { directory, checkpoint } = closedLedger();
    const before = readFileSync(ledgerFiles.checkpoints(directory), 'utf8');
    change(directory, (log) => log.exec('DELETE FROM events WHERE position > 550'));
    const first = `${before.split('\n').slice(0, 5).join('\n')}\n`;
    writeFileSync(ledgerFiles.checkpoints(directory), first);
    writeFileSync(ledgerFiles.checkpoint(directory), first);
    expect(verifyLog(directory)).toMatchObject({ intact: true, head: 550, completeUpTo: 0 });
    expect(verifyLog(directory, { checkpoints: [checkpoint.note] })).toMatchObject({ intact: false, firstBadPosition: 551 });
  });

  it('does not take a checkpoint that the key did not sign', async () => {
    const { directory } = closedLedger();
    const path = ledgerFiles.checkpoint(directory);
    writeFileSync(path, readFileSync(path, 'utf8').replace('\n600\n', '\n599\n'));
    const report = verifyLog(directory);
    expect(report.intact).toBe(false);
    expect(report.problems[0]!.problem).toContain('not signed');
  });
});

describe('a ledger that is not what was signed', () => {
  const refusals: readonly { readonly what: string; readonly harm: (directory: string) => void; readonly says: string }[] = [
    { what: 'its tail was cut', harm: (at) => change(at, (log) => log.exec('DELETE FROM events WHERE position > 550')), says: 'its tail was cut' },
    { what: 'its log is gone', harm: (at) => rmSync(ledgerFiles.log(at)), says: 'is missing' },
    {
      what: 'its log is empty',
      harm: (at) => change(at, (log) => log.exec('DELETE FROM events; DELETE FROM streams')),
      says: 'the log ends at position 0',
    },
    { what: 'its key is gone', harm: (at) => rmSync(ledgerFiles.key(at)), says: 'log-key is missing' },
    {
      what: 'its checkpoints are gone',
      harm: (at) => [ledgerFiles.checkpoint(at), ledgerFiles.checkpoints(at)].forEach((path) => rmSync(path)),
      says: 'no signed checkpoint is left',
    },
    {
      what: 'its log is a file of another kind',
      harm: (at) => writeFileSync(ledgerFiles.log(at), 'not a database, '.repeat(2000)),
      says: 'not a database',
    },
    { what: 'its log has a newer format', harm: (at) => change(at, (log) => log.exec('PRAGMA user_version = 99')), says: 'format version 99' },
    {
      what: 'an event was rewritten and the index is gone',
      harm(at) {
        change(at, (log) => forge(log, 5, 'CreateUser', 'DeleteUser'));
        rmSync(ledgerFiles.index(at));
      },
      says: 'not those of the last signed checkpoint',
    },
  ];
  it.each(refusals)('does not open when $what', async ({ harm, says }) => {
    const { directory } = closedLedger();
    harm(directory);
    await expect(openSqliteLedger({ directory })).rejects.toThrow(says);
  });

  it('does not open when an old backup of the log was restored', async () => {
    const { directory } = closedLedger();
    const backup = `${directory}/backup`;
    copyFileSync(ledgerFiles.log(directory), backup);
    const ledger = await openSqliteLedger({ directory });
    await ledger.append('account-0', 'any', [userCreated(1)]);
    await ledger.close();
    copyFileSync(backup, ledgerFiles.log(directory));
    await expect(openSqliteLedger({ directory })).rejects.toThrow(LedgerDamaged);
    await expect(openSqliteLedger({ directory })).rejects.toThrow('an old backup was restored');
  });

  it('does not open with the log of another ledger', async () => {
    const { directory } = closedLedger();
    copyFileSync(ledgerFiles.log(another.directory), ledgerFiles.log(directory));
    await expect(openSqliteLedger({ directory })).rejects.toThrow(LedgerDamaged);
  });
});

describe('the derived files', () => {
  const harms: readonly { readonly what: string; readonly harm: (directory: string, other: string) => void }[] = [
    { what: 'gone', harm: (at) => [ledgerFiles.index(at), ledgerFiles.tiles(at)].forEach((path) => rmSync(path, { recursive: true })) },
    { what: 'broken', harm: (at) => writeFileSync(ledgerFiles.index(at), 'broken, '.repeat(4000)) },
    { what: 'those of another log', harm: (at, other) => cpSync(ledgerFiles.index(other), ledgerFiles.index(at)) },
  ];
  it.each(harms)('are made again when they are $what', async ({ harm }) => {
    const { directory, checkpoint } = closedLedger();
    const before = await openSqliteLedger({ directory });
    const read = await collect(before.read('account-1', { fromRevision: 30 }));
    await before.close();
    harm(directory, another.directory);
    const after = await openSqliteLedger({ directory });
    expect(await collect(after.read('account-1', { fromRevision: 30 }))).toEqual(read);
    expect(await after.inclusionProof(300, events)).toHaveLength(10);
    await after.append('account-1', after.revision('account-1'), [userCreated(1)]);
    await after.close();
    expect(after.lastCheckpoint().size).toBe(checkpoint.size + 1);
    expect(existsSync(`${ledgerFiles.tiles(directory)}/tile/0/000`)).toBe(true);
    expect(verifyLog(directory).intact).toBe(true);
  });
});
