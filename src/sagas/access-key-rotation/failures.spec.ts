import { describe, expect, it } from '@jest/globals';
import { createAccessKey } from '../../iam/access-keys/create-access-key.ts';
import { deleteAccessKey } from '../../iam/access-keys/delete-access-key.ts';
import { updateAccessKey } from '../../iam/access-keys/update-access-key.ts';
import { RotationModel, day, epoch } from '../../../test/support/rotation-model.ts';
import { stageOf } from './rotation.ts';
import { defaultSettings, type RotationPolicy, type RotationRules } from './settings.ts';

/** Bob, and a key of his that is 80 days old and in use; its rotation is planned. */
function begun(policy: Partial<RotationPolicy> = {}): { readonly model: RotationModel; readonly old: string } {
  const model = new RotationModel();
  model.rules = rules(policy);
  const old = model.ownKey();
  model.now += 80 * day;
  model.use(old);
  model.plan(old);
  model.settle();
  return { model, old };
}

const rules = (policy: Partial<RotationPolicy>): RotationRules => ({
  settings: { ...defaultSettings, policy },
  exemptionOf: () => ({ status: 'none' }),
});

/** Lets days go by: the owner uses what he is told to, every day. */
function days(model: RotationModel, count: number, ...used: readonly string[]): void {
  for (let index = 0; index < count; index++) {
    model.now += day;
    for (const id of used) model.use(id);
    if (model.state.wakeAt !== undefined && Date.parse(model.state.wakeAt) <= model.now)
      model.append({ type: 'TimerFired', data: { timer: 'wake' } });
    model.settle();
  }
}

/** Until the new key is there. */
function created(policy: Partial<RotationPolicy> = {}, delivery: RotationModel['delivery'] = 'acknowledged') {
  const { model, old } = begun(policy);
  model.delivery = delivery;
  days(model, 10, old);
  return { model, old, next: model.state.newKeyId! };
}

/** Until the old key is inactive. */
function cut(policy: Partial<RotationPolicy> = {}) {
  const { model, old, next } = created(policy);
  days(model, 8, next);
  expect(model.account.accessKeys.get(old)!.status).toBe('Inactive');
  return { model, old, next };
}

const typesOf = (model: RotationModel): readonly string[] => model.stream.map(({ type }) => type);
const statusOf = (model: RotationModel, id: string) => model.account.accessKeys.get(id)?.status;

