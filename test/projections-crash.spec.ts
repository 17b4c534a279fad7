import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, it } from '@jest/globals';

import { dumpHistory } from '../src/projections/history/dump-history.ts';
import { historyEventOf } from '../src/projections/history/history-event.ts';
import { openHistoryWriter } from '../src/projections/history/history-writer.ts';

import { takeEvents } from './projections-support.ts';

const child = new URL('./projections-crash-child.ts', import.meta.url).pathname;
const count = 8_000;
const segmentCallsMax = 700;

/** Starts the writer where it stands and kills it `delayMs` after it began. Resolves to the position that it reached. */
async function writeAndKill(directory: string, delayMs: number): Promise<number> {
  const writing = spawn(process.execPath, ['--no-warnings', child, directory, String(count), String(segmentCallsMax)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => writing.once('exit', resolve));
  await Promise.race([new Promise((resolve) => writing.stdout.once('data', resolve)), exited]);
  await sleep(delayMs);
  writing.kill('SIGKILL');
  await exited;
  const writer = openHistoryWriter(directory, segmentCallsMax);
  const { position } = writer.checkpoint();
  writer.close();
  return position;
}

it('a history whose writer is killed again and again has every event exactly once', async () => {
  const root = mkdtempSync(join(tmpdir(), 'history-'));
  try {
    const killed = join(root, 'killed');
    const reached: number[] = [];
    for (let round = 0; round < 5 && (reached.at(-1) ?? 0) < count; round++) reached.push(await writeAndKill(killed, 30 + round * 30));
    expect(reached).toEqual([...reached].sort((one, other) => one - other));
    // Otherwise nothing was interrupted.
    expect(reached.filter((position) => position > 0 && position < count).length).toBeGreaterThan(0);

    const events = takeEvents(count, { seed: 21 }).map(historyEventOf);
    const rest = openHistoryWriter(killed, segmentCallsMax);
    rest.apply(events.slice(rest.checkpoint().position));
    rest.close();
    const whole = openHistoryWriter(join(root, 'whole'), segmentCallsMax);
    whole.apply(events);
    whole.close();
    expect([...dumpHistory(killed)]).toEqual([...dumpHistory(join(root, 'whole'))]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}, 120_000);
