import { describe, expect, it } from '@jest/globals';
import { emptyAccount, evolve as evolveAccount, type Account } from '../../iam/account.ts';
import type { AccountEvent } from '../../iam/events.ts';
import type { Instances } from '../saga-kind.ts';
import type { RunnerFact, SagaEvent, World } from '../saga.ts';
import { credentialExpiry } from './credential-expiry.ts';
import type { Expiry, ExpiryFact } from './expiry.ts';

const dayMs = 24 * 3600_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const userId = 'AIDABOBBOBBOBBOBBOBB2';
const none: Instances<Expiry> = { of: () => undefined, all: () => [] };
const source = { settings: undefined, exemptions: undefined };

/** Bob, who has a password since the first of January, and one expiry of it. */
class Life {
  now = start;
  account: Account = emptyAccount('123456789012');
  state = credentialExpiry.sagaWith(credentialExpiry.readRules(source)).initialState;
  readonly told: string[] = [];
  failing = false;
  #revision = 0;

  constructor() {
    this.given({ type: 'AccountOpened', data: { accountId: '123456789012', partition: 'aws', name: 'test', email: 'root@example.com' } });
    this.given({ type: 'UserCreated', data: { userName: 'bob', userId, path: '/', createDate: '2026-01-01T00:00:00Z', tags: [] } });
    const data = { userName: 'bob', passwordHash: 'hash', passwordResetRequired: false, createDate: '2026-01-01T00:00:00Z' };
    this.given({ type: 'LoginProfileCreated', data });
  }

  given({ type, data }: AccountEvent): void {
    const revision = this.account.revision + 1;
    const time = new Date(this.now).toISOString();
    this.account = evolveAccount(this.account, { id: `event-${revision}`, type, data, revision, position: revision + 1, time });
  }

  get world(): World {
    const use = {
      accessKey: () => undefined,
      accessKeyAttempt: () => undefined,
      password: () => undefined,
      role: () => undefined,
      actions: () => new Map(),
      since: new Date(0),
    };
    return { now: new Date(this.now), account: this.account, use };
  }

  plan(instances = none, exemptions?: unknown) {
    return credentialExpiry.plan(this.world, credentialExpiry.readRules({ ...source, exemptions }), instances);
  }

  append(fact: ExpiryFact | RunnerFact): void {
    const revision = this.#revision++;
    const event = { ...fact, id: `saga-${revision}`, time: new Date(this.now).toISOString(), revision } as SagaEvent<ExpiryFact>;
    this.state = credentialExpiry.sagaWith(credentialExpiry.readRules(source)).evolve(this.state, event);
  }

  begin(): void {
    const [item] = this.plan();
    if (item?.action !== 'start') throw new Error('nothing is due');
    for (const fact of item.facts) this.append(fact);
  }

  /** Lets days go by, a step at a time. */
  days(count: number, settings?: unknown): void {
    for (let day = 0; day < count; day++) {
      for (let steps = 0; this.#step(settings); steps++) if (steps > 20) throw new Error('it does not come to rest');
      this.now += dayMs;
    }
  }

  #step(settings: unknown): boolean {
    const saga = credentialExpiry.sagaWith(credentialExpiry.readRules({ ...source, settings }));
    const [action] = saga.decide(this.state, this.world);
    if (action === undefined) return false;
    if (action.kind === 'schedule') {
      this.append({ type: 'TimerScheduled', data: { timer: action.timer, dueAt: action.dueAt.toISOString() } });
      return false;
    }
    if (action.kind === 'record') for (const fact of action.facts) this.append(fact);
    if (action.kind !== 'effect') return true;
    const { step, attempt } = action;
    this.append({ type: 'StepIssued', data: { step, attempt, commandId: step, deadline: new Date(this.now).toISOString() } });
    if (this.failing) this.append({ type: 'StepFailed', data: { step, attempt, code: 'Down', message: '', retryable: true } });
    else this.append({ type: 'StepSucceeded', data: { step, attempt, answer: {} } });
    if (!this.failing) this.told.push(`${step} on day ${Math.round((this.now - start) / dayMs)}`);
    return true;
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

  it('is planned for once, and not where its owner is exempt', () => {
    const life = new Life();
    life.now += 100 * dayMs;
    const [item] = life.plan();
    const known = { instance: item!.instance, state: life.state, isOver: true };
    expect(life.plan({ of: (instance) => (instance === known.instance ? known : undefined), all: () => [known] })).toEqual([]);
    const exemption = {
      id: 'robots',
      match: { id: userId },
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
  ['notices in the wrong order', { noticeDays: [1, 7] }, 'noticeDays must be one to 10 numbers of days, the largest first, such as [14, 7, 1].'],
])('settings of expiry refuse %s', (_name, settings, message) => {
  expect(credentialExpiry.problemsOf({ settings, exemptions: undefined })).toEqual([message]);
});
