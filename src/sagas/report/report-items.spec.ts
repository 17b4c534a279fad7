import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '../../../libs/ledger/index.ts';
import { accessKeyRotation } from '../access-key-rotation/access-key-rotation.ts';
import { credentialExpiry } from '../credential-expiry/credential-expiry.ts';
import type { SagaKind } from '../saga-kind.ts';
import { unusedRemoval } from '../unused-removal/unused-removal.ts';
import { itemsOfInstance, itemsOfPlans, runsOf } from './report-items.ts';

const accountId = '123456789012';
const january = { since: '2026-01-01T00:00:00.000Z', until: '2026-01-31T23:59:59.999Z' };
const about = { entity: 'arn:aws:iam::123456789012:user/ann', credential: 'AKIAEXAMPLE' };

type Fact = readonly [time: string, type: string, data?: Record<string, unknown>];

const recorded = (facts: readonly Fact[]): readonly RecordedEvent[] =>
  facts.map(([time, type, data = {}], revision) => ({
    id: `event-${revision}`,
    type,
    schemaVersion: 1,
    time: `${time}T00:00:00.000Z`,
    data,
    metadata: { instance: 'ann-1', accountId },
    stream: 'saga-x',
    revision,
    position: revision + 1,
  }));

const told = (kind: unknown, facts: readonly Fact[], range = january): readonly string[] =>
  itemsOfInstance(kind as SagaKind, recorded(facts), { range, about }).map(({ at, outcome, reason, daysFromThreshold }) =>
    [at.slice(0, 10), outcome, reason, daysFromThreshold].filter((part) => part !== undefined).join(' '),
  );

const succeeded = (step: string): Record<string, unknown> => ({ step, attempt: 1, answer: {} });

describe('what an instance tells a report', () => {
  it('of a rotation: notices, trouble, what was given back, the end', () => {
    const items = told(accessKeyRotation, [
      ['2026-01-01', 'RotationPlanned', {}],
      ['2026-01-02', 'StepSucceeded', succeeded('notice-days-7')],
      ['2026-01-03', 'StepSucceeded', succeeded('create-access-key')],
      ['2026-01-10', 'RotationStuck', { reason: 'NotDelivered' }],
      ['2026-01-10', 'StepSucceeded', succeeded('escalate-owner')],
      ['2026-01-13', 'StepSucceeded', succeeded('escalate-security')],
      ['2026-01-15', 'StepSucceeded', succeeded('reactivate-old-key')],
      ['2026-01-16', 'RotationHeld', { reason: 'Exempt', detail: 'year end' }],
      ['2026-01-30', 'RotationCompleted', { accessKeyId: 'AKIANEW', daysFromDue: 23 }],
    ]);
    expect(items).toEqual([
      '2026-01-01 Begun',
      '2026-01-02 Noticed',
      '2026-01-10 Stuck NotDelivered',
      '2026-01-10 Escalated the owner was told',
      '2026-01-13 Escalated security was told',
      '2026-01-15 Restored the old key was made active again',
      '2026-01-16 Held Exempt: year end',
      '2026-01-30 Done 23',
    ]);
  });

  it.each<[string, readonly Fact[], string]>([
    ['cancelled', [['2026-01-02', 'Cancelled', { by: 'bob', reason: 'by hand' }], ['2026-01-03', 'RotationCancelled', {}]], '2026-01-03 Cancelled bob: by hand'], // prettier-ignore
    ['exempted', [['2026-01-03', 'RotationExempted', { detail: 'year end' }]], '2026-01-03 Exempted year end'],
    ['superseded', [['2026-01-03', 'RotationSuperseded', { reason: 'UserDeleted' }]], '2026-01-03 Superseded UserDeleted'],
  ])('of a rotation that was %s, why', (_name, facts, last) => {
    expect(told(accessKeyRotation, facts).at(-1)).toBe(last);
  });

  it('of a removal: the days from the end of its limit to the removal, whenever it was found', () => {
    const found = { lastSign: '2025-09-15T12:00:00.000Z', unusedDays: 90 };
    const facts: readonly Fact[] = [
      ['2025-12-20', 'UnusedFound', found],
      ['2025-12-20', 'StepSucceeded', succeeded('notice')],
      ['2026-01-20', 'Removed', { daysFromFound: 31 }],
    ];
    expect(told(unusedRemoval, facts)).toEqual(['2026-01-20 Done 36.5']);
    const watched: readonly Fact[] = [['2025-12-20', 'UnusedFound', { ...found, watchUntil: '2026-01-01T00:00:00.000Z' }], ...facts.slice(1)];
    expect(told(unusedRemoval, watched)).toEqual(['2026-01-20 Done 19']);
  });

  it('of a removal that was undone: what it was undone for, this time', () => {
    const items = told(unusedRemoval, [
      ['2026-01-01', 'UnusedFound', {}],
      ['2026-01-02', 'RemovalStuck', { reason: 'it is wanted' }],
      ['2026-01-02', 'StepSucceeded', succeeded('notice-stuck-2026-01-02T00:00:00.000Z')],
      ['2026-01-03', 'RestoreStarted', { cause: 'used', reason: 'used today' }],
      ['2026-01-04', 'Restored', { cause: 'used', notRestored: [] }],
      ['2026-01-05', 'RestoreRequested', { by: 'bob', reason: 'back' }],
      ['2026-01-06', 'Restored', { cause: 'requested', notRestored: [] }],
    ]);
    expect(items.slice(1)).toEqual([
      '2026-01-02 Stuck it is wanted',
      '2026-01-02 Escalated the owner was told',
      '2026-01-04 Restored used: used today',
      '2026-01-06 Restored requested: back',
    ]);
  });

  it('of an expiry: renewed after its end, so many days; before it, none', () => {
    const notice = (expiresAt: string): Record<string, unknown> => ({
      step: 'notice-expired',
      request: { kind: 'effect', effect: 'notice', payload: { expiresAt } },
    });
    const life = (expiresAt: string): readonly Fact[] => [
      ['2026-01-01', 'ExpiryPlanned', {}],
      ['2026-01-02', 'StepIssued', notice(expiresAt)],
      ['2026-01-02', 'StepSucceeded', succeeded('notice-expired')],
      ['2026-01-09', 'StepSucceeded', succeeded('escalate-security')],
      ['2026-01-10', 'ExpiryEnded', { outcome: 'Renewed' }],
    ];
    expect(told(credentialExpiry, life('2026-01-06T00:00:00.000Z'))).toEqual([
      '2026-01-01 Begun',
      '2026-01-02 Noticed',
      '2026-01-09 Escalated security was told',
      '2026-01-10 Done 4',
    ]);
    expect(told(credentialExpiry, life('2026-01-15T00:00:00.000Z')).at(-1)).toBe('2026-01-10 Done 0');
  });

  it('is only what lies in the time, both ends included', () => {
    const facts: readonly Fact[] = [
      ['2026-01-02', 'RotationPlanned'],
      ['2026-01-03', 'RotationStuck', { reason: 'NotDelivered' }],
      ['2026-01-04', 'RotationSuperseded', { reason: 'UserDeleted' }],
    ];
    const third = '2026-01-03T00:00:00.000Z';
    expect(told(accessKeyRotation, facts, { since: third, until: third })).toEqual(['2026-01-03 Stuck NotDelivered']);
  });
});

