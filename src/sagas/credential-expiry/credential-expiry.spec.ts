import { describe, expect, it } from '@jest/globals';
import { ExpiryLife, bobId, dayMs, none } from '../../../test/support/expiry-life.ts';
import { credentialExpiry } from './credential-expiry.ts';

/** Bob, who has a password since the first of January. */
class Life extends ExpiryLife {
  constructor() {
    super();
    const data = { userName: 'bob', passwordHash: 'hash', passwordResetRequired: false, createDate: '2026-01-01T00:00:00Z' };
    this.given({ type: 'LoginProfileCreated', data });
  }
}

describe('a password that is to be changed', () => {
  it('is planned for at its first notice, not a second earlier', () => {
    const life = new Life();
    life.now += 76 * dayMs - 1000;
    expect(life.plan()).toEqual([]);
    life.now += 1000;
    expect(life.plan()).toMatchObject([
      { action: 'start', credential: 'password', reason: 'the password comes to its end on 2026-04-01T00:00:00.000Z' },
    ]);
  });

  it('has its owner told, reminded, told that it is over, and then security', () => {
    const life = new Life();
    life.now += 76 * dayMs;
    life.begin();
    life.days(30);
    expect(life.told).toEqual([
      'notice-days-14 on day 76',
      'notice-days-7 on day 83',
      'notice-days-1 on day 89',
      'notice-expired on day 90',
      'escalate-security on day 93',
    ]);
    expect(life.state.phase).toBe('Escalated');
  });

  it('is done with when its owner changes it', () => {
    const life = new Life();
    life.now += 76 * dayMs;
    life.begin();
    life.days(2);
    life.given({ type: 'PasswordChanged', data: { userName: 'bob', passwordHash: 'other' } });
    life.days(2);
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'Renewed' });
    expect(life.told).toHaveLength(1);
  });

  it('is done with when it is taken away, or its owner is', () => {
    const life = new Life();
    life.now += 76 * dayMs;
    life.begin();
    life.given({ type: 'UserUpdated', data: { userName: 'bob', path: '/', newUserName: 'robert', newPath: '/' } });
    life.days(1);
    expect(life.state.phase).toBe('Noticed');
    life.given({ type: 'LoginProfileDeleted', data: { userName: 'robert' } });
    life.days(1);
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'Gone' });
  });

  it("is as old as the account's password policy lets it be", () => {
    const life = new Life();
    life.given({ type: 'AccountPasswordPolicyUpdated', data: { ...passwordPolicy, maxPasswordAge: 30 } });
    life.now += 16 * dayMs;
    expect(life.plan()).toHaveLength(1);
  });

  it('is let be where the period became longer, and where nothing can be read', () => {
    const life = new Life();
    life.now += 76 * dayMs;
    life.begin();
    life.days(1, { passwordDays: 'ninety' });
    expect(life.told).toEqual([]);
    life.days(1, { passwordDays: 365 });
    expect(life.state).toMatchObject({ phase: 'Ended', outcome: 'NotDue' });
  });

  it('has its owner told once notices get through again', () => {
    const life = new Life();
    life.now += 76 * dayMs;
    life.failing = true;
    life.begin();
    life.days(2);
    life.failing = false;
    life.days(2);
    expect(life.told).toEqual(['notice-days-14 on day 78']);
  });

  it('is told of again where it was let be and is due after all', () => {
    const life = new Life();
    life.now += 76 * dayMs;
    life.begin();
    life.days(1, { passwordDays: 365 });
    const { instance } = life.plan()[0]!;
    const known = { instance, state: life.state, isOver: true };
    const instances = { of: (name: string) => (name === instance ? known : undefined), all: () => [known] };
    expect(life.plan(instances, undefined, { passwordDays: 365 })).toEqual([]);
    life.now += 300 * dayMs;
    expect(life.plan(instances, undefined, { passwordDays: 365 })).toMatchObject([{ action: 'start', instance: `${instance}.2` }]);
  });

  it('is planned for once, and not where its owner is exempt', () => {
    const life = new Life();
    life.now += 100 * dayMs;
    const [item] = life.plan();
    const known = { instance: item!.instance, state: life.state, isOver: true };
    expect(life.plan({ of: (instance) => (instance === known.instance ? known : undefined), all: () => [known] })).toEqual([]);
    const exemption = {
      id: 'robots',
      match: { id: bobId },
      reason: 'a machine',
      owner: 'alice',
      approver: 'carol',
      expiresAt: '2030-01-01T00:00:00Z',
    };
    expect(life.plan(none, [exemption])).toMatchObject([{ action: 'skip', skipReason: 'Exempt' }]);
    expect(life.plan(none, [exemption, exemption])).toMatchObject([{ action: 'skip', skipReason: 'ExemptionsUnreadable' }]);
  });
});

const passwordPolicy = {
  minimumPasswordLength: 8,
  requireSymbols: false,
  requireNumbers: false,
  requireUppercaseCharacters: false,
  requireLowercaseCharacters: false,
  allowUsersToChangePassword: true,
  hardExpiry: false,
};

it.each([
  ['no object', [], 'The settings must be an object.'],
  ['an unknown member', { days: 1 }, "The settings have no member 'days'."],
  ['no days', { passwordDays: 0 }, 'passwordDays must be a whole number of days from 1 to 3650.'],
  ['an escalation before', { escalateDays: -1 }, 'escalateDays must be a whole number of days from 0 to 3650.'],
  ['half a day', { sshPublicKeyDays: 0.5 }, 'sshPublicKeyDays must be a whole number of days from 1 to 3650, or null.'],
  [
    'an age in words',
    { serviceSpecificCredentialDays: 'never' },
    'serviceSpecificCredentialDays must be a whole number of days from 1 to 3650, or null.',
  ],
  ['no notices', { endNoticeDays: [] }, 'endNoticeDays must be one to 10 numbers of days, the largest first, such as [14, 7, 1].'],
  ['notices in the wrong order', { noticeDays: [1, 7] }, 'noticeDays must be one to 10 numbers of days, the largest first, such as [14, 7, 1].'],
])('settings of expiry refuse %s', (_name, settings, message) => {
  expect(credentialExpiry.problemsOf({ settings, exemptions: undefined })).toEqual([message]);
});
