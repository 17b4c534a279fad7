import { describe, expect, it } from '@jest/globals';
import { makeKey, makeRole, makeUser, only, rulesOf, unusedHouse, type UnusedHouse } from '../../../test/support/unused-house.ts';

const day = 86_400_000;
const exemptRobots = [
  {
    id: 'robots',
    match: { tag: { key: 'kind', value: 'robot' } },
    reason: 'once a year',
    owner: 'alice',
    approver: 'bob',
    expiresAt: '2026-06-01T00:00:00Z',
  },
];

const rows = (house: UnusedHouse) =>
  house.plan().map((item) => `${item.action} ${item.instance.split('.')[0]}${item.action === 'skip' ? `: ${item.skipReason}` : ''}`);

/** A user with one key, made at the beginning. */
async function withKey(settings = only('access-key', 45), exemptions?: unknown) {
  const house = unusedHouse(settings, {}, exemptions);
  await house.byHand('CreateUser', { UserName: 'bob', Path: '/people/', Tags: [{ Key: 'kind', Value: 'robot' }] });
  const keyId = await makeKey(house, 'bob');
  const madeAt = Date.parse(house.scenario.account.accessKeys.get(keyId)!.createDate);
  return { house, keyId, madeAt };
}

describe('the limit', () => {
  it.each([
    ['a second before it', -1000, []],
    ['at it', 0, ['start access-key']],
    ['after it', 1000, ['start access-key']],
  ])('%s', async (_name, offset, expected) => {
    const { house, keyId, madeAt } = await withKey();
    house.use.keys.set(keyId, new Date(madeAt + 100 * day));
    house.scenario.now = madeAt + 145 * day + offset;
    expect(rows(house)).toEqual(expected);
  });

  it('never used: counts from its making, and within the window it is young, not unused', async () => {
    const { house, madeAt } = await withKey();
    house.scenario.now = madeAt + 45 * day - 1000;
    expect(rows(house)).toEqual(['skip access-key: younger than the window of 45 days']);
    house.scenario.now = madeAt + 45 * day;
    expect(rows(house)).toEqual(['start access-key']);
  });

  it('an attempt that was refused is a use', async () => {
    const { house, keyId, madeAt } = await withKey();
    house.use.attempts.set(keyId, new Date(madeAt + 20 * day));
    house.scenario.now = madeAt + 45 * day;
    expect(rows(house)).toEqual([]);
  });

  it('a password that was changed within the window is not unused', async () => {
    const house = unusedHouse(only('password', 45));
    await makeUser(house);
    await house.days(40);
    await house.byHand('UpdateLoginProfile', { UserName: 'bob', Password: 'Another-Horse-8' });
    await house.days(44);
    expect(rows(house)).toEqual([]);
    await house.days(1);
    expect(rows(house)).toEqual(['start password']);
  });

  it('a kind without a limit is left alone', async () => {
    const { house } = await withKey(only('user', 9));
    house.rules = rulesOf(only('access-key', 45));
    await house.days(100);
    expect(rows(house)).toEqual(['start access-key']);
    house.rules = rulesOf({ unusedDays: { ...only('user', 9).unusedDays!, user: undefined } });
    expect(rows(house)).toEqual([]);
  });
});

describe('a user', () => {
  it('lives by any of its credentials and sessions, and goes with all of them', async () => {
    const house = unusedHouse();
    const { userId, keyId } = await makeUser(house);
    await house.days(100);
    expect(rows(house)).toEqual([
      'start user',
      'skip access-key: its user is removed as a whole',
      'skip access-key: its user is removed as a whole',
      'skip password: its user is removed as a whole',
    ]);
    house.use.act(userId, 's3:GetObject', house.now);
    expect(rows(house)).toEqual(['start access-key', 'start access-key', 'start password']);
    house.use.keys.set(keyId, house.now);
    expect(rows(house)).toEqual(['start access-key', 'start password']);
  });

  it('is not unused while it has a key that was made within the window', async () => {
    const house = unusedHouse(only('user', 90));
    await house.byHand('CreateUser', { UserName: 'bob' });
    await house.days(80);
    await makeKey(house, 'bob');
    await house.days(20);
    expect(rows(house)).toEqual(['skip user: younger than the window of 90 days']);
  });

  it('waits while a credential of it is on its way out', async () => {
    const house = unusedHouse({ unusedDays: { ...rulesOf({}).settings.unusedDays, user: 60 } });
    await makeUser(house);
    await house.days(50);
    await house.begin();
    await house.days(15);
    expect(rows(house)[0]).toBe('skip user: a credential of it is being removed; the user comes after it');
  });
});

