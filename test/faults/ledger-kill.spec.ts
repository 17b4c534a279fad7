import { afterEach, describe, expect, it } from '@jest/globals';
import type { Acknowledged } from '../support/ledger/processes.ts';
import { noStrace, recover, startWriter, temporaryDirectories } from '../support/ledger/processes.ts';

const directories = temporaryDirectories();
afterEach(() => directories.removeAll());

/** Kills a writer under load `kills` times, each time after some more acknowledgements, and recovers in between. */
async function killLoop(
  directory: string,
  kills: number,
  acknowledgeEarly = false,
): Promise<{ lost: number; acknowledged: number; problems: unknown[] }> {
  const all: Acknowledged[] = [];
  const problems: unknown[] = [];
  let lost = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const writer = startWriter({ directory, writers: 16, acknowledgeEarly });
    await writer.until(40 + Math.floor(Math.random() * 400));
    writer.process.kill('SIGKILL');
    await writer.ended;
    all.push(...writer.acknowledged);
    const recovered = await recover(directory, all);
    lost += recovered.lost;
    problems.push(...recovered.problems);
    if (lost > 0) break;
  }
  return { lost, acknowledged: all.length, problems };
}

describe('a ledger whose process is killed under load', () => {
  it('has every acknowledged event, each time, and goes on behind them', async () => {
    const { lost, acknowledged, problems } = await killLoop(directories.make(), 4);
    expect(acknowledged).toBeGreaterThan(160);
    expect({ lost, problems }).toEqual({ lost: 0, problems: [] });
  }, 60_000);

  it('loses some if it acknowledges before the commit: the test above would see it', async () => {
    const { lost } = await killLoop(directories.make(), 10, true);
    expect(lost).toBeGreaterThan(0);
  }, 60_000);
});

/** Kills a writer when one of its threads makes the call `syscall` for the n-th time. */
async function killAt(syscall: string, count: number): Promise<{ lost: number; problems: readonly unknown[]; acknowledged: number; ended: boolean }> {
  const directory = directories.make();
  const inject = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${syscall}`, '-e', `inject=${syscall}:signal=SIGKILL:when=${count}`];
  const writer = startWriter({ directory, writers: 4, appendsEach: 40 }, inject);
  await writer.ended;
  const { lost, problems } = await recover(directory, writer.acknowledged);
  return { lost, problems, acknowledged: writer.acknowledged.length, ended: writer.said.includes('closed') };
}

(noStrace === '' ? describe : describe.skip)(
  `a ledger whose process is killed in a system call${noStrace === '' ? '' : ` (SKIPPED: ${noStrace})`}`,
  () => {
    // Each thread counts its own calls: the low numbers hit the making of the files, the high ones the writer under load.
    it.each([
    ['pwrite64', 1], ['pwrite64', 2], ['pwrite64', 3], ['pwrite64', 8], ['pwrite64', 13], ['pwrite64', 55],
    ['fsync,fdatasync', 1], ['fsync,fdatasync', 2], ['fsync,fdatasync', 3], ['fsync,fdatasync', 5], ['fsync,fdatasync', 11],
    ['ftruncate', 1],
  ])('has every acknowledged event after %s number %i', async (syscall, count) => {
    const { lost, problems } = await killAt(syscall, count);
    expect({ lost, problems }).toEqual({ lost: 0, problems: [] });
  }, 30_000); // prettier-ignore
  },
);
