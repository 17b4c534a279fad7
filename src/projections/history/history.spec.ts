import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openMemoryLedger, type Ledger, type RecordedEvent } from '../../../libs/ledger/index.ts';
import { arrayLedger, takeEvents } from '../../../test/support/projections.ts';

import { dumpHistory } from './dump-history.ts';
import { openHistory, type History, type HistoryOptions } from './history.ts';

describe('the history', () => {
  let directory = '';
  const opened: History[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'history-'));
  });
  afterEach(async () => {
    for (const history of opened.splice(0)) await history.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function open(ledger: Ledger, options: Partial<HistoryOptions> = {}): Promise<History> {
    const history = await openHistory({ directory, ledger, segmentCallsMax: 700, ...options });
    opened.push(history);
    return history;
  }

  async function append(ledger: Ledger, { stream, id, type, schemaVersion, time, data, metadata }: RecordedEvent): Promise<number> {
    const { lastPosition } = await ledger.append(stream, 'any', [{ id, type, schemaVersion, time, data, metadata }]);
    return lastPosition;
  }

  it('follows the log: what was there, then what is appended', async () => {
    const events = takeEvents(60);
    const ledger = openMemoryLedger();
    for (const event of events.slice(0, 40)) await append(ledger, event);
    const history = await open(ledger);
    await history.waitFor(40);
    for (const event of events.slice(40)) await history.waitFor(await append(ledger, event));
    const page = await history.search({ order: 'oldest', limit: 1000 });
    expect(page.calls.flatMap(({ events: made }) => made.map(({ id }) => id))).toEqual(
      events.filter(({ stream }) => !stream.startsWith('saga-')).map(({ id }) => id),
    );
    expect(page.calls.map(({ metadata }) => metadata)).toContainEqual(events.at(-1)?.metadata);
    expect(history.status()).toEqual({ position: 60, lag: 0, ready: true });
    await ledger.close();
  });

  it('goes on where it stood, whatever batches the log delivers', async () => {
    const events = takeEvents(4_000, { seed: 8 });
    const { ledger, show } = arrayLedger(events, () => 333);
    show(1_234);
    const before = await open(ledger);
    await before.waitFor(1_234);
    await before.close();
    show(events.length);
    const after = await open(ledger);
    await after.waitFor(events.length);
    await after.close();
    const continued = [...dumpHistory(join(directory, 'history-v1'))];
    const fresh = await open(ledger, { fromScratch: true });
    await fresh.waitFor(events.length);
    await fresh.close();
    expect(continued).toEqual([...dumpHistory(join(directory, 'history-v1'))]);
  });

  it('says the same after a rebuild, and answers while it is rebuilt', async () => {
    const events = takeEvents(3_000, { seed: 9 });
    const { ledger, show } = arrayLedger(events, () => 500);
    show(2_900);
    const history = await open(ledger);
    await history.waitFor(2_900);
    const query = { actor: 'user-1', limit: 1000 } as const;
    const answer = await history.search(query);
    const positions: number[] = [];
    const rebuilt = history.rebuild(({ position }) => positions.push(position));
    expect(await history.search(query)).toEqual(answer);
    await rebuilt;
    expect(positions.at(-1)).toBe(2_900);
    expect(await history.search(query)).toEqual(answer);
    show(3_000);
    await history.waitFor(3_000);
    await history.close();
    const followed = [...dumpHistory(join(directory, 'history-v1'))];
    const fresh = await open(ledger, { fromScratch: true });
    await fresh.waitFor(3_000);
    await fresh.close();
    expect(followed).toEqual([...dumpHistory(join(directory, 'history-v1'))]);
    expect(readdirSync(directory)).toEqual(['history-v1']);
  });

  it('stops at an event that it cannot apply and says so, but still answers', async () => {
    const events = takeEvents(50);
    events[30] = { ...(events[30] as RecordedEvent), stream: 'account-100000000000', metadata: {} };
    const history = await open(arrayLedger(events).ledger);
    await expect(history.waitFor(50)).rejects.toThrow(/event 31 .* cannot be applied to the history: its metadata has no actor/);
    expect(history.status()).toMatchObject({ position: 30, lag: 20, ready: false, error: expect.stringContaining('event 31') });
    await expect(history.waitFor(40)).rejects.toThrow(/event 31/);
    await history.waitFor(30);
    expect((await history.search({})).position).toBe(30);
    await expect(history.rebuild()).rejects.toThrow(/event 31/);
    expect((await history.search({})).position).toBe(30);
  });

  it.each([
    ['is shorter', (events: RecordedEvent[]) => events.slice(0, 20), /the log ends at 20: rebuild/],
    ['is another one', () => takeEvents(40, { seed: 77 }), /not made from this log: at position 40/],
  ])('is not continued on a log that %s', async (_what, other, message) => {
    const events = takeEvents(40);
    const before = await open(arrayLedger(events).ledger);
    await before.waitFor(40);
    await before.close();
    const after = await open(arrayLedger([...other(events), ...takeEvents(60).slice(40)].slice(0, other(events).length)).ledger);
    await expect(after.waitFor(41)).rejects.toThrow(message);
    expect(after.status()).toMatchObject({ ready: false, error: expect.stringMatching(message) });
    await after.close();
  });

  it('removes the files of another version only when it has caught up', async () => {
    const older = join(directory, 'history-v0');
    mkdirSync(older);
    const { ledger, show } = arrayLedger(takeEvents(20));
    show(0);
    const damaged = arrayLedger([{ ...(takeEvents(1)[0] as RecordedEvent), stream: 'organization', metadata: null }]);
    const stopped = await open(damaged.ledger);
    await expect(stopped.waitFor(1)).rejects.toThrow();
    await stopped.close();
    expect(existsSync(older)).toBe(true);
    show(20);
    const history = await open(ledger);
    await history.waitFor(20);
    expect(existsSync(older)).toBe(false);
  });

  it('lets go of those who wait when they give up or it is closed', async () => {
    const { ledger } = arrayLedger(takeEvents(5));
    const history = await open(ledger);
    await expect(history.waitFor(6, { signal: AbortSignal.abort(new Error('no more time')) })).rejects.toThrow('no more time');
    const waiting = history.waitFor(6);
    await Promise.all([expect(waiting).rejects.toThrow(/closed|ended/), history.close()]);
    await expect(history.search({})).rejects.toThrow(/closed/);
  });
});
