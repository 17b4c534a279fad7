import { afterEach, describe, expect, it } from '@jest/globals';
import { TestClock, accountId, openNode, runDemo, userWithKey, type SagaNode } from '../../../test/support/saga-node.ts';
import { KnownUse, dayMs } from '../../../test/support/saga-house.ts';
import type { SagaKind } from '../saga-kind.ts';
import { unusedRemoval } from '../unused-removal/unused-removal.ts';
import { readReport } from './read-report.ts';
import { reportRange } from './report-range.ts';
import { reportOf } from './report.ts';

const open: SagaNode[] = [];
afterEach(async () => {
  for (const node of open.splice(0)) await node.close();
});

const removal = unusedRemoval as unknown as SagaKind;

/** Keys of ann and bob that nobody uses, removed; bob uses his in quarantine. */
async function lived() {
  const clock = new TestClock();
  const use = new KnownUse();
  const node = await openNode({ clock, kinds: [removal], use });
  open.push(node);
  const days = async (count: number): Promise<void> => {
    for (let day = 0; day < count; day++) {
      clock.pass(dayMs);
      await node.runner.tick();
    }
  };
  const annsKey = await userWithKey(node, 'ann');
  const bobsKey = await userWithKey(node, 'bob');
  await node.command('CreateUser', { UserName: 'carl', Tags: [{ Key: 'break-glass', Value: 'yes' }] });
  await node.command('CreateAccessKey', { UserName: 'carl' });
  await days(50);
  await runDemo(node, removal);
  await node.runner.tick();
  await days(20);
  use.attempts.set(bobsKey, clock.now());
  await days(40);
  return { node, clock, annsKey, bobsKey };
}

async function report({ node, clock }: { readonly node: SagaNode; readonly clock: TestClock }, daysBack: number, daysLong = daysBack) {
  const since = clock.ms - daysBack * dayMs;
  const range = reportRange({ StartTime: new Date(since).toISOString(), EndTime: new Date(since + daysLong * dayMs).toISOString() }, clock.now());
  const parts = { ledger: node.ledger, store: node.runner.store, runs: node.runner.runs };
  return reportOf(await readReport(parts, { kinds: [removal], accountId, range }), 100);
}

describe('a report of a runner that lived', () => {
  it('tells what was planned, done, skipped and given back, of whom, and how long it took', async () => {
    const life = await lived();
    const { Kinds, Items } = await report(life, 90);
    expect(Kinds[0]).toMatchObject({
      Kind: 'unused-removal',
      Planned: 2,
      Begun: 2,
      Noticed: 2,
      Done: 1,
      Restored: 1,
      Stuck: 0,
      Runs: { Completed: 1, Dry: 1, Refused: 0 },
      DaysToDone: { Count: 1 },
    });
    expect(Kinds[0]?.SkippedBecause.some(({ Reason }) => Reason.startsWith('break-glass'))).toBe(true);
    expect(Items.find(({ Outcome }) => Outcome === 'Done')).toMatchObject({
      Entity: expect.stringContaining(':user/ann'),
      Credential: life.annsKey,
      DaysFromThreshold: expect.closeTo(49, 0), // found 5 days late, 14 of notice, 30 of recovery
    });
    expect(Items.find(({ Outcome }) => Outcome === 'Restored')).toMatchObject({
      Credential: life.bobsKey,
      Reason: expect.stringContaining('used: '),
    });
  });

  it('knows the entity of an instance that began before the time, and leaves out what happened then', async () => {
    const { Kinds, Items } = await report(await lived(), 30);
    expect(Kinds[0]).toMatchObject({ Planned: 0, Begun: 0, Noticed: 0, Done: 1, Restored: 0, Runs: { Completed: 0, Dry: 0 } });
    expect(Items).toEqual([expect.objectContaining({ Outcome: 'Done', Entity: expect.stringContaining(':user/ann') })]);
  });

  it('is empty for another account and for a time before', async () => {
    const life = await lived();
    const { Kinds, Items } = await report(life, 200, 30);
    expect(Kinds[0]).toMatchObject({ Planned: 0, Done: 0, Skipped: 0 });
    expect(Items).toEqual([]);
    const range = reportRange({}, life.clock.now());
    const parts = { ledger: life.node.ledger, store: life.node.runner.store, runs: life.node.runner.runs };
    expect(await readReport(parts, { kinds: [removal], accountId: '000000000002', range })).toMatchObject({ runs: [], items: [] });
  });

  it('tells of a run that was refused, and why', async () => {
    const clock = new TestClock();
    const node = await openNode({ clock, kinds: [removal], settings: { caps: { startsMax: 1, startsPercentMax: 100 } } });
    open.push(node);
    await userWithKey(node, 'ann');
    await userWithKey(node, 'bob');
    clock.pass(50 * dayMs);
    await runDemo(node, removal);
    const { Kinds } = await report({ node, clock }, 1);
    expect(Kinds[0]).toMatchObject({
      Planned: 2,
      Begun: 0,
      Runs: { Dry: 1, Refused: 1 },
      RunsNotDoneBecause: [{ Reason: expect.stringContaining('Refused: It would begin 2'), Count: 1 }],
    });
  });
});

describe('the time of a report', () => {
  const now = new Date('2026-06-30T00:00:00Z');

  it('is the last 30 days where nothing is said', () => {
    expect(reportRange({}, now)).toEqual({ since: '2026-05-31T00:00:00.000Z', until: '2026-06-30T00:00:00.000Z' });
  });

  it.each([
    [{ StartTime: '2026-07-01T00:00:00Z' }, 'must not be after'],
    [{ StartTime: '2020-01-01T00:00:00Z' }, 'at most 400 days'],
    [{ StartTime: '2026-13-01T00:00:00Z' }, 'StartTime is not a time'],
  ])('refuses %j', (given, message) => {
    expect(() => reportRange(given, now)).toThrow(message);
  });
});
