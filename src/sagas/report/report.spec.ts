import { describe, expect, it } from '@jest/globals';
import { reportOf, type ReportedRun, type ReportItem } from './report.ts';

const item = (outcome: ReportItem['outcome'], instance: string, more: Partial<ReportItem> = {}): ReportItem => ({
  kind: 'demo',
  instance,
  entity: `arn:aws:iam::123456789012:user/${instance}`,
  outcome,
  at: '2026-01-10T00:00:00.000Z',
  ...more,
});

const report = (items: readonly ReportItem[], { runs = [], itemsMax = 100 }: { runs?: readonly ReportedRun[]; itemsMax?: number } = {}) =>
  reportOf({ kinds: ['demo'], runs, items }, itemsMax);

describe('a report', () => {
  it('counts an instance once for an outcome, and tells every time of it', () => {
    const { Kinds, Items } = report([
      item('Stuck', 'ann', { reason: 'NotDelivered', at: '2026-01-01T00:00:00.000Z' }),
      item('Stuck', 'ann', { reason: 'OldKeyStillUsed', at: '2026-01-02T00:00:00.000Z' }),
      item('Stuck', 'bob', { reason: 'NotDelivered', at: '2026-01-03T00:00:00.000Z' }),
    ]);
    expect(Kinds[0]).toMatchObject({
      Stuck: 2,
      Done: 0,
      StuckBecause: [
        { Reason: 'NotDelivered', Count: 2, LastAt: '2026-01-03T00:00:00.000Z' },
        { Reason: 'OldKeyStillUsed', Count: 1 },
      ],
    });
    expect(Items.map(({ Instance }) => Instance)).toEqual(['bob', 'ann', 'ann']);
  });

  it('keeps kinds apart, those without events too', () => {
    const { Kinds } = reportOf({ kinds: ['demo', 'other'], runs: [], items: [item('Done', 'ann')] }, 10);
    expect(Kinds.map(({ Kind, Done }) => [Kind, Done])).toEqual([
      ['demo', 1],
      ['other', 0],
    ]);
  });

  it.each([
    [[7], { Count: 1, Min: 7, Median: 7, P90: 7, Max: 7 }],
    [[3, 1, 2, 4], { Count: 4, Min: 1, Median: 2, P90: 4, Max: 4 }],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1.5], { Count: 10, Min: 1.5, Median: 5, P90: 9, Max: 10 }],
  ])('tells the days to done of %j', (days, spread) => {
    const { Kinds } = report(days.map((daysFromThreshold, index) => item('Done', `user-${index}`, { daysFromThreshold })));
    expect(Kinds[0]?.DaysToDone).toEqual(spread);
  });

  it('tells no days where nothing was done', () => {
    expect(report([item('Begun', 'ann')]).Kinds[0]).not.toHaveProperty('DaysToDone');
  });

  it('groups what was skipped by its reason, the most frequent first, and tells the rest in one row', () => {
    const skips = Array.from({ length: 60 }, (_, index) => item('Skipped', `user-${index}`, { skipReason: `reason ${index + 10}` }));
    const { Kinds } = report([...skips, item('Skipped', 'ann', { skipReason: 'reason 59' })]);
    expect(Kinds[0]?.Skipped).toBe(61);
    expect(Kinds[0]?.SkippedBecause).toHaveLength(51);
    expect(Kinds[0]?.SkippedBecause[0]).toMatchObject({ Reason: 'reason 59', Count: 2 });
    expect(Kinds[0]?.SkippedBecause.at(-1)).toMatchObject({ Reason: '10 further reasons', Count: 10 });
  });

  it('counts runs by what became of them', () => {
    const at = '2026-01-01T00:00:00.000Z';
    const runs: readonly ReportedRun[] = [
      { kind: 'demo', runId: '1', at, isDry: true, outcome: 'Completed' },
      { kind: 'demo', runId: '2', at, isDry: false, outcome: 'Completed' },
      { kind: 'demo', runId: '3', at, isDry: false, outcome: 'Refused', reason: 'too many' },
      { kind: 'demo', at, isDry: false, outcome: 'Skipped', reason: 'paused' },
      { kind: 'other', at, isDry: false, outcome: 'Skipped', reason: 'paused' },
    ];
    expect(report([], { runs }).Kinds[0]).toMatchObject({
      Runs: { Completed: 1, Dry: 1, Refused: 1, Failed: 0, Skipped: 1 },
      RunsNotDoneBecause: [{ Reason: 'Refused: too many' }, { Reason: 'Skipped: paused' }],
    });
  });

  it('tells what happened before what was only planned or skipped, and how many items it left off', () => {
    const late = '2026-02-01T00:00:00.000Z';
    const items = [item('Skipped', 'a', { at: late, skipReason: 'x' }), item('Planned', 'b', { at: late }), item('Done', 'c'), item('Begun', 'd')];
    const { Items, ItemsLeftOff } = report(items, { itemsMax: 3 });
    expect(Items.map(({ Instance }) => Instance)).toEqual(['c', 'd', 'b']);
    expect(ItemsLeftOff).toBe(1);
  });
});
