import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { takeEvents } from '../../../test/support/projections.ts';

import { accessEventOf, type AccessEvent } from './access-event.ts';
import { openAccessReader } from './access-reader.ts';
import { UnreadableAccess, openAccessWriter } from './access-writer.ts';
import { dumpAccess } from './dump-access.ts';

const recorded = takeEvents(3_000, { seed: 5 });
const events = recorded.map(accessEventOf);

describe('the writer of the access history', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'access-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Applies `events` in batches of the sizes that `sizes` gives in turn; opens the file anew after each where `reopen`. */
  function write(name: string, sizes: readonly number[], { reopen = false } = {}): string[] {
    const directory = join(root, name);
    let writer = openAccessWriter(directory);
    let turn = 0;
    for (let start = 0; start < events.length; turn++) {
      const size = sizes[turn % sizes.length] as number;
      writer.apply(events.slice(start, start + size));
      start += size;
      if (reopen) {
        writer.close();
        writer = openAccessWriter(directory);
        expect(writer.checkpoint().position).toBe(Math.min(start, events.length));
      }
    }
    writer.close();
    return [...dumpAccess(directory)];
  }

  it('says the same whatever the batches, also where a batch ends in the middle of a call', () => {
    const atOnce = write('at-once', [events.length]);
    expect(atOnce.length).toBeGreaterThan(500);
    expect(write('one-by-one', [1])).toEqual(atOnce);
    expect(write('mixed', [7, 1, 250, 3, 64])).toEqual(atOnce);
    expect(write('reopened', [37, 1, 300], { reopen: true })).toEqual(atOnce);
  });

  it('counts an event once, however often it is delivered', () => {
    const directory = join(root, 'again');
    const writer = openAccessWriter(directory);
    writer.apply(events.slice(0, 500));
    writer.apply(events.slice(100, 700));
    writer.apply(events.slice(600));
    writer.apply(events);
    writer.close();
    expect([...dumpAccess(directory)]).toEqual(write('once', [events.length]));
  });

  it('counts a call that made several events once', () => {
    const directory = join(root, 'calls');
    const writer = openAccessWriter(directory);
    writer.apply(events);
    writer.close();
    const calls = new Set(recorded.filter(({ stream }) => !stream.startsWith('saga-')).map(({ metadata }) => metadata));
    expect(calls.size).toBeLessThan(recorded.length - 100);
    const reader = openAccessReader(directory);
    const uses = ['100000000000', '100000000001'].flatMap((account) => reader.uses({ account, limit: 10_000 }));
    reader.close();
    expect(uses.reduce((sum, use) => sum + use.uses + use.attempts, 0)).toBe(calls.size);
  });

  it('refuses an event that comes too early and keeps what it has', () => {
    const writer = openAccessWriter(join(root, 'early'));
    writer.apply(events.slice(0, 11));
    expect(() => writer.apply([events[12] as AccessEvent])).toThrow(/event 12 is the next/);
    expect(writer.checkpoint().position).toBe(11);
    writer.close();
  });

  it('stops before an event that it cannot read, and applies everything before it', () => {
    const before = recorded.findIndex(({ stream }, index) => index > 20 && stream.startsWith('account-'));
    const poison = accessEventOf({ ...recorded[before]!, metadata: { ...(recorded[before]!.metadata as object), eventName: undefined } });
    const writer = openAccessWriter(join(root, 'poison'));
    expect(() => writer.apply([...events.slice(0, before), poison, ...events.slice(before + 1)])).toThrow(UnreadableAccess);
    expect(writer.checkpoint().position).toBe(before);
    writer.apply(events.slice(before));
    writer.close();
    expect([...dumpAccess(join(root, 'poison'))]).toEqual(write('plain', [events.length]));
  });

  it('writes nothing of a batch that fails half-way, and takes it again', () => {
    const directory = join(root, 'broken');
    const writer = openAccessWriter(directory);
    writer.apply(events.slice(0, 100));
    const broken = { ...events[150]!, accesses: [{ ...events[150]!.accesses[0]!, region: { not: 'a text' } as unknown as string }] };
    expect(() => writer.apply([...events.slice(100, 150), broken])).toThrow();
    expect(writer.checkpoint().position).toBe(100);
    writer.apply(events.slice(100));
    writer.close();
    expect([...dumpAccess(directory)]).toEqual(write('whole', [events.length]));
  });
});
