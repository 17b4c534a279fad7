import { describe, expect, it } from '@jest/globals';
import { createAccessKey } from '../../iam/access-keys/create-access-key.ts';
import { updateAccessKey } from '../../iam/access-keys/update-access-key.ts';
import { RotationModel, day, userId } from '../../../test/support/rotation-model.ts';
import type { Instances } from '../saga-kind.ts';
import { accessKeyRotation } from './access-key-rotation.ts';
import type { Rotation } from './rotation.ts';

const none: Instances<Rotation> = { of: () => undefined, all: () => [] };

function planOf(model: RotationModel, source: { readonly settings?: unknown; readonly exemptions?: unknown } = {}, instances = none) {
  const rules = accessKeyRotation.readRules({ settings: source.settings, exemptions: source.exemptions });
  return accessKeyRotation.plan(model.world, rules, instances);
}

/** Bob with a key of `age` days, used today. */
function withKey(age: number): { readonly model: RotationModel; readonly key: string } {
  const model = new RotationModel();
  const key = model.ownKey();
  model.now += age * day;
  model.use(key);
  return { model, key };
}

const exemption = {
  id: 'robots',
  match: { id: userId },
  reason: 'runs once a year',
  owner: 'alice',
  approver: 'carol',
  expiresAt: '2030-01-01T00:00:00Z',
};

describe('the plan of rotations', () => {
  it('begins with a key at its first notice, not a second earlier', () => {
    const { model } = withKey(76);
    model.now -= 1000;
    expect(planOf(model)).toEqual([]);
    model.now += 1000;
    expect(planOf(model)).toMatchObject([{ action: 'start', instance: `${userId}-1`, entity: 'arn:aws:iam::123456789012:user/bob' }]);
  });

  it('says why, on what that rests, and how the rotation begins', () => {
    const { model, key } = withKey(97);
    expect(planOf(model)).toEqual([
      {
        instance: `${userId}-1`,
        entity: 'arn:aws:iam::123456789012:user/bob',
        credential: key,
        action: 'start',
        reason: 'access key is 97 days old; the period is 90',
        evidence: ['made 2026-01-01T00:00:00Z', 'last used 2026-04-08T00:00:00.000Z'],
        facts: [
          {
            type: 'RotationPlanned',
            data: { rotation: 1, accountId: '123456789012', userId, userName: 'bob', accessKeyId: key, createDate: '2026-01-01T00:00:00Z' },
          },
        ],
      },
    ]);
  });

  it('takes the older of two keys, and tells of the other', () => {
    const { model, key } = withKey(10);
    const second = model.ownKey();
    model.now += 100 * day;
    model.use(key);
    model.use(second);
    const items = planOf(model);
    expect(items).toMatchObject([{ credential: key, action: 'start' }]);
    expect(items[0]!.evidence).toContainEqual(expect.stringContaining(second));
  });

  it('leaves a key that was never used to the removal of what is unused', () => {
    const model = new RotationModel();
    model.ownKey();
    model.now += 100 * day;
    expect(planOf(model)).toMatchObject([{ action: 'skip', skipReason: 'NeverUsed' }]);
  });

  it('calls no key never used that is older than the history', () => {
    const model = new RotationModel();
    model.ownKey();
    model.now += 100 * day;
    model.historySince = model.now - 50 * day;
    expect(planOf(model)).toMatchObject([{ action: 'start' }]);
  });

  it('leaves inactive keys alone, and takes the active one beside it', () => {
    const { model, key } = withKey(100);
    model.byHand(updateAccessKey, { UserName: 'bob', AccessKeyId: key, Status: 'Inactive' });
    expect(planOf(model)).toMatchObject([{ action: 'skip', skipReason: 'Inactive' }]);
    const second = model.ownKey();
    model.now += 90 * day;
    model.use(second);
    expect(planOf(model)).toMatchObject([{ action: 'start', credential: second }]);
  });

  it("never takes root's key", () => {
    const model = new RotationModel();
    const data = { accessKeyId: 'AKIAROOTROOTROOTROOT', status: 'Active', createDate: '2026-01-01T00:00:00Z', masterKeyId: 'test' } as const;
    model.given({ type: 'AccessKeyCreated', data });
    model.now += 100 * day;
    expect(planOf(model)).toMatchObject([{ action: 'skip', skipReason: 'RootKey', entity: 'arn:aws:iam::123456789012:root' }]);
    expect(accessKeyRotation.population(model.account)).toBe(0);
  });

  it('leaves alone whoever is exempt, and says until when', () => {
    const { model } = withKey(100);
    expect(planOf(model, { exemptions: [exemption] })).toMatchObject([
      { action: 'skip', skipReason: 'Exempt', reason: expect.stringContaining('until 2030-01-01') },
    ]);
  });

  it('begins nothing where the exemptions or the settings can not be trusted', () => {
    const { model } = withKey(100);
    expect(planOf(model, { exemptions: [exemption, exemption] })).toMatchObject([{ action: 'skip', skipReason: 'ExemptionsUnreadable' }]);
    expect(planOf(model, { exemptions: [{ ...exemption, match: { group: 'machines' } }] })).toMatchObject([{ skipReason: 'ExemptionsUnreadable' }]);
    expect(planOf(model, { settings: { policy: { periodDays: 'ninety' } } })).toMatchObject([{ action: 'skip', skipReason: 'SettingsUnreadable' }]);
  });

  it("numbers a user's rotations, and begins none while one is under way", () => {
    const { model } = withKey(100);
    const state = { ...model.state, userId, rotation: 3 };
    const over: Instances<Rotation> = { of: () => undefined, all: () => [{ instance: `${userId}-3`, state, isOver: true }] };
    expect(planOf(model, {}, over)).toMatchObject([{ action: 'start', instance: `${userId}-4` }]);
    const live: Instances<Rotation> = { of: () => undefined, all: () => [{ instance: `${userId}-3`, state, isOver: false }] };
    expect(planOf(model, {}, live)).toMatchObject([{ action: 'skip', skipReason: 'UnderWay' }]);
  });

  it('knows one policy for the account, others by tag and by user, the nearest wins', () => {
    const { model } = withKey(40);
    const settings = {
      policy: { periodDays: 365 },
      byTag: [{ key: 'Tier', value: 'gold', policy: { periodDays: 30 } }],
      byUser: { [userId]: { periodDays: 180 } },
    };
    expect(planOf(model, { settings: { ...settings, byUser: {} } })).toEqual([]);
    model.given({ type: 'UserTagged', data: { userName: 'bob', tags: [{ Key: 'tier', Value: 'gold' }], previousTags: [] } });
    expect(planOf(model, { settings: { ...settings, byUser: {} } })).toMatchObject([{ action: 'start' }]);
    expect(planOf(model, { settings })).toEqual([]);
  });

  it('counts the keys of users', () => {
    const { model } = withKey(1);
    model.byHand(createAccessKey, { UserName: 'bob' });
    expect(accessKeyRotation.population(model.account)).toBe(2);
  });
});

