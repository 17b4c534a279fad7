import { afterEach, describe, expect, it } from '@jest/globals';
import { LedgerLocked, openSqliteLedger, verifyLog } from '../../libs/ledger/index.ts';
import { appendMany } from '../support/ledger/events.ts';
import { startWriter, temporaryDirectories } from '../support/ledger/processes.ts';

const directories = temporaryDirectories();
afterEach(() => directories.removeAll());

describe('two processes on one ledger', () => {
  it('the second is refused, and the first is not disturbed', async () => {
    const directory = directories.make();
    const ledger = await openSqliteLedger({ directory });
    const second = startWriter({ directory, writers: 1, appendsEach: 1 });
    await second.ended;
    expect(second.said).toEqual(['locked']);
    await appendMany(ledger, 10);
    expect(ledger.head()).toBe(10);
    await ledger.close();
  });

  it('a second ledger in the same process is refused, too, and says what to do', async () => {
    const directory = directories.make();
    const ledger = await openSqliteLedger({ directory });
    const second = openSqliteLedger({ directory });
    await expect(second).rejects.toThrow(LedgerLocked);
    await expect(second).rejects.toThrow('stop that one first');
    await ledger.close();
  });

  it('a process that was killed does not keep the ledger', async () => {
    const directory = directories.make();
    const first = startWriter({ directory, writers: 4 });
    await first.until(10);
    first.process.kill('SIGKILL');
    await first.ended;
    const second = startWriter({ directory, writers: 4, appendsEach: 2 });
    await second.ended;
    expect(second.said).toEqual(['open', 'closed']);
  });

  it('verification runs beside a writer', async () => {
    const directory = directories.make();
    const writer = startWriter({ directory, writers: 4 });
    for (const count of [10, 200, 600]) {
      await writer.until(count);
      const { intact, head, problems } = verifyLog(directory);
      expect(problems).toEqual([]);
      expect(intact).toBe(true);
      expect(head).toBeGreaterThanOrEqual(count);
    }
    writer.process.kill('SIGKILL');
    await writer.ended;
  });
});