describe('what goes wrong elsewhere', () => {
  it('1: the grace time counts from the recorded deactivation, not from a date of the other key', () => {
    const { model, old, next } = created({ recoveryDays: 10 });
    days(model, 30, next, old); // the new key is a month old when the old one falls silent
    days(model, 7, next);
    expect(statusOf(model, old)).toBe('Inactive');
    days(model, 9, next);
    expect(statusOf(model, old)).toBe('Inactive');
    days(model, 1, next);
    expect(statusOf(model, old)).toBeUndefined();
  });

  it('2: two active keys: nobody chooses one to delete; owner and then security are told, and it goes on when one is gone', () => {
    const { model, old } = begun();
    const second = model.ownKey();
    days(model, 20, old, second);
    expect(stageOf(model.state)).toBe('Escalated');
    expect(model.state.trouble).toMatchObject({ kind: 'Blocked', reason: 'TwoActiveKeys' });
    expect(model.notices.slice(1)).toEqual(['escalate-owner', 'escalate-security']);
    expect([statusOf(model, old), statusOf(model, second)]).toEqual(['Active', 'Active']);
    model.byHand(deleteAccessKey, { UserName: 'bob', AccessKeyId: second });
    days(model, 2, old);
    expect(typesOf(model)).toContain('RotationUnblocked');
    expect(model.user!.accessKeyIds).toHaveLength(2);
  });

  it('3: the new key is made before anything is done to the old one', () => {
    const { model, old, next } = created();
    expect([statusOf(model, old), statusOf(model, next)]).toEqual(['Active', 'Active']);
  });

  it('4: exemptions that can not be read let nothing be done, and it goes on when they can', () => {
    const { model, old } = begun();
    const { settings } = model.rules;
    model.rules = { settings, exemptionOf: () => ({ status: 'unreadable', detail: 'the group machines is not there' }) };
    days(model, 20, old);
    expect(model.user!.accessKeyIds).toEqual([old]);
    expect(typesOf(model).filter((type) => type === 'RotationHeld')).toHaveLength(1);
    model.rules = rules({});
    days(model, 1, old);
    expect(model.user!.accessKeyIds).toHaveLength(2);
  });

  it('4: an exemption ends a rotation that has done nothing yet, and holds one that has', () => {
    const exempt: RotationRules = { ...rules({}), exemptionOf: () => ({ status: 'exempt', reason: 'robots', until: new Date(epoch + 120 * day) }) };
    const early = begun();
    early.model.rules = exempt;
    days(early.model, 1);
    expect(stageOf(early.model.state)).toBe('Exempted');
    const { model, old, next } = created();
    model.rules = exempt;
    days(model, 25, next); // until day 115
    expect([statusOf(model, old), statusOf(model, next)]).toEqual(['Active', 'Active']);
    model.rules = rules({});
    days(model, 10, next);
    expect(statusOf(model, old)).toBe('Inactive');
  });

  it('5: the old key is not cut before the new one was used', () => {
    const { model, old, next } = created();
    days(model, 40);
    expect(statusOf(model, old)).toBe('Active');
    expect(model.state.trouble).toMatchObject({ reason: 'NewKeyUnused', toldOwner: true, toldSecurity: true });
    model.use(next);
    days(model, 1);
    expect(statusOf(model, old)).toBe('Inactive');
    expect(model.state.trouble).toBeUndefined();
  });

  it('5: nor while the old one is in use, and an attempt that was refused is a use', () => {
    const { model, old, next } = created();
    days(model, 12, next, old);
    expect(statusOf(model, old)).toBe('Active');
    days(model, 6, next);
    expect(statusOf(model, old)).toBe('Active');
    days(model, 1, next);
    expect(statusOf(model, old)).toBe('Inactive');
  });

  it('6: only the key that is due is touched', () => {
    const { model, old } = begun();
    const second = model.ownKey();
    days(model, 60, old, second);
    expect(model.user!.accessKeyIds).toEqual([old, second]);
    expect(model.violations).toEqual([]);
  });

  it('7: what happened since the decision is seen by the command itself', () => {
    const { model, next } = created();
    days(model, 6, next);
    model.now += day;
    model.use(next);
    const action = model.next();
    if (action?.kind !== 'send') throw new Error('the old key is about to be made inactive');
    expect(action.unless!(model.world)).toBeUndefined();
    model.byHand(updateAccessKey, { UserName: 'bob', AccessKeyId: next, Status: 'Inactive' });
    expect(action.unless!(model.world)).toBe(`the new key ${next} is Inactive`);
  });

  it('9: another period acts at once, in both directions', () => {
    const { model, old } = begun();
    model.rules = rules({ periodDays: 81, leadDays: 0 });
    days(model, 1, old);
    expect(model.state.phase).toBe('Observing');
    const longer = begun();
    longer.model.rules = rules({ periodDays: 365 });
    days(longer.model, 1);
    expect(longer.model.stream.at(-1)).toMatchObject({ type: 'RotationSuperseded', data: { reason: 'NotDue' } });
  });

  it('11: the old key lives on while its use is observed, as long as the policy says', () => {
    const { model, old, next } = created({ observeDays: 20 });
    days(model, 19, next);
    expect(statusOf(model, old)).toBe('Active');
    days(model, 1, next);
    expect(statusOf(model, old)).toBe('Inactive');
  });

  it('12: a delivery that fails is tried again with longer and longer pauses, and nothing is cut meanwhile', () => {
    const { model, old } = begun();
    model.failing = new Set(['delivery']);
    days(model, 10, old);
    for (let hours = 0; hours < 8 * 24; hours++) {
      model.now += 3600_000;
      model.settle();
    }
    expect(model.state.steps['deliver']!.attempt).toBeGreaterThan(8);
    expect(model.state.steps['deliver']!.attempt).toBeLessThan(30);
    expect(model.state.trouble).toMatchObject({ reason: 'NotDelivered', toldOwner: true });
    expect(statusOf(model, old)).toBe('Active');
    model.failing = new Set();
    days(model, 2, old);
    expect(model.state.delivered).toBe(true);
  });

  it('13: a rotation leaves one key', () => {
    const { model, old, next } = cut();
    days(model, 12, next);
    expect(stageOf(model.state)).toBe('Completed');
    expect(model.user!.accessKeyIds).toEqual([next]);
    expect(model.account.accessKeys.get(old)).toBeUndefined();
  });

  it('15: who rotates by hand meanwhile is let be', () => {
    const { model, old } = begun();
    const own = model.ownKey();
    days(model, 1, own);
    model.byHand(deleteAccessKey, { UserName: 'bob', AccessKeyId: old });
    days(model, 1, own);
    expect(stageOf(model.state)).toBe('Superseded');
    expect(model.user!.accessKeyIds).toEqual([own]);
  });

  it('15: who deletes the new key gets another, and after the fourth a person is asked', () => {
    const { model, old } = created();
    for (let index = 0; index < 6; index++) {
      if (model.state.newKeyId !== undefined) model.byHand(deleteAccessKey, { UserName: 'bob', AccessKeyId: model.state.newKeyId });
      days(model, 1, old);
    }
    expect(model.user!.accessKeyIds).toEqual([old]);
    expect(model.state.trouble).toMatchObject({ reason: 'NewKeysDeleted' });
    model.append({ type: 'Approved', data: { by: 'alice', reason: 'it was a test' } });
    days(model, 1, old);
    expect(model.user!.accessKeyIds).toHaveLength(2);
  });
});

