import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, it } from '@jest/globals';

import { crashedProjections } from '../support/crashed-projections.ts';
import { takeEvents } from '../support/projections.ts';

const child = new URL('../support/projection-process.ts', import.meta.url).pathname;
const count = 8_000;

type Name = keyof typeof crashedProjections;

/** Starts the writer where it stands and kills it `delayMs` after it began. Resolves to the position that it reached. */
async function writeAndKill(name: Name, directory: string, delayMs: number): Promise<number> {
  const writing = spawn(process.execPath, ['--no-warnings', child, name, directory, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => writing.once('exit', resolve));
  await Promise.race([new Promise((resolve) => writing.stdout.once('data', resolve)), exited]);
  await sleep(delayMs);
  writing.kill('SIGKILL');
  await exited;
  const writer = crashedProjections[name].open(directory);
  const position = writer.position();
  writer.close();
  return position;
}

it.each(['history', 'access-history'] as const)(
  'the %s, whose writer is killed again and again, has every event exactly once',
  async (name) => {
    const root = mkdtempSync(join(tmpdir(), `${name}-`));
    const { open, dump } = crashedProjections[name];
    try {
      const killed = join(root, 'killed');
      const reached: number[] = [];
      for (let round = 0; round < 5 && (reached.at(-1) ?? 0) < count; round++) reached.push(await writeAndKill(name, killed, 30 + round * 30));
      expect(reached).toEqual([...reached].sort((one, other) => one - other));
      // Otherwise nothing was interrupted.
      expect(reached.filter((position) => position > 0 && position < count).length).toBeGreaterThan(0);

      const events = takeEvents(count, { seed: 21 });
      const rest = open(killed);
      rest.apply(events.slice(rest.position()));
      rest.close();
      const whole = open(join(root, 'whole'));
      whole.apply(events);
      whole.close();
      expect([...dump(killed)]).toEqual([...dump(join(root, 'whole'))]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
  120_000,
);
