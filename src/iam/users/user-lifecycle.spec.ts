import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { addUserToGroup } from '../groups/add-user-to-group.ts';
import { createGroup } from '../groups/create-group.ts';
import { getGroup } from '../groups/get-group.ts';
import { listGroupsForUser } from '../groups/list-groups-for-user.ts';
import { listEntitiesForPolicy } from '../policies/list-entities-for-policy.ts';
import { attachUserPolicy } from './attach-user-policy.ts';
import { createUser } from './create-user.ts';
import { deleteUser } from './delete-user.ts';
import { detachUserPolicy } from './detach-user-policy.ts';
import { getUserPolicy } from './get-user-policy.ts';
import { getUser } from './get-user.ts';
import { putUserPermissionsBoundary } from './put-user-permissions-boundary.ts';
import { putUserPolicy } from './put-user-policy.ts';
import { updateUser } from './update-user.ts';

const policyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';

describe('UpdateUser', () => {
  it('changes name and path in one event and keeps the id', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob', Path: '/team/' });
    const { UserId } = (await scenario.when(getUser, { UserName: 'Bob' })).answer.User;
    const { events, answer } = await scenario.when(updateUser, { UserName: 'bob', NewUserName: 'Robert', NewPath: '/leads/' });
    expect(events).toEqual([{ type: 'UserUpdated', data: { userName: 'Bob', path: '/team/', newUserName: 'Robert', newPath: '/leads/' } }]);
    expect(answer).toBeUndefined();
    expect((await scenario.when(getUser, { UserName: 'Robert' })).answer.User).toMatchObject({
      UserId,
      Arn: 'arn:aws:iam::123456789012:user/leads/Robert',
    });
    expect(await scenario.refusal(getUser, { UserName: 'Bob' })).toBe('NoSuchEntity: The user with name Bob cannot be found.');
  });

  it('takes memberships, policies, boundary and access keys along to the new name', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
    await scenario.after(createGroup, { GroupName: 'Admins' });
    await scenario.after(addUserToGroup, { GroupName: 'Admins', UserName: 'Bob' });
    await scenario.after(attachUserPolicy, { UserName: 'Bob', PolicyArn: policyArn });
    await scenario.after(putUserPolicy, { UserName: 'Bob', PolicyName: 'inline', PolicyDocument: document });
    await scenario.after(putUserPermissionsBoundary, { UserName: 'Bob', PermissionsBoundary: policyArn });
    scenario.given({
      type: 'AccessKeyCreated',
      data: { accessKeyId: 'AKIAEXAMPLE000000001', userName: 'Bob', status: 'Active', createDate: '2026-01-01T00:00:00Z' },
    });
    await scenario.after(updateUser, { UserName: 'Bob', NewUserName: 'Robert' });

    expect((await scenario.when(getGroup, { GroupName: 'Admins' })).answer.Users.map((user) => user.UserName)).toEqual(['Robert']);
    expect((await scenario.when(listGroupsForUser, { UserName: 'Robert' })).answer.Groups.map((group) => group.GroupName)).toEqual(['Admins']);
    expect((await scenario.when(getUserPolicy, { UserName: 'Robert', PolicyName: 'inline' })).answer.PolicyDocument).toBe(document);
    for (const PolicyUsageFilter of ['PermissionsPolicy', 'PermissionsBoundary']) {
      const { answer } = await scenario.when(listEntitiesForPolicy, { PolicyArn: policyArn, PolicyUsageFilter });
      expect(answer.PolicyUsers.map((user) => user.UserName)).toEqual(['Robert']);
    }
    expect(scenario.account.accessKeys.get('AKIAEXAMPLE000000001')?.userName).toBe('Robert');
    await scenario.after(detachUserPolicy, { UserName: 'Robert', PolicyArn: policyArn });
    expect(scenario.account.attachments.has(policyArn)).toBe(false);
  });

  it('changes nothing without a change', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob', Path: '/team/' });
    expect((await scenario.when(updateUser, { UserName: 'Bob' })).events).toEqual([]);
    expect((await scenario.when(updateUser, { UserName: 'bob', NewUserName: 'Bob', NewPath: '/team/' })).events).toEqual([]);
  });

  it('lets a user change the case of its own name, but not take the name of another', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
    await scenario.after(createUser, { UserName: 'Eve' });
    expect((await scenario.when(updateUser, { UserName: 'Bob', NewUserName: 'BOB' })).events).toHaveLength(1);
    expect((await scenario.when(getUser, { UserName: 'bob' })).answer.User.UserName).toBe('BOB');
    expect(await scenario.refusal(updateUser, { UserName: 'Bob', NewUserName: 'EVE' })).toBe(
      'EntityAlreadyExists: User with name EVE already exists.',
    );
  });

  it('refuses a user that does not exist', async () => {
    expect(await new Scenario().refusal(updateUser, { UserName: 'Bob', NewPath: '/x/' })).toBe(
      'NoSuchEntity: The user with name Bob cannot be found.',
    );
  });

  it('frees the old name for another user, which inherits nothing', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
    await scenario.after(putUserPolicy, { UserName: 'Bob', PolicyName: 'inline', PolicyDocument: document });
    await scenario.after(updateUser, { UserName: 'Bob', NewUserName: 'Robert' });
    await scenario.after(createUser, { UserName: 'Bob' });
    expect(scenario.account.users.get('Bob')).toMatchObject({ groups: [], accessKeyIds: [] });
    expect(scenario.account.users.get('Bob')?.inlinePolicies.size).toBe(0);
    expect(scenario.account.users.get('Bob')?.userId).not.toBe(scenario.account.users.get('Robert')?.userId);
  });
});