describe('an old key that is used again', () => {
  it('is given back at once, its owner is told, and the observation begins anew', () => {
    const { model, old, next } = cut();
    days(model, 3, next);
    model.use(old);
    model.settle();
    expect(statusOf(model, old)).toBe('Active');
    expect(model.notices).toContain('notice-rolled-back');
    expect(model.state.phase).toBe('Observing');
    days(model, 8, next);
    expect(statusOf(model, old)).toBe('Inactive');
  });

  it('is not given back where the policy wants an alarm; its deletion waits until it is silent', () => {
    const { model, old, next } = cut({ onOldKeyUse: 'alarm' });
    days(model, 5, next, old);
    expect(statusOf(model, old)).toBe('Inactive');
    expect(model.state.trouble).toMatchObject({ reason: 'OldKeyStillUsed', toldOwner: true });
    days(model, 9, next);
    expect(statusOf(model, old)).toBe('Inactive');
    days(model, 1, next);
    expect(statusOf(model, old)).toBeUndefined();
  });

  it('is given back where the new key stopped working', () => {
    const { model, old, next } = cut();
    model.byHand(updateAccessKey, { UserName: 'bob', AccessKeyId: next, Status: 'Inactive' });
    days(model, 1);
    expect(statusOf(model, old)).toBe('Active');
  });
});

