import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { addRoleToInstanceProfile } from '../instance-profiles/add-role-to-instance-profile.ts';
import { createInstanceProfile } from '../instance-profiles/create-instance-profile.ts';
import { attachRolePolicy } from '../roles/attach-role-policy.ts';
import { createRole } from '../roles/create-role.ts';
import { putRolePolicy } from '../roles/put-role-policy.ts';
import { createUser } from '../users/create-user.ts';
import { getAccountAuthorizationDetails } from './get-account-authorization-details.ts';

const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const own = 'arn:aws:iam::123456789012:policy/Own';
const createDate = '2026-01-01T00:00:00Z';

/** Two users, a group with one of them, a role in an instance profile, a policy of two versions, and one of AWS's in use. */
async function furnished(): Promise<Scenario> {
  const scenario = await new Scenario().after(createUser, {
    UserName: 'Bob',
    Path: '/team/',
    PermissionsBoundary: administrator,
    Tags: [{ Key: 'a', Value: 'b' }],
  });
  await scenario.after(createUser, { UserName: 'alice' });
  scenario.given(
    { type: 'GroupCreated', data: { groupName: 'Team', groupId: 'AGPATEAM', path: '/', createDate } },
    { type: 'UserAddedToGroup', data: { groupName: 'Team', userName: 'Bob' } },
    {
      type: 'PolicyCreated',
      data: { policyName: 'Own', policyId: 'ANPAOWN', policyArn: own, path: '/', createDate, description: 'ours', policyDocument: policy, tags: [] },
    },
    {
      type: 'PolicyVersionCreated',
      data: { policyArn: own, versionId: 'v2', policyDocument: trust, createDate, isDefaultVersion: false, previousDefaultVersionId: 'v1' },
    },
    { type: 'GroupPolicyAttached', data: { groupName: 'Team', policyArn: own } },
    { type: 'GroupPolicyPut', data: { groupName: 'Team', policyName: 'g', policyDocument: policy } },
    { type: 'UserPolicyPut', data: { userName: 'Bob', policyName: 'u', policyDocument: policy } },
  );
  await scenario.after(createRole, { RoleName: 'Web', AssumeRolePolicyDocument: trust, Description: 'web', Tags: [{ Key: 'c', Value: 'd' }] });
  await scenario.after(putRolePolicy, { RoleName: 'Web', PolicyName: 'r', PolicyDocument: policy });
  await scenario.after(attachRolePolicy, { RoleName: 'Web', PolicyArn: administrator });
  await scenario.after(createInstanceProfile, { InstanceProfileName: 'Front' });
  return scenario.after(addRoleToInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'Web' });
}

