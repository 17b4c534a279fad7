import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { takeEvents } from '../../../test/support/projections.ts';

import { UnreadableEvent, type HistoryEvent } from './call.ts';
import { dumpHistory } from './dump-history.ts';
import { historyEventOf } from './history-event.ts';
import { openHistoryWriter } from './history-writer.ts';

const events = takeEvents(3_000, { seed: 5 }).map(historyEventOf);
const segmentCallsMax = 1_100;

describe('the history writer', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'history-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** Applies `events` in batches of the sizes that `sizes` gives in turn; opens the files anew after each where `reopen`. */
  function write(name: string, sizes: readonly number[], { reopen = false } = {}): string[] {
    const directory = join(root, name);
    let writer = openHistoryWriter(directory, segmentCallsMax);
    let turn = 0;
    for (let start = 0; start < events.length; turn++) {
      const size = sizes[turn % sizes.length] as number;
      writer.apply(events.slice(start, start + size));
      start += size;
      if (reopen) {
        writer.close();
        writer = openHistoryWriter(directory, segmentCallsMax);
        expect(writer.checkpoint().position).toBe(Math.min(start, events.length));
      }
    }
    writer.close();
    return [...dumpHistory(directory)];
  }

  it('says the same whatever the batches, also where a batch ends in the middle of a call', () => {
    const atOnce = write('at-once', [events.length]);
    expect(atOnce.filter((line) => line.startsWith('segment '))).toHaveLength(3);
    expect(write('one-by-one', [1])).toEqual(atOnce);
    expect(write('mixed', [7, 1, 250, 3, 64])).toEqual(atOnce);
  });

  it('says the same when it is closed and opened between the batches', () => {
    expect(write('reopened', [37, 1, 300], { reopen: true })).toEqual(write('at-once', [events.length]));
  });

  it.each([
    ['delivered twice', 10],
    ['delivered too early', 12],
  ])('refuses an event that is %s and keeps what it has', (_what, index) => {
    const writer = openHistoryWriter(join(root, 'order'), segmentCallsMax);
    writer.apply(events.slice(0, 11));
    expect(() => writer.apply([events[index] as HistoryEvent])).toThrow(UnreadableEvent);
    expect(writer.checkpoint().position).toBe(11);
    writer.apply(events.slice(11, 20));
    writer.close();
    const [, ...refused] = [...dumpHistory(join(root, 'order'))];
    const plain = openHistoryWriter(join(root, 'plain'), segmentCallsMax);
    plain.apply(events.slice(0, 20));
    plain.close();
    expect(refused).toEqual([...dumpHistory(join(root, 'plain'))].slice(1));
  });

  it.each<[string, Partial<HistoryEvent>]>([
    ['has no actor', { actor: 'null' }],
    ['has no eventName', { record: '{"requestId":"r","eventSource":"iam.amazonaws.com","recipientAccountId":"1"}' }],
    ['has no time', { time: 'yesterday' }],
  ])('stops before an event that %s, and applies everything before it', (_what, damage) => {
    const writer = openHistoryWriter(join(root, 'damaged'), segmentCallsMax);
    const before = events.findIndex(({ stream }, index) => index > 4 && stream.startsWith('account-'));
    const damaged = { ...(events[before] as HistoryEvent), ...damage, stream: 'account-999999999999' };
    expect(() => writer.apply([...events.slice(0, before), damaged, ...events.slice(before + 1, before + 5)])).toThrow(
      /cannot be applied to the history/,
    );
    expect(writer.checkpoint().position).toBe(before);
    writer.close();
  });

  it('writes nothing of a batch that fails half-way for another reason', () => {
    const directory = join(root, 'broken');
    const writer = openHistoryWriter(directory, segmentCallsMax);
    writer.apply(events.slice(0, 100));
    const broken = { ...(events[150] as HistoryEvent), stream: 'account-999999999999', record: '{not JSON' };
    expect(() => writer.apply([...events.slice(100, 150), broken])).toThrow(SyntaxError);
    writer.close();
    const again = openHistoryWriter(directory, segmentCallsMax);
    expect(again.checkpoint().position).toBe(100);
    again.apply(events.slice(100));
    again.close();
    expect([...dumpHistory(directory)]).toEqual(write('whole', [events.length]));
  });
});
