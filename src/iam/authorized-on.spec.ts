import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../test/support/scenario.ts';
import { addUserToGroup } from './groups/add-user-to-group.ts';
import { attachGroupPolicy } from './groups/attach-group-policy.ts';
import { createGroup } from './groups/create-group.ts';
import { deleteGroup } from './groups/delete-group.ts';
import { listGroupsForUser } from './groups/list-groups-for-user.ts';
import { listGroups } from './groups/list-groups.ts';
import { updateGroup } from './groups/update-group.ts';
import type { AwsCommand, Operation } from './operation.ts';
import { createPolicy } from './policies/create-policy.ts';
import { deletePolicy } from './policies/delete-policy.ts';
import { listPolicies } from './policies/list-policies.ts';
import { tagPolicy } from './policies/tag-policy.ts';
import { untagPolicy } from './policies/untag-policy.ts';
import { attachUserPolicy } from './users/attach-user-policy.ts';
import { createUser } from './users/create-user.ts';
import { deleteUserPermissionsBoundary } from './users/delete-user-permissions-boundary.ts';
import { deleteUserPolicy } from './users/delete-user-policy.ts';
import { detachUserPolicy } from './users/detach-user-policy.ts';
import { getUserPolicy } from './users/get-user-policy.ts';
import { putUserPermissionsBoundary } from './users/put-user-permissions-boundary.ts';
import { putUserPolicy } from './users/put-user-policy.ts';
import { tagUser } from './users/tag-user.ts';
import { untagUser } from './users/untag-user.ts';
import { updateUser } from './users/update-user.ts';

const boundary = 'arn:aws:iam::aws:policy/PowerUserAccess';
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const bob = 'arn:aws:iam::123456789012:user/team/Bob';
const admins = 'arn:aws:iam::123456789012:group/team/Admins';
const Tags = [{ Key: 'team', Value: 'blue' }];
const requestTags = { 'aws:RequestTag/team': 'blue', 'aws:TagKeys': ['team'] };

async function given() {
  const scenario = await new Scenario().after(createUser, { UserName: 'Bob', Path: '/team/', PermissionsBoundary: boundary });
  return scenario.after(createGroup, { GroupName: 'Admins', Path: '/team/' });
}

/** What authorization is asked about a command. */
function authorizedOn<C extends AwsCommand<unknown>>({ account }: Scenario, operation: Operation<C>, input: Partial<C>) {
  const command = Object.assign(new operation.command(), input);
  const call = new Scenario().call();
  const { resource, context, alsoRequires } = operation.declaration;
  return {
    resource: resource(command, account, call),
    context: context?.(command, account, call) ?? {},
    alsoRequires: alsoRequires?.(command, account, call) ?? [],
  };
}

