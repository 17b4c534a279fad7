import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { attachGroupPolicy } from '../groups/attach-group-policy.ts';
import { createGroup } from '../groups/create-group.ts';
import { attachUserPolicy } from '../users/attach-user-policy.ts';
import { createUser } from '../users/create-user.ts';
import { detachUserPolicy } from '../users/detach-user-policy.ts';
import { listEntitiesForPolicy, type ListEntitiesForPolicy } from './list-entities-for-policy.ts';

const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

async function given() {
  const scenario = await new Scenario().after(createGroup, { GroupName: 'Admins' });
  await scenario.after(attachGroupPolicy, { GroupName: 'Admins', PolicyArn });
  for (const [UserName, Path] of [
    ['Bob', '/team/'],
    ['Eve', '/'],
  ] as const) {
    await scenario.after(createUser, { UserName, Path });
    await scenario.after(attachUserPolicy, { UserName, PolicyArn });
  }
  await scenario.after(createUser, { UserName: 'Mia', PermissionsBoundary: PolicyArn });
  const time = '2026-01-01T00:00:00Z';
  scenario.given(
    {
      type: 'RoleCreated',
      data: {
        roleName: 'Deploy',
        roleId: 'AROADEPLOY',
        path: '/team/',
        createDate: time,
        maxSessionDuration: 3600,
        assumeRolePolicyDocument: '{}',
        trustedPrincipalIds: {},
        permissionsBoundary: PolicyArn,
        tags: [],
      },
    },
    { type: 'RolePolicyAttached', data: { roleName: 'Deploy', policyArn: PolicyArn } },
  );
  return scenario;
}

async function list(scenario: Scenario, input: Partial<ListEntitiesForPolicy> = {}) {
  const { answer } = await scenario.when(listEntitiesForPolicy, { PolicyArn, ...input });
  return [
    ...answer.PolicyGroups.map((group) => group.GroupName),
    ...answer.PolicyRoles.map((role) => role.RoleName),
    ...answer.PolicyUsers.map((user) => user.UserName),
  ];
}

describe('ListEntitiesForPolicy', () => {
  it('lists groups, roles and users with their ids, each once', async () => {
    const scenario = await given();
    const { answer } = await scenario.when(listEntitiesForPolicy, { PolicyArn });
    const idOf = (name: string) => scenario.account.users.get(name)!.userId;
    expect(answer).toEqual({
      PolicyGroups: [{ GroupName: 'Admins', GroupId: scenario.account.groups.get('Admins')!.groupId }],
      PolicyRoles: [{ RoleName: 'Deploy', RoleId: 'AROADEPLOY' }],
      PolicyUsers: ['Bob', 'Eve', 'Mia'].map((UserName) => ({ UserName, UserId: idOf(UserName) })),
      IsTruncated: false,
    });
  });

  it('filters by kind of entity, path and use', async () => {
    const scenario = await given();
    expect(await list(scenario, { EntityFilter: 'User' })).toEqual(['Bob', 'Eve', 'Mia']);
    expect(await list(scenario, { EntityFilter: 'Group' })).toEqual(['Admins']);
    expect(await list(scenario, { EntityFilter: 'Role' })).toEqual(['Deploy']);
    expect(await list(scenario, { EntityFilter: 'LocalManagedPolicy' })).toEqual([]);
    expect(await list(scenario, { PathPrefix: '/team/' })).toEqual(['Deploy', 'Bob']);
    expect(await list(scenario, { PolicyUsageFilter: 'PermissionsPolicy' })).toEqual(['Admins', 'Deploy', 'Bob', 'Eve']);
    expect(await list(scenario, { PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['Deploy', 'Mia']);
    expect(await scenario.refusal(listEntitiesForPolicy, { PolicyArn, EntityFilter: 'Users' })).toContain("at 'entityFilter'");
  });

  it('pages over all kinds, undisturbed by a detachment between two pages', async () => {
    const scenario = await given();
    const first = (await scenario.when(listEntitiesForPolicy, { PolicyArn, MaxItems: 3 })).answer;
    expect(first).toMatchObject({
      PolicyGroups: [{ GroupName: 'Admins' }],
      PolicyRoles: [{ RoleName: 'Deploy' }],
      PolicyUsers: [{ UserName: 'Bob' }],
      IsTruncated: true,
    });
    await scenario.after(detachUserPolicy, { UserName: 'Bob', PolicyArn });
    expect(await list(scenario, { MaxItems: 3, Marker: first.Marker! })).toEqual(['Eve', 'Mia']);
  });

  it('refuses a policy that does not exist, but answers for one that nobody uses', async () => {
    expect(await new Scenario().refusal(listEntitiesForPolicy, { PolicyArn: 'arn:aws:iam::123456789012:policy/none' })).toBe(
      'NoSuchEntity: Policy arn:aws:iam::123456789012:policy/none was not found.',
    );
    expect(await new Scenario().refusal(listEntitiesForPolicy, { PolicyArn: 'arn:aws:iam::123:policy/none' })).toContain('InvalidInput: ');
    expect((await new Scenario().when(listEntitiesForPolicy, { PolicyArn })).answer).toEqual({
      PolicyGroups: [],
      PolicyUsers: [],
      PolicyRoles: [],
      IsTruncated: false,
    });
  });
});