describe('people', () => {
  it('F40: a secret that nobody collects: the old key stays, the address runs out and comes again, somebody is called', () => {
    const { model, old, next } = created({}, 'pick-up');
    days(model, 60, old);
    expect([statusOf(model, old), statusOf(model, next)]).toEqual(['Active', 'Active']);
    expect(typesOf(model).filter((type) => type === 'DeliveryExpired')).toHaveLength(5);
    expect(stageOf(model.state)).toBe('Escalated');
    model.append({ type: 'Approved', data: { by: 'alice', reason: 'he is back' } });
    days(model, 1, old);
    expect(model.collect()).toBe(true);
    expect(model.collect()).toBe(false);
    expect(model.state.phase).toBe('Delivered');
  });

  it('who approves lets a rotation go on although the new key was never used', () => {
    const { model, old } = created();
    days(model, 25);
    model.append({ type: 'Approved', data: { by: 'alice', reason: 'nobody uses it' } });
    days(model, 1);
    expect(statusOf(model, old)).toBe('Inactive');
    days(model, 11);
    expect(stageOf(model.state)).toBe('Completed');
  });

  it('a policy can go on by itself so many days after somebody was called', () => {
    const { model, old } = created({ forceAfterDays: 5 });
    days(model, 25, old);
    expect(statusOf(model, old)).toBe('Active');
    days(model, 2, old);
    expect(statusOf(model, old)).toBe('Inactive');
    expect(model.stream.find(({ type }) => type === 'RotationForced')).toMatchObject({ data: { by: 'policy' } });
  });

  it('who cancels takes back a key that nobody has received', () => {
    const { model, old } = created({}, 'pick-up');
    model.append({ type: 'Cancelled', data: { by: 'alice', reason: 'not now' } });
    expect(model.collect()).toBe(false);
    days(model, 1, old);
    expect(stageOf(model.state)).toBe('Cancelled');
    expect(model.user!.accessKeyIds).toEqual([old]);
  });

  it('who cancels gets back the key that was cut', () => {
    const { model, old, next } = cut();
    model.append({ type: 'Cancelled', data: { by: 'alice', reason: 'not now' } });
    days(model, 1, next);
    expect([statusOf(model, old), statusOf(model, next)]).toEqual(['Active', 'Active']);
    expect(stageOf(model.state)).toBe('Cancelled');
  });

  it('who pauses stops everything until it is resumed', () => {
    const { model, old } = begun();
    model.append({ type: 'Paused', data: { by: 'alice', reason: 'holidays' } });
    days(model, 30, old);
    expect(model.user!.accessKeyIds).toEqual([old]);
    model.append({ type: 'Resumed', data: { by: 'alice', reason: 'back' } });
    days(model, 2, old);
    expect(model.user!.accessKeyIds).toHaveLength(2);
  });
});

describe('the owner', () => {
  it('is told 14, 7 and 1 days before, and nothing is done before he was', () => {
    const { model, old } = begun();
    days(model, 20, old);
    expect(model.notices.filter((notice) => notice.startsWith('notice-days'))).toEqual(['notice-days-14', 'notice-days-7', 'notice-days-1']);
    const overdue = new RotationModel();
    overdue.failing = new Set(['notice']);
    const key = overdue.ownKey();
    overdue.now += 400 * day;
    overdue.plan(key);
    days(overdue, 10, key);
    expect(overdue.user!.accessKeyIds).toEqual([key]);
    overdue.failing = new Set();
    days(overdue, 1, key);
    expect(overdue.user!.accessKeyIds).toEqual([key]);
    days(overdue, 1, key);
    expect(overdue.user!.accessKeyIds).toHaveLength(2);
  });

  it('is bothered in his change window only', () => {
    const window = { hours: 'Mon-Fri 09:00-17:00', timeZone: 'Europe/Zurich' };
    const { model, old } = begun({ changeWindow: window });
    for (let hours = 0; hours < 14 * 24; hours++) {
      model.now += 3600_000;
      model.use(old);
      if (model.state.newKeyId !== undefined) model.use(model.state.newKeyId);
      model.settle();
    }
    const issued = model.stream.find((event) => event.type === 'StepIssued' && event.data.step === 'create-access-key');
    expect(issued!.time).toBe('2026-04-01T07:00:00.000Z'); // a Wednesday, nine in the morning in Zurich
  });
});

it('a second key that is made and not seen by the saga does not become a third', () => {
  const { model, old } = begun();
  model.byHand(createAccessKey, { UserName: 'bob' });
  model.byHand(updateAccessKey, { UserName: 'bob', AccessKeyId: model.user!.accessKeyIds[1]!, Status: 'Inactive' });
  days(model, 30, old);
  expect(model.state.trouble).toMatchObject({ kind: 'Blocked', reason: 'SecondKeyInactive' });
  expect(model.user!.accessKeyIds).toHaveLength(2);
});
