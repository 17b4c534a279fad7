import { describe, expect, it } from '@jest/globals';
import type { HouseOptions } from '../../../test/support/saga-house.ts';
import { allowS3, makeKey, makeUser, only, readOnlyArn, rulesOf, unusedHouse, type UnusedHouse } from '../../../test/support/unused-house.ts';

/** A user that is unused, begun at its limit of 90 days: notified on day 0, in quarantine from day 14, gone on day 44. */
async function unusedBob(options: HouseOptions = {}, settings = only('user', 90)) {
  const house = unusedHouse(settings, options);
  const { userId, keyId, inactiveKeyId } = await makeUser(house);
  await house.days(90);
  await house.begin();
  const instance = `user.${userId}.1`;
  return { house, instance, userId, keyId, inactiveKeyId, phase: () => house.state(instance).phase };
}

const operationsOf = (house: UnusedHouse) => house.sent.map(({ operation }) => operation);
const reasonOf = (house: UnusedHouse, instance: string) => house.all.get(instance)!.events.findLast(({ data }) => 'reason' in data)?.data; // begun above

describe('a use between the decision and the command', () => {
  /** The history shows the use at the very moment at which the last removing command but one is decided. */
  const usedAt = (operation: string, use: () => void): HouseOptions => ({ beforeCommand: (sent) => (sent === operation ? use() : undefined) });

  it.each([
    ['PutUserPolicy', 14],
    ['DeleteLoginProfile', 44],
  ])('is seen inside of %s, and nothing is done', async (operation, days) => {
    let use = () => {};
    const { house, instance, keyId, phase } = await unusedBob(usedAt(operation, () => use()));
    use = () => house.use.attempts.set(keyId, house.now);
    await house.days(days);
    expect(operationsOf(house)).not.toContain(operation);
    expect(phase()).toBe('Restored');
    expect(house.scenario.account.users.get('bob')).toMatchObject({ accessKeyIds: expect.any(Array), loginProfile: {} });
    expect(reasonOf(house, instance)).toMatchObject({ cause: 'used' });
  });

  it('would not be seen if the command did not ask again', async () => {
    let use = () => {};
    const { house, keyId } = await unusedBob({ ...usedAt('DeleteLoginProfile', () => use()), asksAgain: false });
    use = () => house.use.attempts.set(keyId, house.now);
    await house.days(44);
    expect(operationsOf(house)).toContain('DeleteLoginProfile');
    expect(house.scenario.account.users.get('bob')?.loginProfile).toBeUndefined();
  });
});

