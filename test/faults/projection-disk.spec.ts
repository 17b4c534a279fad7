import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';

import type { Ledger } from '../../libs/ledger/index.ts';
import { openAccessHistory } from '../../src/projections/access-history/access-history.ts';
import { dumpAccess } from '../../src/projections/access-history/dump-access.ts';
import type { ProjectionOptions, ProjectionStatus } from '../../src/projections/follow/projection.ts';
import { dumpHistory } from '../../src/projections/history/dump-history.ts';
import { openHistory } from '../../src/projections/history/history.ts';
import { arrayLedger, takeEvents } from '../support/projections.ts';

interface Opened {
  status(): ProjectionStatus;
  waitFor(position: number): Promise<void>;
  close(): Promise<void>;
}

const projections: Readonly<
  Record<string, { readonly open: (options: ProjectionOptions) => Promise<Opened>; readonly dump: (directory: string) => Iterable<string> }>
> = {
  'history-v1': { open: openHistory, dump: dumpHistory },
  'access-history-v1': { open: openAccessHistory, dump: dumpAccess },
};

const isRoot = process.getuid?.() === 0;
const events = takeEvents(30_000, { seed: 4, users: 3_000, resources: 20_000 });
const firstPart = 1_000;

const temporary: string[] = [];
const mounted: string[] = [];
const opened: Opened[] = [];
afterEach(async () => {
  for (const projection of opened.splice(0)) await projection.close();
  for (const directory of mounted.splice(0)) spawnSync('umount', ['-l', directory]);
  for (const directory of temporary.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'projection-'));
  temporary.push(directory);
  return directory;
}

/** Fills a small disk up to its last bytes. */
function fill(directory: string): void {
  for (let size = 1024 * 1024; size >= 1024; size /= 2) {
    for (let part = 0; part < 64; part++) {
      try {
        writeFileSync(join(directory, `ballast-${size}-${part}`), new Uint8Array(size));
      } catch {
        break;
      }
    }
  }
}

async function eventually(what: string, happens: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (happens()) return;
    await sleep(50);
  }
  throw new Error(`it never came: ${what}`);
}

(isRoot ? describe : describe.skip)(`a projection whose disk is full${isRoot ? '' : ' (SKIPPED: only root can mount a small disk)'}`, () => {
  async function open(name: string, directory: string, ledger: Ledger, onDiskError: 'retry' | 'stop' = 'retry'): Promise<Opened> {
    const projection = await projections[name]!.open({ directory, ledger, onDiskError });
    opened.push(projection);
    return projection;
  }

  /** A projection on a disk that is full from its thousandth event on. */
  async function fullDisk(name: string, onDiskError: 'retry' | 'stop') {
    const directory = newDirectory();
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', directory], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    mounted.push(directory);
    const { ledger, show } = arrayLedger(events, () => 500);
    show(firstPart);
    const projection = await open(name, directory, ledger, onDiskError);
    await projection.waitFor(firstPart);
    expect(projection.status()).toMatchObject({ ready: true });
    fill(directory);
    show(events.length);
    await eventually('the error', () => projection.status().error !== undefined);
    return { directory, projection, ledger };
  }

  it.each(Object.keys(projections))(
    'waits — the server is not ready — and goes on when there is room, without a restart: %s',
    async (name) => {
      const { directory, projection } = await fullDisk(name, 'retry');
      expect(projection.status()).toMatchObject({ ready: false, error: expect.stringMatching(/full|disk I\/O|unable to open/) });
      const waiting = projection.waitFor(events.length);
      await sleep(1_000);
      expect(projection.status().position).toBeLessThan(events.length);
      expect(spawnSync('mount', ['-o', 'remount,size=256m', directory]).status).toBe(0);
      await waiting;
      await eventually('readiness', () => projection.status().ready);
      expect(projection.status()).toEqual({ position: events.length, lag: 0, ready: true });
      await projection.close();

      const other = newDirectory();
      const whole = await open(name, other, arrayLedger(events).ledger);
      await whole.waitFor(events.length);
      await whole.close();
      expect([...projections[name]!.dump(join(directory, name))]).toEqual([...projections[name]!.dump(join(other, name))]);
    },
    240_000,
  );

  it.each(Object.keys(projections))(
    'without trying again stays where it is when there is room: %s',
    async (name) => {
      const { directory, projection } = await fullDisk(name, 'stop');
      await expect(projection.waitFor(events.length)).rejects.toThrow(/stands at position/);
      expect(spawnSync('mount', ['-o', 'remount,size=256m', directory]).status).toBe(0);
      await sleep(1_500);
      expect(projection.status()).toMatchObject({ ready: false, error: expect.any(String) });
    },
    240_000,
  );
});