describe('DeleteUser', () => {
  it('deletes a bare user, and a boundary goes with it', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob', Path: '/team/', PermissionsBoundary: policyArn });
    const { userId } = scenario.account.users.get('Bob')!;
    const { events } = await scenario.when(deleteUser, { UserName: 'BOB' });
    expect(events).toEqual([{ type: 'UserDeleted', data: { userName: 'Bob', userId, path: '/team/' } }]);
    expect(scenario.account.boundaryUses.size).toBe(0);
    expect(await scenario.refusal(deleteUser, { UserName: 'Bob' })).toBe('NoSuchEntity: The user with name Bob cannot be found.');
  });

  it('gives a user that is made again under the same name a new id', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
    const { userId } = scenario.account.users.get('Bob')!;
    await scenario.after(deleteUser, { UserName: 'Bob' });
    await scenario.after(createUser, { UserName: 'Bob' });
    expect(scenario.account.users.get('Bob')!.userId).not.toBe(userId);
  });

  it.each([
    [
      'a password',
      'must delete login profile first',
      (s: Scenario) =>
        s.given({
          type: 'LoginProfileCreated',
          data: { userName: 'Bob', passwordHash: 'x', passwordResetRequired: false, createDate: '2026-01-01T00:00:00Z' },
        }),
    ],
    [
      'an access key',
      'must delete access keys first',
      (s: Scenario) =>
        s.given({
          type: 'AccessKeyCreated',
          data: { accessKeyId: 'AKIAEXAMPLE000000001', userName: 'Bob', status: 'Inactive', createDate: '2026-01-01T00:00:00Z' },
        }),
    ],
    [
      'a group',
      'must remove users from group first',
      async (s: Scenario) => (await s.after(createGroup, { GroupName: 'g' })).after(addUserToGroup, { GroupName: 'g', UserName: 'Bob' }),
    ],
    ['an attached policy', 'must detach all policies first', (s: Scenario) => s.after(attachUserPolicy, { UserName: 'Bob', PolicyArn: policyArn })],
    [
      'an inline policy',
      'must delete policies first',
      (s: Scenario) => s.after(putUserPolicy, { UserName: 'Bob', PolicyName: 'p', PolicyDocument: document }),
    ],
  ])('refuses a user that still has %s', async (_what, message, prepare) => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
    await prepare(scenario);
    expect(await scenario.refusal(deleteUser, { UserName: 'Bob' })).toBe(`DeleteConflict: Cannot delete entity, ${message}.`);
  });
});