describe('what somebody does by hand', () => {
  it.each([
    ['a tag', (house: UnusedHouse) => house.byHand('TagUser', { UserName: 'bob', Tags: [{ Key: 'team', Value: 'x' }] })],
    ['a policy less', (house: UnusedHouse) => house.byHand('DeleteUserPolicy', { UserName: 'bob', PolicyName: 'own' })],
    ['another name', (house: UnusedHouse) => house.byHand('UpdateUser', { UserName: 'bob', NewUserName: 'robert' })],
  ])('before the quarantine (%s) ends the ladder, untouched', async (_name, change) => {
    const { house, phase } = await unusedBob();
    await house.days(5);
    await change(house);
    await house.days(60);
    expect(phase()).toBe('Superseded');
    expect(house.sent).toEqual([]);
  });

  it('in quarantine gives back what the saga took, and leaves what was done by hand', async () => {
    const { house, keyId, phase } = await unusedBob();
    await house.days(20);
    await house.byHand('DetachUserPolicy', { UserName: 'bob', PolicyArn: readOnlyArn });
    await house.days(1);
    expect(phase()).toBe('Superseded');
    const bob = house.scenario.account.users.get('bob')!;
    expect([...bob.attachedPolicies.keys()]).toEqual([]);
    expect([...bob.inlinePolicies.keys()]).toEqual(['own']);
    expect(house.scenario.account.accessKeys.get(keyId)?.status).toBe('Active');
  });

  it('such as lifting the quarantine ends the ladder', async () => {
    const { house, phase } = await unusedBob();
    await house.days(20);
    const [name] = [...house.scenario.account.users.get('bob')!.inlinePolicies.keys()].filter((each) => each.startsWith('iamledgerunused'));
    await house.byHand('DeleteUserPolicy', { UserName: 'bob', PolicyName: name! });
    await house.days(40);
    expect(phase()).toBe('Superseded');
    expect(house.scenario.account.users.has('bob')).toBe(true);
  });

  it('such as renaming it in quarantine does not keep it from coming back, under its new name', async () => {
    const { house, keyId, phase } = await unusedBob();
    await house.days(20);
    await house.byHand('UpdateUser', { UserName: 'bob', NewUserName: 'robert' });
    await house.days(1);
    expect(phase()).toBe('Superseded');
    expect([...house.scenario.account.users.get('robert')!.inlinePolicies.keys()]).toEqual(['own']);
    expect(house.scenario.account.accessKeys.get(keyId)).toMatchObject({ status: 'Active', userName: 'robert' });
  });

  it('such as deleting it is the end of it', async () => {
    const house = unusedHouse(only('access-key', 45));
    await house.byHand('CreateUser', { UserName: 'bob' });
    const keyId = await makeKey(house, 'bob');
    await house.days(45);
    await house.begin();
    await house.days(20);
    await house.byHand('DeleteAccessKey', { UserName: 'bob', AccessKeyId: keyId });
    await house.days(1);
    expect(house.state(`access-key.${keyId}.1`).phase).toBe('Superseded');
    expect(operationsOf(house)).toEqual(['UpdateAccessKey']);
  });

  it.each([
    ['a group', (house: UnusedHouse) => house.byHand('AddUserToGroup', { GroupName: 'late', UserName: 'bob' })],
    ['a policy', (house: UnusedHouse) => house.byHand('PutUserPolicy', { UserName: 'bob', PolicyName: 'late', PolicyDocument: allowS3 })],
    ['a password', (house: UnusedHouse) => house.byHand('CreateLoginProfile', { UserName: 'bob', Password: 'Another-Horse-8' })],
    ['a key', (house: UnusedHouse) => house.byHand('CreateAccessKey', { UserName: 'bob' })],
  ])('in the middle of the removal (%s) is seen: no DeleteConflict, and what can come back does', async (_name, interfere) => {
    let before: () => void | Promise<void> = () => {};
    const { house, instance, phase } = await unusedBob({ beforeCommand: (operation) => (operation === 'DetachUserPolicy' ? before() : undefined) });
    await house.byHand('CreateGroup', { GroupName: 'late' });
    let isDone = false;
    before = async () => {
      if (!isDone) await interfere(house);
      isDone = true;
    };
    await house.days(44);
    expect(phase()).toBe('Superseded');
    expect(operationsOf(house)).not.toContain('DeleteUser');
    const codes = house.all.get(instance)!.events.flatMap(({ data }) => ('code' in data ? [data.code] : []));
    expect(codes).toEqual(['NoLongerHolds']);
    const bob = house.scenario.account.users.get('bob')!;
    expect([...bob.attachedPolicies.values()]).toEqual([readOnlyArn]);
    expect(bob.inlinePolicies.has('own')).toBe(true);
    expect(house.state(instance).notRestored).toHaveLength(_name === 'a password' ? 2 : 3);
  });
});