describe('GetAccountAuthorizationDetails', () => {
  it('shows users with groups, inline and attached policies, boundary and tags', async () => {
    const { UserDetailList } = (await (await furnished()).when(getAccountAuthorizationDetails)).answer;
    expect(UserDetailList).toEqual([
      {
        Path: '/',
        UserName: 'alice',
        UserId: expect.stringMatching(/^AIDA/),
        Arn: 'arn:aws:iam::123456789012:user/alice',
        CreateDate: expect.any(Date),
        UserPolicyList: [],
        GroupList: [],
        AttachedManagedPolicies: [],
        Tags: [],
      },
      {
        Path: '/team/',
        UserName: 'Bob',
        UserId: expect.stringMatching(/^AIDA/),
        Arn: 'arn:aws:iam::123456789012:user/team/Bob',
        CreateDate: expect.any(Date),
        UserPolicyList: [{ PolicyName: 'u', PolicyDocument: policy }],
        GroupList: ['Team'],
        AttachedManagedPolicies: [],
        PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: administrator },
        Tags: [{ Key: 'a', Value: 'b' }],
      },
    ]);
  });

  it('shows groups with their policies', async () => {
    const { GroupDetailList } = (await (await furnished()).when(getAccountAuthorizationDetails)).answer;
    expect(GroupDetailList).toEqual([
      {
        Path: '/',
        GroupName: 'Team',
        GroupId: 'AGPATEAM',
        Arn: 'arn:aws:iam::123456789012:group/Team',
        CreateDate: new Date(createDate),
        GroupPolicyList: [{ PolicyName: 'g', PolicyDocument: policy }],
        AttachedManagedPolicies: [{ PolicyName: 'Own', PolicyArn: own }],
      },
    ]);
  });

  it('shows roles with trust policy, instance profiles, policies, tags and last use', async () => {
    const scenario = await furnished();
    scenario.lastUsed = { ...scenario.lastUsed, role: () => ({ LastUsedDate: new Date(createDate), Region: 'eu-west-1' }) };
    const { RoleDetailList } = (await scenario.when(getAccountAuthorizationDetails)).answer;
    expect(RoleDetailList).toEqual([
      {
        Path: '/',
        RoleName: 'Web',
        RoleId: expect.stringMatching(/^AROA/),
        Arn: 'arn:aws:iam::123456789012:role/Web',
        CreateDate: expect.any(Date),
        AssumeRolePolicyDocument: trust,
        InstanceProfileList: [expect.objectContaining({ InstanceProfileName: 'Front', Roles: [expect.objectContaining({ RoleName: 'Web' })] })],
        RolePolicyList: [{ PolicyName: 'r', PolicyDocument: policy }],
        AttachedManagedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: administrator }],
        Tags: [{ Key: 'c', Value: 'd' }],
        RoleLastUsed: { LastUsedDate: new Date(createDate), Region: 'eu-west-1' },
      },
    ]);
  });

  it('shows the policies of the account, and those of AWS that are in use, with the documents of all versions', async () => {
    const { Policies } = (await (await furnished()).when(getAccountAuthorizationDetails)).answer;
    expect(Policies).toMatchObject([
      {
        PolicyName: 'Own',
        PolicyId: 'ANPAOWN',
        Arn: own,
        DefaultVersionId: 'v1',
        AttachmentCount: 1,
        PermissionsBoundaryUsageCount: 0,
        IsAttachable: true,
        PolicyVersionList: [
          { VersionId: 'v2', IsDefaultVersion: false, Document: trust, CreateDate: new Date(createDate) },
          { VersionId: 'v1', IsDefaultVersion: true, Document: policy, CreateDate: new Date(createDate) },
        ],
      },
      {
        PolicyName: 'AdministratorAccess',
        PolicyId: expect.stringMatching(/^ANPA/),
        Arn: administrator,
        AttachmentCount: 1,
        PermissionsBoundaryUsageCount: 1,
      },
    ]);
    expect(Policies[1]!.PolicyVersionList![0]!.Document).toContain('"Statement"');
  });

  it('shows what an import brought of AWS rather than what is built in', async () => {
    const scenario = (await furnished()).given({
      type: 'AwsManagedPolicyImported',
      data: {
        policyName: 'AdministratorAccess',
        policyId: 'ANPAIMPORTED',
        arn: administrator,
        path: '/',
        description: undefined,
        createDate,
        updateDate: createDate,
        defaultVersionId: 'v7',
        versions: [{ versionId: 'v7', createDate, policyDocument: policy }],
      },
    });
    const { Policies } = (await scenario.when(getAccountAuthorizationDetails, { Filter: ['AWSManagedPolicy'] })).answer;
    expect(Policies).toMatchObject([{ PolicyId: 'ANPAIMPORTED', PolicyVersionList: [{ VersionId: 'v7' }] }]);
  });

  it('shows only what the filter names; an empty filter names everything', async () => {
    const scenario = await furnished();
    const countsOf = async (Filter: string[]) => {
      const { UserDetailList, GroupDetailList, RoleDetailList, Policies } = (await scenario.when(getAccountAuthorizationDetails, { Filter })).answer;
      return [UserDetailList, GroupDetailList, RoleDetailList, Policies].map((list) => list.length);
    };
    expect(await countsOf([])).toEqual([2, 1, 1, 2]);
    expect(await countsOf(['User'])).toEqual([2, 0, 0, 0]);
    expect(await countsOf(['Role', 'Group'])).toEqual([0, 1, 1, 0]);
    expect(await countsOf(['LocalManagedPolicy'])).toEqual([0, 0, 0, 1]);
    expect(await countsOf(['AWSManagedPolicy'])).toEqual([0, 0, 0, 1]);
    expect(await scenario.refusal(getAccountAuthorizationDetails, { Filter: ['Users'] })).toContain('enum value set');
  });

  it('pages over users, groups, roles and policies as over one list, whatever is deleted meanwhile', async () => {
    const scenario = await furnished();
    const names: (string | undefined)[] = [];
    let Marker: string | undefined;
    for (let pages = 0; pages < 10; pages++) {
      const { answer } = await scenario.when(getAccountAuthorizationDetails, { MaxItems: 1, ...(Marker === undefined ? {} : { Marker }) });
      names.push(
        ...answer.UserDetailList.map((user) => user.UserName),
        ...answer.GroupDetailList.map((group) => group.GroupName),
        ...answer.RoleDetailList.map((role) => role.RoleName),
        ...answer.Policies.map((one) => one.PolicyName),
      );
      if (names.at(-1) === 'alice') scenario.given({ type: 'UserDeleted', data: { userName: 'alice', userId: 'x', path: '/' } });
      if (names.at(-1) === 'Team') scenario.given({ type: 'GroupDeleted', data: { groupName: 'Team', groupId: 'x', path: '/' } });
      ({ Marker } = answer);
      expect(answer.IsTruncated).toBe(Marker !== undefined);
      if (Marker === undefined) break;
    }
    expect(names).toEqual(['alice', 'Bob', 'Team', 'Web', 'Own', 'AdministratorAccess']);
  });

  it('refuses a marker of another filter', async () => {
    const scenario = await furnished();
    const { Marker } = (await scenario.when(getAccountAuthorizationDetails, { MaxItems: 1 })).answer;
    expect(await scenario.refusal(getAccountAuthorizationDetails, { Filter: ['User'], Marker: Marker! })).toBe('ValidationError: Invalid Marker.');
  });
});