describe('operations on users are authorized', () => {
  it('on the ARN of the user as it is written, however the name is spelt in the request', async () => {
    const scenario = await given();
    for (const UserName of ['Bob', 'BOB']) {
      expect(authorizedOn(scenario, getUserPolicy, { UserName }).resource).toBe(bob);
      expect(authorizedOn(scenario, tagUser, { UserName, Tags }).resource).toBe(bob);
      expect(authorizedOn(scenario, listGroupsForUser, { UserName }).resource).toBe(bob);
    }
    expect(authorizedOn(scenario, getUserPolicy, { UserName: 'none' }).resource).toBe('arn:aws:iam::123456789012:user/none');
  });

  it("with the user's boundary where the call changes its permissions, and with the new one where it sets it", async () => {
    const scenario = await given();
    const now = { 'iam:PermissionsBoundary': boundary };
    expect(authorizedOn(scenario, putUserPolicy, { UserName: 'bob' }).context).toEqual(now);
    expect(authorizedOn(scenario, deleteUserPolicy, { UserName: 'bob' }).context).toEqual(now);
    expect(authorizedOn(scenario, deleteUserPermissionsBoundary, { UserName: 'bob' }).context).toEqual(now);
    for (const operation of [attachUserPolicy, detachUserPolicy]) {
      expect(authorizedOn(scenario, operation, { UserName: 'bob', PolicyArn: readOnly }).context).toEqual({ ...now, 'iam:PolicyARN': readOnly });
    }
    expect(authorizedOn(scenario, putUserPermissionsBoundary, { UserName: 'bob', PermissionsBoundary: readOnly }).context).toEqual({
      'iam:PermissionsBoundary': readOnly,
    });
  });

  it('with the tags of the request, and creating with tags needs iam:TagUser as well', async () => {
    const scenario = await given();
    expect(authorizedOn(scenario, tagUser, { UserName: 'Bob', Tags }).context).toEqual(requestTags);
    expect(authorizedOn(scenario, untagUser, { UserName: 'Bob', TagKeys: ['team'] }).context).toEqual({ 'aws:TagKeys': ['team'] });
    const resource = 'arn:aws:iam::123456789012:user/x/Eve';
    expect(authorizedOn(scenario, createUser, { UserName: 'Eve', Path: '/x/', Tags })).toEqual({
      resource,
      context: requestTags,
      alsoRequires: [{ action: 'iam:TagUser', resource, context: requestTags }],
    });
    expect(authorizedOn(scenario, createUser, { UserName: 'Eve' }).alsoRequires).toEqual([]);
  });

  it('on both ARNs where the call moves or renames', async () => {
    const scenario = await given();
    const to = 'arn:aws:iam::123456789012:user/team/Robert';
    expect(authorizedOn(scenario, updateUser, { UserName: 'bob', NewUserName: 'Robert' })).toEqual({
      resource: bob,
      context: {},
      alsoRequires: [{ action: 'iam:UpdateUser', resource: to }],
    });
    expect(authorizedOn(scenario, updateUser, { UserName: 'bob', NewPath: '/team/' }).alsoRequires).toEqual([]);
  });
});

describe('operations on groups are authorized', () => {
  it('on the ARN of the group, membership included, and with the policy that is attached', async () => {
    const scenario = await given();
    expect(authorizedOn(scenario, addUserToGroup, { GroupName: 'ADMINS', UserName: 'Bob' }).resource).toBe(admins);
    expect(authorizedOn(scenario, deleteGroup, { GroupName: 'admins' }).resource).toBe(admins);
    expect(authorizedOn(scenario, attachGroupPolicy, { GroupName: 'admins', PolicyArn: readOnly })).toEqual({
      resource: admins,
      context: { 'iam:PolicyARN': readOnly },
      alsoRequires: [],
    });
    expect(authorizedOn(scenario, createGroup, { GroupName: 'x', Path: '/y/' }).resource).toBe('arn:aws:iam::123456789012:group/y/x');
    expect(authorizedOn(scenario, listGroups, {}).resource).toBe('*');
  });

  it('on both ARNs where the call moves or renames', async () => {
    const { alsoRequires } = authorizedOn(await given(), updateGroup, { GroupName: 'Admins', NewPath: '/x/' });
    expect(alsoRequires).toEqual([{ action: 'iam:UpdateGroup', resource: 'arn:aws:iam::123456789012:group/x/Admins' }]);
  });
});

describe('operations on policies are authorized', () => {
  it('on the ARN of the policy, with the tags of the request', async () => {
    const scenario = await given();
    const PolicyArn = 'arn:aws:iam::123456789012:policy/x/Reader';
    expect(authorizedOn(scenario, deletePolicy, { PolicyArn }).resource).toBe(PolicyArn);
    expect(authorizedOn(scenario, tagPolicy, { PolicyArn, Tags })).toEqual({ resource: PolicyArn, context: requestTags, alsoRequires: [] });
    expect(authorizedOn(scenario, untagPolicy, { PolicyArn, TagKeys: ['team'] }).context).toEqual({ 'aws:TagKeys': ['team'] });
    expect(authorizedOn(scenario, createPolicy, { PolicyName: 'Reader', Path: '/x/', Tags })).toEqual({
      resource: PolicyArn,
      context: requestTags,
      alsoRequires: [{ action: 'iam:TagPolicy', resource: PolicyArn, context: requestTags }],
    });
    expect(authorizedOn(scenario, createPolicy, { PolicyName: 'Reader' }).alsoRequires).toEqual([]);
    expect(authorizedOn(scenario, listPolicies, {}).resource).toBe('*');
  });
});