describe('a word from outside', () => {
  it.each([5, 20])('an exemption acts at once, on day %d', async (day) => {
    const { house, keyId, phase } = await unusedBob();
    await house.days(day);
    const exemption = { id: 'e', match: { group: 'readers' }, reason: 'r', owner: 'alice', approver: 'bob', expiresAt: '2027-01-01T00:00:00Z' };
    house.rules = rulesOf(only('user', 90), [exemption]);
    await house.days(60);
    expect(phase()).toBe('Exempted');
    expect(house.scenario.account.accessKeys.get(keyId)?.status).toBe('Active');
  });

  it('exemptions that can not be read hold everything, until they can', async () => {
    const { house, phase } = await unusedBob();
    await house.days(13);
    const { rules } = house;
    house.rules = rulesOf(only('user', 90), 'nonsense');
    await house.days(60);
    expect(phase()).toBe('Noticed');
    expect(house.sent).toEqual([]);
    house.rules = rules;
    await house.days(1);
    expect(phase()).toBe('RecoveryWindow');
  });

  it('settings that switch the kind off hold everything', async () => {
    const { house, phase } = await unusedBob();
    await house.days(13);
    house.rules = rulesOf(only('role', 90));
    await house.days(60);
    expect([phase(), house.sent]).toEqual(['Noticed', []]);
  });

  it('a longer limit acts at once: what is not due any more comes back', async () => {
    const { house, phase } = await unusedBob();
    await house.days(20);
    house.rules = rulesOf(only('user', 180));
    await house.days(1);
    expect(phase()).toBe('Superseded');
    expect([...house.scenario.account.users.get('bob')!.inlinePolicies.keys()]).toEqual(['own']);
  });

  it.each([
    [5, 'Cancelled', 0],
    [20, 'Cancelled', 0],
  ])('a cancellation on day %d undoes what was done', async (day, expected, notRestored) => {
    const { house, instance, keyId, phase } = await unusedBob();
    await house.days(day);
    house.tell(instance, { type: 'Cancelled', data: { by: 'alice', reason: 'he is on leave' } });
    await house.tick();
    expect(phase()).toBe(expected);
    expect(house.state(instance).notRestored).toHaveLength(notRestored);
    expect(house.scenario.account.accessKeys.get(keyId)?.status).toBe('Active');
  });

  it('a pause stops everything, and the end of it lets it go on', async () => {
    const { house, instance, phase } = await unusedBob();
    house.tell(instance, { type: 'Paused', data: { by: 'alice', reason: 'audit' } });
    await house.days(30);
    expect([phase(), house.sent]).toEqual(['Noticed', []]);
    house.tell(instance, { type: 'Resumed', data: { by: 'alice', reason: 'done' } });
    await house.days(1);
    expect(phase()).toBe('RecoveryWindow');
  });

  it('an approval is waited for where the settings ask for one', async () => {
    const { house, instance, phase } = await unusedBob({}, { ...only('user', 90), approval: true });
    await house.days(60);
    expect([phase(), house.sent]).toEqual(['Noticed', []]);
    expect(house.notices.map(({ notice }) => notice)).toContain('unused-approval-wanted');
    house.tell(instance, { type: 'Approved', data: { by: 'alice', reason: 'left the company' } });
    await house.tick();
    expect(phase()).toBe('RecoveryWindow');
  });

  it('with onUse escalate a use in quarantine calls a person and stops the removal', async () => {
    const { house, instance, keyId, phase } = await unusedBob({}, { ...only('user', 90), onUse: 'escalate' });
    await house.days(20);
    house.use.attempts.set(keyId, house.now);
    await house.days(60);
    expect(phase()).toBe('RecoveryWindow');
    expect(house.notices.map(({ notice }) => notice)).toContain('unused-removal-stuck');
    expect(house.scenario.account.accessKeys.get(keyId)?.status).toBe('Inactive');
    house.tell(instance, { type: 'Cancelled', data: { by: 'alice', reason: 'wanted' } });
    await house.tick();
    expect(house.scenario.account.accessKeys.get(keyId)?.status).toBe('Active');
  });

  it('part of a removed user can be asked back', async () => {
    const { house, instance, phase } = await unusedBob();
    await house.days(44);
    house.tell(instance, { type: 'RestoreRequested', data: { by: 'alice', reason: 'back', parts: ['groups', `attached-policies/${readOnlyArn}`] } });
    await house.tick();
    expect(phase()).toBe('Restored');
    const bob = house.scenario.account.users.get('bob')!;
    expect(bob).toMatchObject({ path: '/people/', groups: ['readers'], tags: [{ Key: 'owner', Value: 'bob@example.com' }] });
    expect([...bob.attachedPolicies.values()]).toEqual([readOnlyArn]);
    expect(bob.inlinePolicies.size).toBe(0);
  });

  it('a user goes with its credentials of every kind, and each is told that can not come back', async () => {
    const house = unusedHouse(only('user', 90));
    await house.byHand('CreateUser', { UserName: 'bob' });
    const { ServiceSpecificCredential } = await house.byHand('CreateServiceSpecificCredential', {
      UserName: 'bob',
      ServiceName: 'codecommit.amazonaws.com',
    });
    await house.days(90);
    const [instance = ''] = await house.begin();
    await house.days(44);
    expect(operationsOf(house)).toEqual(['PutUserPolicy', 'DeleteServiceSpecificCredential', 'DeleteUserPolicy', 'DeleteUser']);
    house.tell(instance, { type: 'RestoreRequested', data: { by: 'alice', reason: 'back' } });
    await house.tick();
    const id = ServiceSpecificCredential!['ServiceSpecificCredentialId']!; // it was made above
    expect(house.state(instance).notRestored).toEqual([`Service-specific credential ${id}: its password went with it. A new one must be made.`]);
  });

  it('a removed user whose name another has now stays away, and that is said', async () => {
    const { house, instance } = await unusedBob();
    await house.days(44);
    await house.byHand('CreateUser', { UserName: 'bob' });
    house.tell(instance, { type: 'RestoreRequested', data: { by: 'alice', reason: 'back' } });
    await house.days(1);
    expect(house.state(instance).notRestored).toEqual(['bob: another has that name now.']);
    expect(house.scenario.account.users.get('bob')).toMatchObject({ groups: [] });
    expect([...house.scenario.account.users.get('bob')!.inlinePolicies.keys()]).toEqual([]);
  });
});