describe('settings of rotation', () => {
  const problems = (settings: unknown) => accessKeyRotation.problemsOf({ settings, exemptions: undefined });

  it('may be left out', () => {
    expect(problems(undefined)).toEqual([]);
    expect(problems({})).toEqual([]);
  });

  it('take all that there is', () => {
    const policy = {
      periodDays: 30,
      noticeDays: [10, 3],
      leadDays: 2,
      deliverWithinDays: 5,
      observeDays: 3,
      observeWithinDays: 10,
      recoveryDays: 7,
      escalateDays: 2,
      onOldKeyUse: 'alarm',
      forceAfterDays: 30,
      changeWindow: { hours: 'Sat,Sun 22:00-04:00', timeZone: 'America/New_York' },
      delivery: 'vault-team-a',
    };
    expect(problems({ policy, byTag: [{ key: 'a', value: 'b', policy }], byUser: { AIDABOB: policy } })).toEqual([]);
  });

  it.each([
    ['no object', 'ninety', 'the settings must be an object.'],
    ['an unknown member', { periods: {} }, "the settings has no member 'periods'."],
    ['an unknown member of a policy', { policy: { period: 1 } }, "policy has no member 'period'."],
    ['a period that is no number', { policy: { periodDays: '90' } }, 'policy.periodDays must be a whole number of days from 1 to 3650.'],
    ['no recovery', { policy: { recoveryDays: 0 } }, 'policy.recoveryDays must be a whole number of days from 1 to 3650.'],
    ['notices in the wrong order', { policy: { noticeDays: [1, 7] } }, expect.stringContaining('the largest first')],
    ['no notice at all', { policy: { noticeDays: [] } }, expect.stringContaining('noticeDays')],
    ['a channel with a path', { policy: { delivery: '../x' } }, expect.stringContaining('policy.delivery must be the name of a channel')],
    ['a window without days', { policy: { changeWindow: { hours: '01:00-02:00', timeZone: 'UTC' } } }, expect.stringContaining('hours')],
    [
      'a window of no time',
      { byTag: [{ key: 'a', value: 'b', policy: { changeWindow: { hours: 'Mon 01:00-01:00', timeZone: 'UTC' } } }] },
      expect.stringContaining('byTag[0].policy.changeWindow'),
    ],
    [
      'a place that is none',
      { byUser: { A: { changeWindow: { hours: 'Mon 01:00-02:00', timeZone: 'Mars/Olympus' } } } },
      expect.stringContaining('timeZone'),
    ],
    ['an override without its tag', { byTag: [{ policy: {} }] }, 'byTag[0] must have a key and a value.'],
  ])('refuse %s', (_name, settings, message) => {
    expect(problems(settings)).toEqual([message]);
  });
});
