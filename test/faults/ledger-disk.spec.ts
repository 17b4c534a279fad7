import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ledgerFiles, LedgerFull, openSqliteLedger, verifyLog } from '../../libs/ledger/index.ts';
import { collect, userCreated } from '../support/ledger/events.ts';
import { noStrace, recover, startWriter, temporaryDirectories } from '../support/ledger/processes.ts';

const directories = temporaryDirectories();
const mounted: string[] = [];
afterEach(() => {
  for (const directory of mounted.splice(0)) spawnSync('umount', ['-l', directory]);
  directories.removeAll();
});

const isRoot = process.getuid?.() === 0;
const noMount = isRoot ? '' : 'only root can mount';

function mountTmpfs(options: string): string {
  const directory = directories.make();
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cannot mount a tmpfs: ${stderr}`);
  mounted.push(directory);
  return directory;
}

(isRoot ? describe : describe.skip)(`a full disk${isRoot ? '' : ` (SKIPPED: ${noMount})`}`, () => {
  it('refuses appends, loses none that was acknowledged, goes on reading, and recovers when there is room', async () => {
    const directory = mountTmpfs('size=6m');
    const ledger = await openSqliteLedger({ directory });
    let acknowledged = 0;
    let refusal: unknown;
    while (refusal === undefined) {
      const events = Array.from({ length: 20 }, (_, index) => userCreated(index));
      await ledger.append('account-1', 'any', events).then(
        () => (acknowledged += 20),
        (error: unknown) => (refusal = error),
      );
    }
    expect(refusal).toBeInstanceOf(LedgerFull);
    expect(ledger.head()).toBe(acknowledged);
    // A stream that was never written must not look as if it were.
    await expect(
      ledger.append(
        'account-2',
        'no-stream',
        Array.from({ length: 100 }, (_, index) => userCreated(index)),
      ),
    ).rejects.toThrow(LedgerFull);
    expect(ledger.revision('account-2')).toBe(-1);
    expect(await collect(ledger.readAll())).toHaveLength(acknowledged);
    spawnSync('mount', ['-o', 'remount,size=64m', directory]);
    expect(await ledger.append('account-2', 'no-stream', [userCreated(1)])).toMatchObject({ firstPosition: acknowledged + 1, revision: 0 });
    await ledger.close();
    expect(ledger.lastCheckpoint().size).toBe(acknowledged + 1);
    expect(verifyLog(directory)).toMatchObject({ intact: true, head: acknowledged + 1 });
  });
});

(noStrace === '' ? describe : describe.skip)(`a disk that fails${noStrace === '' ? '' : ` (SKIPPED: ${noStrace})`}`, () => {
  const inject = (what: string): string[] => ['-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:${what}`];

  it('makes the outcome of an append unknown when an fsync fails, and ends the taking of appends; a restart decides', async () => {
    const directory = directories.make();
    const writer = startWriter({ directory, writers: 1 }, inject('error=EIO:when=40+'));
    await writer.ended;
    expect(writer.said).toEqual(['open', 'unknown']);
    const { lost, problems, head } = await recover(directory, writer.acknowledged);
    expect({ lost, problems }).toEqual({ lost: 0, problems: [] });
    // The event whose fsync failed may be there.
    expect(head - writer.acknowledged.length).toBeLessThanOrEqual(1);
  });

  it('does not keep the event loop waiting while an fsync takes 200 ms, as a database in the same thread does', async () => {
    const writer = startWriter({ directory: directories.make(), writers: 0, countTurns: true }, inject('delay_enter=200000'));
    await writer.ended;
    const turns = Object.fromEntries(writer.said.filter((line) => line.startsWith('turns')).map((line) => line.split(' ').slice(1)));
    expect(Number(turns['ledger'])).toBeGreaterThan(10);
    expect(Number(turns['this-thread'])).toBeLessThanOrEqual(1);
  });
});

describe('a torn write-ahead log', () => {
  /** What a power cut leaves: the files as they are in mid-flight, with the last bytes of the write-ahead log missing. */
  async function imageWithTornTail(cutBytes: number): Promise<string> {
    const [directory, image] = [directories.make(), join(directories.make(), 'image')];
    const ledger = await openSqliteLedger({ directory, limits: { checkpointEveryMs: 600_000 } });
    for (let index = 0; index < 20; index += 1) await ledger.append('account-1', index - 1, [userCreated(index)]);
    mkdirSync(image);
    const write = ledgerFiles.log(directory);
    for (const path of [write, `${write}-wal`, ledgerFiles.key(directory), ledgerFiles.checkpoint(directory)]) {
      copyFileSync(path, path.replace(directory, image));
    }
    await ledger.close();
    const log = `${ledgerFiles.log(image)}-wal`;
    truncateSync(log, statSync(log).size - cutBytes);
    return image;
  }

  it.each([1, 100, 512, 4096])('loses the transaction that lost its last %i bytes as a whole, and nothing before it', async (cutBytes) => {
    const image = await imageWithTornTail(cutBytes);
    const ledger = await openSqliteLedger({ directory: image });
    expect(ledger.head()).toBe(19);
    expect(await ledger.append('account-1', 18, [userCreated(19)])).toMatchObject({ firstPosition: 20, revision: 19 });
    await ledger.close();
    expect(existsSync(`${ledgerFiles.log(image)}-wal`)).toBe(false);
    expect(verifyLog(image).intact).toBe(true);
  });
});
