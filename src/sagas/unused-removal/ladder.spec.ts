import { describe, expect, it } from '@jest/globals';
import { dumpAccount } from '../../iam/account-dump.ts';
import { makeUser, unusedHouse, type UnusedHouse } from '../../../test/support/unused-house.ts';

const phases = (house: UnusedHouse) => [...house.all.values()].map(({ instance, state }) => `${instance.split('.')[0]}: ${state.phase}`);

describe('the ladder of a user', () => {
  it('is notice, reminders, quarantine, recovery and removal, each at its day', async () => {
    const house = unusedHouse();
    const { userId } = await makeUser(house);
    await house.days(90);
    expect(await house.begin()).toEqual([`user.${userId}.1`]);
    const instance = `user.${userId}.1`;
    expect(house.state(instance).phase).toBe('Noticed');
    await house.days(13);
    expect(house.state(instance).phase).toBe('Noticed');
    expect(house.sent).toEqual([]);
    await house.days(1);
    expect(house.state(instance).phase).toBe('RecoveryWindow');
    expect(house.sent.map(({ operation }) => operation)).toEqual(['PutUserPolicy', 'UpdateAccessKey']);
    await house.days(29);
    expect(house.scenario.account.users.has('bob')).toBe(true);
    await house.days(1);
    expect(house.state(instance).phase).toBe('Removed');
    expect(house.scenario.account.users.has('bob')).toBe(false);
    expect(house.notices.map(({ notice }) => notice)).toEqual([
      'unused-found',
      'unused-reminder',
      'unused-reminder',
      'unused-quarantined',
      'unused-removed',
    ]);
    expect(house.notices[0]).toMatchObject({ to: 'bob@example.com', entity: 'user bob' });
  });

  it("goes in AWS's order and tells in its manifest all that goes", async () => {
    const house = unusedHouse();
    const { userId, keyId, inactiveKeyId } = await makeUser(house);
    await house.days(90);
    await house.begin();
    await house.days(60);
    const removal = house.all.get(`user.${userId}.1`)!.events.find(({ type }) => type === 'RemovalStarted')!;
    expect(house.sent.slice(2).map(({ operation }) => operation)).toEqual([
      'DeleteLoginProfile',
      'DeleteAccessKey',
      'DeleteAccessKey',
      'DeleteUserPolicy',
      'DeleteUserPolicy',
      'DetachUserPolicy',
      'RemoveUserFromGroup',
      'DeleteUser',
    ]);
    expect((removal.data as { commands: readonly object[] }).commands).toEqual(
      house.sent.slice(2).map(({ operation, input }) => ({ operation, input })),
    );
    expect(removal.data).toMatchObject({
      remembered: { name: 'bob', path: '/people/', groups: ['readers'], accessKeys: [{ accessKeyId: keyId }, { accessKeyId: inactiveKeyId }] },
    });
    expect(JSON.stringify(removal)).not.toContain('Correct-Horse');
  });

  it.each(['Noticed', 'RecoveryWindow'])('a use in the phase %s gives it back as it was', async (phase) => {
    const house = unusedHouse();
    const { userId, keyId } = await makeUser(house);
    const before = dumpAccount(house.scenario.account);
    await house.days(90);
    await house.begin();
    await house.days(phase === 'Noticed' ? 5 : 20);
    expect(phases(house)).toEqual([`user: ${phase}`]);
    house.use.attempts.set(keyId, house.now);
    await house.days(1);
    expect(house.state(`user.${userId}.1`)).toMatchObject({ phase: phase === 'Noticed' ? 'Superseded' : 'Restored', notRestored: [] });
    const without = (text: string) => text.replace(/"(position|revision|time)":("[^"]*"|\d+),?/g, '');
    expect(without(dumpAccount(house.scenario.account))).toBe(without(before));
    const next = () => house.plan().find((item) => item.instance === `user.${userId}.2`)?.action;
    await house.days(89);
    expect(next()).not.toBe('start');
    await house.days(1);
    expect(next()).toBe('start');
  });
});
