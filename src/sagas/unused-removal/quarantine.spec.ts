import { describe, expect, it } from '@jest/globals';
import { RequestContext, decide, type Principal } from '../../../libs/policy/index.ts';
import { dumpAccount } from '../../iam/account-dump.ts';
import { policiesOfRole, policiesOfUser } from '../../iam/policies/policies-of.ts';
import { allowS3, makeKey, makeRole, makeUser, only, readOnlyArn, unusedHouse, type UnusedHouse } from '../../../test/support/unused-house.ts';

/** The account without what tells how often it was changed. */
const stateOf = (house: UnusedHouse) => dumpAccount(house.scenario.account).replace(/"(position|revision|time)":("[^"]*"|\d+),?/g, '');

function roleMayRead(house: UnusedHouse, issuedAt: Date): string {
  const role = house.scenario.account.roles.get('deploy')!; // the tests below made it
  const arn = 'arn:aws:sts::123456789012:assumed-role/deploy/session';
  const principal: Principal = {
    type: 'AssumedRole',
    arn,
    accountId: '123456789012',
    partition: 'aws',
    roleArn: 'arn:aws:iam::123456789012:role/deploy',
  };
  const context = RequestContext.of({ 'aws:TokenIssueTime': issuedAt.toISOString() });
  const asked = { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::a/b', resourceAccountId: '123456789012', context };
  return decide(asked, policiesOfRole(house.scenario.account, role));
}

function userMay(house: UnusedHouse, action: string): string {
  const user = house.scenario.account.users.get('bob')!; // the tests below made it
  const principal: Principal = { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/people/bob', accountId: '123456789012', partition: 'aws' };
  return decide(
    { principal, action, resource: '*', resourceAccountId: '123456789012', context: new RequestContext() },
    policiesOfUser(house.scenario.account, user),
  );
}

describe('a role', () => {
  it('in quarantine may do nothing, in no session, and gets all back when somebody tries to use it', async () => {
    const house = unusedHouse(only('role', 90));
    const roleId = await makeRole(house);
    const before = stateOf(house);
    await house.days(90);
    await house.begin();
    await house.days(14);
    expect(house.state(`role.${roleId}.1`).phase).toBe('RecoveryWindow');
    const inAnHour = new Date(house.now.getTime() + 3_600_000);
    expect([roleMayRead(house, new Date(0)), roleMayRead(house, inAnHour)]).toEqual(['ExplicitlyDenied', 'ExplicitlyDenied']);
    house.use.roles.set(roleId, house.now);
    await house.days(1);
    expect(house.state(`role.${roleId}.1`)).toMatchObject({ phase: 'Restored', notRestored: [] });
    expect(stateOf(house)).toBe(before);
    expect(roleMayRead(house, inAnHour)).toBe('Allowed');
  });

  it('cuts off sessions from before the quarantine by a statement of their own', async () => {
    const house = unusedHouse(only('role', 90));
    await makeRole(house);
    await house.days(90);
    await house.begin();
    await house.days(14);
    const [put] = house.sent;
    const { Statement } = JSON.parse(String(put!.input['PolicyDocument'])) as { Statement: readonly object[] };
    expect(Statement[1]).toEqual({
      Sid: 'OlderSessions',
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:TokenIssueTime': house.now.toISOString() } },
    });
  });

  it('that was removed comes back with its policies, its description and its place in an instance profile', async () => {
    const house = unusedHouse(only('role', 90));
    const roleId = await makeRole(house);
    await house.byHand('CreateInstanceProfile', { InstanceProfileName: 'machines' });
    await house.byHand('AddRoleToInstanceProfile', { InstanceProfileName: 'machines', RoleName: 'deploy' });
    const before = stateOf(house);
    await house.days(90);
    await house.begin();
    await house.days(44);
    expect(house.state(`role.${roleId}.1`).phase).toBe('Removed');
    expect(house.scenario.account.roles.has('deploy')).toBe(false);
    house.tell(`role.${roleId}.1`, { type: 'RestoreRequested', data: { by: 'alice', reason: 'it runs at the end of the year' } });
    await house.tick();
    expect(house.state(`role.${roleId}.1`)).toMatchObject({ phase: 'Restored', notRestored: [] });
    const again = house.scenario.account.roles.get('deploy')!;
    expect(again.roleId).not.toBe(roleId);
    const renamed = stateOf(house).replace(again.roleId, roleId).replace(again.createDate, house.scenario.account.openedAt);
    expect(renamed).toBe(before.replace(/("createDate":)"[^"]*"(?=[^\n]*"roleId")/, `$1"${house.scenario.account.openedAt}"`));
  });
});

describe('an access key', () => {
  it('alone is touched: its owner, its password and its other key are not', async () => {
    const house = unusedHouse(only('access-key', 45));
    const { keyId, inactiveKeyId } = await makeUser(house);
    await house.byHand('DeleteAccessKey', { UserName: 'bob', AccessKeyId: inactiveKeyId });
    const other = await makeKey(house, 'bob');
    await house.days(45);
    house.use.keys.set(other, house.now);
    expect(await house.begin()).toEqual([`access-key.${keyId}.1`]);
    for (let day = 0; day < 44; day += 1) {
      house.use.keys.set(other, house.now);
      await house.days(1);
    }
    expect(house.state(`access-key.${keyId}.1`).phase).toBe('Removed');
    expect(house.sent).toMatchObject([
      { operation: 'UpdateAccessKey', input: { AccessKeyId: keyId, Status: 'Inactive' } },
      { operation: 'DeleteAccessKey', input: { AccessKeyId: keyId } },
    ]);
    expect(house.scenario.account.accessKeys.get(other)?.status).toBe('Active');
    expect(house.scenario.account.users.get('bob')).toMatchObject({ accessKeyIds: [other], groups: ['readers'], loginProfile: {} });
  });

  it('says of a removed one that only a new key helps', async () => {
    const house = unusedHouse(only('access-key', 45));
    const { keyId } = await makeUser(house);
    await house.days(45);
    await house.begin();
    await house.days(45);
    house.tell(`access-key.${keyId}.1`, { type: 'RestoreRequested', data: { by: 'alice', reason: 'a mistake' } });
    await house.tick();
    expect(house.state(`access-key.${keyId}.1`)).toMatchObject({
      phase: 'Restored',
      notRestored: [`Access key ${keyId}: its secret went with it. A new key must be made for bob.`],
    });
  });
});

describe('a password', () => {
  it('is gone with its quarantine, which is what AWS knows; a restore says so, and the user keeps all else', async () => {
    const house = unusedHouse(only('password', 45));
    const { userId, keyId } = await makeUser(house);
    await house.days(45);
    await house.begin();
    await house.days(15);
    expect(house.scenario.account.users.get('bob')?.loginProfile).toBeUndefined();
    expect(house.scenario.account.accessKeys.get(keyId)?.status).toBe('Active');
    house.use.passwords.set(userId, house.now);
    await house.days(1);
    expect(house.state(`password.${userId}.1`)).toMatchObject({
      phase: 'Restored',
      notRestored: ['The password of bob: nobody but its owner knew it. A new one must be set.'],
    });
  });

  it('stays away when nobody misses it', async () => {
    const house = unusedHouse(only('password', 45));
    const { userId } = await makeUser(house);
    await house.days(45);
    await house.begin();
    await house.days(45);
    expect(house.state(`password.${userId}.1`).phase).toBe('Removed');
    expect(house.sent.map(({ operation }) => operation)).toEqual(['DeleteLoginProfile']);
  });
});

describe('a group without members', () => {
  async function emptyGroup() {
    const house = unusedHouse(only('group', 90));
    const { Group } = await house.byHand('CreateGroup', { GroupName: 'old' });
    await house.byHand('AttachGroupPolicy', { GroupName: 'old', PolicyArn: readOnlyArn });
    await house.byHand('PutGroupPolicy', { GroupName: 'old', PolicyName: 'own', PolicyDocument: allowS3 });
    return { house, instance: `group.${Group!['GroupId']!}.1` };
  }

  it('is watched for the whole window first, since nobody knows how long it has been empty', async () => {
    const { house, instance } = await emptyGroup();
    await house.days(365);
    await house.begin();
    await house.days(89);
    expect(house.state(instance).phase).toBe('Candidate');
    expect(house.notices).toEqual([]);
    await house.days(1);
    expect(house.state(instance).phase).toBe('Noticed');
  });

  it('loses its policies, and has them again when somebody joins it', async () => {
    const { house, instance } = await emptyGroup();
    await house.byHand('CreateUser', { UserName: 'bob' });
    const before = stateOf(house);
    await house.days(90);
    await house.begin();
    await house.days(105);
    expect(house.state(instance).phase).toBe('RecoveryWindow');
    expect(house.scenario.account.groups.get('old')?.attachedPolicies.size).toBe(0);
    expect(house.scenario.account.groups.get('old')?.inlinePolicies.size).toBe(0);
    await house.byHand('AddUserToGroup', { GroupName: 'old', UserName: 'bob' });
    await house.tick();
    expect(house.state(instance)).toMatchObject({ phase: 'Restored', notRestored: [] });
    await house.byHand('RemoveUserFromGroup', { GroupName: 'old', UserName: 'bob' });
    expect(stateOf(house)).toBe(before);
  });

  it('whose policy was deleted meanwhile comes back without it, and says so', async () => {
    const { house, instance } = await emptyGroup();
    const { Policy } = await house.byHand('CreatePolicy', { PolicyName: 'special', PolicyDocument: allowS3 });
    await house.byHand('AttachGroupPolicy', { GroupName: 'old', PolicyArn: Policy!['Arn']! });
    await house.days(90);
    await house.begin();
    await house.days(105);
    await house.byHand('DeletePolicy', { PolicyArn: Policy!['Arn']! });
    house.tell(instance, { type: 'RestoreRequested', data: { by: 'alice', reason: 'wanted' } });
    await house.tick();
    expect(house.state(instance)).toMatchObject({
      phase: 'Restored',
      notRestored: [`The attachment of ${Policy!['Arn']!}: the policy is not there any more.`],
    });
    expect([...house.scenario.account.groups.get('old')!.attachedPolicies.values()]).toEqual([readOnlyArn]);
  });
});

describe('a policy that is attached to nobody', () => {
  it('goes with its versions, and comes back with them', async () => {
    const house = unusedHouse(only('policy', 90));
    const { Policy } = await house.byHand('CreatePolicy', { PolicyName: 'old', PolicyDocument: allowS3, Description: 'old one' });
    const arn = Policy!['Arn']!;
    const other = allowS3.replace('s3:*', 's3:Get*');
    await house.byHand('CreatePolicyVersion', { PolicyArn: arn, PolicyDocument: other, SetAsDefault: true });
    await house.days(90);
    await house.begin();
    await house.days(90 + 45);
    const instance = `policy.${Policy!['PolicyId']!}.1`;
    expect(house.state(instance).phase).toBe('Removed');
    expect(house.sent.map(({ operation }) => operation)).toEqual(['DeletePolicyVersion', 'DeletePolicy']);
    house.tell(instance, { type: 'RestoreRequested', data: { by: 'alice', reason: 'wanted' } });
    await house.tick();
    const policy = house.scenario.account.policies.get('old');
    expect(policy).toMatchObject({ arn, description: 'old one', defaultVersionId: 'v2' });
    expect(policy?.versions.map(({ policyDocument }) => policyDocument)).toEqual([allowS3, other]);
  });

  it('is left alone as soon as somebody holds it', async () => {
    const house = unusedHouse(only('policy', 90));
    const { Policy } = await house.byHand('CreatePolicy', { PolicyName: 'old', PolicyDocument: allowS3 });
    await house.byHand('CreateUser', { UserName: 'bob' });
    await house.days(90);
    await house.begin();
    await house.days(50);
    await house.byHand('AttachUserPolicy', { UserName: 'bob', PolicyArn: Policy!['Arn']! });
    await house.tick();
    expect(house.state(`policy.${Policy!['PolicyId']!}.1`).phase).toBe('Superseded');
  });
});

describe('single permissions', () => {
  async function withPermissions() {
    const house = unusedHouse(only('permission', 90));
    const { User } = await house.byHand('CreateUser', { UserName: 'bob' });
    const Statement = [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject', 'sqs:*', 'iam:PassRole'], Resource: '*' }];
    await house.byHand('PutUserPolicy', { UserName: 'bob', PolicyName: 'own', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) });
    const userId = User!['UserId']!;
    house.use.act(userId, 's3:GetObject', house.now);
    return { house, userId };
  }

  it('that nobody used are denied as they stood on the notice, and those that are used are not', async () => {
    const { house, userId } = await withPermissions();
    await house.days(90);
    house.use.act(userId, 's3:GetObject', house.now);
    expect((await house.begin()).sort()).toEqual([`permission.${userId}.s3.1`, `permission.${userId}.sqs.1`]);
    await house.days(90);
    expect(house.notices).toMatchObject([{ actions: ['s3:PutObject'] }, { actions: ['sqs:*'] }]);
    await house.days(45);
    expect(['s3:GetObject', 's3:PutObject', 'sqs:SendMessage', 'iam:PassRole'].map((action) => userMay(house, action))).toEqual([
      'Allowed',
      'ExplicitlyDenied',
      'ExplicitlyDenied',
      'Allowed',
    ]);
  });

  it('that were taken away are not found again', async () => {
    const { house } = await withPermissions();
    await house.days(90);
    await house.begin();
    await house.days(500);
    expect((await house.begin()).filter((instance) => !instance.includes('.s3.'))).toEqual([]);
  });

  it('that are used in time stay', async () => {
    const { house, userId } = await withPermissions();
    await house.days(90);
    await house.begin();
    await house.days(91);
    house.use.act(userId, 's3:putobject', house.now);
    await house.days(60);
    expect(house.state(`permission.${userId}.s3.1`).phase).toBe('Superseded');
    expect(userMay(house, 's3:PutObject')).toBe('Allowed');
  });
});