describe('never touched are', () => {
  it("root's keys", async () => {
    const house = unusedHouse(only('access-key', 45));
    house.scenario.given({
      type: 'AccessKeyCreated',
      data: { accessKeyId: 'AKIAROOTROOTROOTROOT', status: 'Active', createDate: '2020-01-01T00:00:00Z', masterKeyId: 'test' },
    });
    expect(rows(house)).toEqual([]);
  });

  it('service-linked roles, and the roles of this server itself', async () => {
    const house = unusedHouse(only('role', 90));
    await makeRole(house);
    const { deploy } = { deploy: house.scenario.account.roles.get('deploy')! };
    const { inlinePolicies: _inline, attachedPolicies: _attached, ...data } = deploy;
    house.scenario.given(
      { type: 'RoleCreated', data: { ...data, roleName: 'linked', roleId: 'AROALINKED', path: '/aws-service-role/example.com/' } },
      {
        type: 'RoleCreated',
        data: {
          ...data,
          roleName: 'ours',
          roleId: 'AROAOURS',
          path: '/service-role/',
          assumeRolePolicyDocument: data.assumeRolePolicyDocument.replace(
            '"AWS":"arn:aws:iam::123456789012:root"',
            '"Service":"rotation.iam-ledger.internal"',
          ),
        },
      },
    );
    await house.days(365);
    expect(rows(house)).toEqual([
      'start role',
      'skip role: a service-linked role: only its service removes it',
      'skip role: a role of this server: what it does stands or falls with it',
    ]);
  });

  it.each([
    ['the tag', async (house: UnusedHouse) => house.byHand('TagUser', { UserName: 'bob', Tags: [{ Key: 'Break-Glass', Value: '' }] })],
    ['the name', async (house: UnusedHouse) => (house.rules = rulesOf({ ...only('access-key', 45), breakGlass: { tag: 'x', names: ['bob'] } }))],
    [
      'the ARN',
      async (house: UnusedHouse) =>
        (house.rules = rulesOf({ ...only('access-key', 45), breakGlass: { tag: 'x', names: ['arn:aws:iam::123456789012:user/people/bob'] } })),
    ],
  ])('break-glass users and what they have, by %s', async (_name, mark) => {
    const { house } = await withKey();
    await mark(house);
    await house.days(100);
    expect(rows(house)).toEqual([expect.stringContaining('skip access-key: break-glass')]);
  });
});

describe('exemptions', () => {
  it('spare until they end', async () => {
    const { house } = await withKey(undefined, exemptRobots);
    await house.days(100);
    expect(rows(house)).toEqual(['skip access-key: exempt until 2026-06-01T00:00:00.000Z (robots: once a year)']);
    await house.days(100);
    expect(rows(house)).toEqual(['start access-key']);
  });

  it.each([
    ['that can not be read', [{ id: 'robots' }]],
    ['that contradict each other', [...exemptRobots, { ...exemptRobots[0], match: { group: 'x' } }]],
    ['that name a group that is not there', [{ ...exemptRobots[0], match: { group: 'exempt' } }]],
  ])('%s let nothing be begun, for nobody', async (_name, exemptions) => {
    const { house } = await withKey(undefined, exemptions);
    await house.days(100);
    expect(rows(house)).toEqual([expect.stringContaining('skip access-key: settings or exemptions can not be trusted')]);
  });
});

describe('the plan', () => {
  it('begins nothing where the history does not reach back over the window', async () => {
    const { house, madeAt } = await withKey();
    house.scenario.now = madeAt + 100 * day;
    house.use.since = new Date(madeAt + 55 * day + 1);
    expect(rows(house)).toEqual([expect.stringContaining('skip access-key: the access history is complete from')]);
    house.use.since = new Date(madeAt + 55 * day);
    expect(rows(house)).toEqual(['start access-key']);
  });

  it('tells what it rests on, and the position that it is frozen at', async () => {
    const { house, keyId, madeAt } = await withKey();
    house.use.keys.set(keyId, new Date(madeAt + day));
    house.scenario.now = madeAt + 100 * day;
    expect(house.plan()[0]).toMatchObject({
      instance: `access-key.${keyId}.1`,
      entity: 'arn:aws:iam::123456789012:user/people/bob',
      credential: keyId,
      reason: `access key ${keyId} of bob: used 99 days ago; the limit is 45`,
      evidence: [
        `last sign of life: used at ${new Date(madeAt + day).toISOString()}`,
        'access history complete from 1970-01-01T00:00:00.000Z',
        `account at position ${house.scenario.account.position}`,
      ],
      facts: [{ type: 'UnusedFound', data: { position: house.scenario.account.position } }],
    });
  });

  it('names no instance twice and is the same whenever it is made', async () => {
    const house = unusedHouse({ unusedDays: { ...rulesOf({}).settings.unusedDays, permission: 90 } });
    await makeUser(house, 'alice');
    await makeUser(house, 'bob');
    await makeRole(house);
    await house.days(365);
    const plan = house.plan();
    expect(new Set(plan.map(({ instance }) => instance)).size).toBe(plan.length);
    expect(house.plan()).toEqual(plan);
    for (const { instance } of plan) expect(instance).toMatch(/^[A-Za-z0-9._-]{1,128}$/);
  });
});
