import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ledgerFiles, openSqliteLedger, uuidv7 } from '../../libs/ledger/index.ts';
import { runCli } from '../../test/support/cli.ts';
import { dataDirectoryAt } from '../config/data-directory.ts';

const eventsCount = 700;
let directory: string;
let ledgerDirectory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-offline-'));
  ledgerDirectory = dataDirectoryAt(directory).ledger;
  const ledger = await openSqliteLedger({ directory: ledgerDirectory });
  for (let start = 0; start < eventsCount; start += 100) {
    const events = Array.from({ length: 100 }, (_, at) => ({
      id: uuidv7(Date.now()),
      type: 'Tested',
      schemaVersion: 1,
      time: '2026-01-01T00:00:00.000Z',
      data: { number: start + at },
      metadata: {},
    }));
    await ledger.append('stream', 'any', events);
  }
  await ledger.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

function tiles(): Record<string, string> {
  const root = ledgerFiles.tiles(ledgerDirectory);
  const names = (readdirSync(root, { recursive: true }) as string[]).filter((name) => statSync(join(root, name)).isFile());
  return Object.fromEntries(names.toSorted().map((name) => [name, readFileSync(join(root, name)).toString('base64')]));
}

describe('verify', () => {
  it('says that an untouched log is intact', async () => {
    const { exitCode, stdout } = await runCli(['verify', '--data', directory]);
    expect(stdout).toMatch(/^Intact: 700 events, (\d+) of \1 signed checkpoints hold; root \S+\.\n$/);
    expect(exitCode).toBe(0);
  });

  it('may run beside the server that holds the directory', async () => {
    const ledger = await openSqliteLedger({ directory: ledgerDirectory });
    try {
      expect(await runCli(['verify', '--data', directory, '--json'])).toMatchObject({ exitCode: 0 });
    } finally {
      await ledger.close();
    }
  });

  it('ends with 1 and names the first bad position of a log that was edited', async () => {
    const log = new DatabaseSync(ledgerFiles.log(ledgerDirectory));
    const { bytes } = log.prepare('SELECT bytes FROM events WHERE position = 123').get() as { bytes: Uint8Array };
    log.prepare('UPDATE events SET bytes = ? WHERE position = 123').run(Buffer.from(Buffer.from(bytes).toString().replace('Tested', 'Forged')));
    try {
      const { exitCode, stdout, stderr } = await runCli(['verify', '--data', directory, '--json']);
      expect(exitCode).toBe(1);
      expect(JSON.parse(stdout)).toMatchObject({ Intact: false, FirstBadPosition: 123 });
      expect(stderr).toContain('the first bad position is 123');
    } finally {
      log.prepare('UPDATE events SET bytes = ? WHERE position = 123').run(bytes);
      log.close();
    }
  });
});

describe('rebuild', () => {
  it('refuses a directory that a server holds, and deletes nothing', async () => {
    const before = tiles();
    const ledger = await openSqliteLedger({ directory: ledgerDirectory });
    try {
      const { exitCode, stderr } = await runCli(['rebuild', '--data', directory]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('stop it first');
      expect(tiles()).toEqual(before);
    } finally {
      await ledger.close();
    }
  });

  it('makes the same tiles again from the log alone', async () => {
    const before = tiles();
    expect(Object.keys(before).length).toBeGreaterThan(2);
    rmSync(ledgerFiles.tiles(ledgerDirectory), { recursive: true });
    const { exitCode, stdout, stderr } = await runCli(['rebuild', '--data', directory, '--progress']);
    expect(stderr).toContain('index: 100 % (700/700)');
    expect(stderr).toContain('history: 100 % (700/700)');
    expect(stdout).toContain('of 700 events');
    expect(exitCode).toBe(0);
    const after = tiles();
    // Partial tiles of earlier checkpoints may be there before and need not be there after.
    for (const [name, content] of Object.entries(after)) if (name in before) expect([name, content]).toEqual([name, before[name]]);
    expect(Object.keys(after).filter((name) => !name.includes('.p'))).toEqual(Object.keys(before).filter((name) => !name.includes('.p')));
    expect(await runCli(['verify', '--data', directory])).toMatchObject({ exitCode: 0 });
  });
});