describe('what runs tell a report', () => {
  const events = recorded([
    ['2025-12-31', 'RunStarted', { runId: 'early', accountId, isDry: false }],
    ['2026-01-01', 'RunCompleted', { runId: 'early' }],
    ['2026-01-02', 'RunStarted', { runId: 'dry', accountId, isDry: true }],
    ['2026-01-02', 'RunStarted', { runId: 'elsewhere', accountId: '000000000002', isDry: false }],
    ['2026-01-02', 'RunCompleted', { runId: 'dry' }],
    ['2026-01-02', 'RunRefused', { runId: 'elsewhere', reason: 'too many' }],
    ['2026-01-03', 'RunStarted', { runId: 'refused', accountId, isDry: false }],
    ['2026-01-03', 'RunRefused', { runId: 'refused', reason: 'too many' }],
    ['2026-01-04', 'RunSkipped', { accountId, reason: 'paused' }],
    ['2026-01-05', 'InstanceParked', { instance: 'ann-1', reason: 'it throws' }],
    ['2026-01-05', 'InstanceParked', { instance: 'of-another-account', reason: 'it throws' }],
    ['2026-01-06', 'StepOverdue', { instance: 'ann-1', step: 'deliver' }],
  ]);

  it('is what became of those of the account that began in the time', () => {
    const aboutOf = (instance: string) => (instance === 'ann-1' ? about : undefined);
    const { runs, items } = runsOf('demo', events, { accountId, range: january, aboutOf });
    expect(runs.map(({ runId, outcome, reason }) => [runId, outcome, reason])).toEqual([
      ['dry', 'Completed', undefined],
      ['refused', 'Refused', 'too many'],
      [undefined, 'Skipped', 'paused'],
    ]);
    expect(items.map(({ entity, outcome, reason }) => [entity, outcome, reason])).toEqual([
      [about.entity, 'Stuck', 'parked: it throws'],
      [about.entity, 'Stuck', 'the step deliver has no outcome'],
    ]);
  });
});

describe('what plans tell a report', () => {
  it('is each start once, and each skip once for its reason as the last plan told it', () => {
    const start = { action: 'start', instance: 'ann-1', ...about, reason: 'access key is 90 days old', evidence: [] } as const;
    const skip = { ...start, action: 'skip', instance: 'bob-1', skipReason: 'NeverUsed' } as const;
    const older = { ...skip, reason: 'access key is 91 days old' };
    const exempt = { ...skip, skipReason: 'Exempt' };
    const items = itemsOfPlans([
      { kind: 'demo', at: '1', items: [start, skip] },
      { kind: 'demo', at: '2', items: [start, older, exempt] },
    ]);
    expect(items.map(({ instance, outcome, skipReason, reason, at }) => [instance, outcome, skipReason, reason, at])).toEqual([
      ['ann-1', 'Planned', undefined, 'access key is 90 days old', '1'],
      ['bob-1', 'Skipped', 'NeverUsed', 'access key is 91 days old', '2'],
      ['bob-1', 'Skipped', 'Exempt', 'access key is 90 days old', '2'],
    ]);
  });
});