describe('what does not go well', () => {
  it('a notice that reaches nobody is tried again, and then a person is called; nothing is done without it', async () => {
    let isDown = true;
    const { house, instance, phase } = await unusedBob({ noticeFails: () => isDown });
    await house.days(60);
    expect([phase(), house.sent]).toEqual(['Candidate', []]);
    expect(house.state(instance).stuck?.reason).toBe('Step notice failed with Unreachable.');
    isDown = false;
    house.tell(instance, { type: 'Approved', data: { by: 'alice', reason: 'mail works again' } });
    await house.tick();
    expect(phase()).toBe('Noticed');
    await house.days(13);
    expect(house.sent).toEqual([]);
  });

  it('a command that is refused for good calls a person', async () => {
    const { house, instance, phase } = await unusedBob();
    await house.byHand('PutUserPolicy', { UserName: 'bob', PolicyName: 'own', PolicyDocument: allowS3 }); // the same: no change
    house.scenario.given({ type: 'QuotaChanged', data: { quota: 'userInlinePolicyCharacters', value: 100, previousValue: 2048 } });
    await house.days(20);
    expect(phase()).toBe('Quarantining');
    expect(house.state(instance).stuck?.reason).toBe('Step quarantine-1 failed with LimitExceeded.');
    expect(house.notices.at(-1)).toMatchObject({ notice: 'unused-removal-stuck' });
    house.scenario.given({ type: 'QuotaChanged', data: { quota: 'userInlinePolicyCharacters', value: 2048, previousValue: 100 } });
    house.tell(instance, { type: 'Approved', data: { by: 'alice', reason: 'quota raised' } });
    await house.tick();
    expect(phase()).toBe('RecoveryWindow');
  });

  it('days during which no server ran cost the owner nothing: he has his notice and his days', async () => {
    const { house, phase } = await unusedBob();
    house.scenario.now += 400 * 86_400_000;
    await house.tick();
    expect(phase()).toBe('RecoveryWindow');
    await house.days(29);
    expect(house.scenario.account.users.has('bob')).toBe(true);
  });
});
