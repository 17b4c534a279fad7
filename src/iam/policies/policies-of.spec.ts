import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { decide, RequestContext, type Outcome } from '../../../libs/policy/index.ts';
import type { AccountEvent } from '../events.ts';
import { changePasswordPolicyId, policiesOfGroup, policiesOfRole, policiesOfUser, trustPolicyOf } from './policies-of.ts';

const allow = (Action: string): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const policyArn = 'arn:aws:iam::123456789012:policy/Readers';
const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}]}';

const setUp: readonly AccountEvent[] = [
  {
    type: 'PolicyCreated',
    data: {
      policyName: 'Readers',
      policyId: 'ANPAREADERS',
      policyArn,
      path: '/',
      createDate: '2026-01-01T00:00:00Z',
      policyDocument: allow('s3:GetObject'),
      tags: [],
    },
  },
  { type: 'UserCreated', data: { userName: 'Bob', userId: 'AIDABOB', path: '/', createDate: '2026-01-01T00:00:00Z', tags: [] } },
  { type: 'UserCreated', data: { userName: 'Eve', userId: 'AIDAEVE', path: '/', createDate: '2026-01-01T00:00:00Z', tags: [] } },
  { type: 'GroupCreated', data: { groupName: 'Admins', groupId: 'AGPAADMINS', path: '/', createDate: '2026-01-01T00:00:00Z' } },
  { type: 'UserAddedToGroup', data: { groupName: 'Admins', userName: 'Bob' } },
  { type: 'UserPolicyPut', data: { userName: 'Bob', policyName: 'Own', policyDocument: allow('s3:PutObject') } },
  { type: 'UserPolicyAttached', data: { userName: 'Bob', policyArn } },
  { type: 'GroupPolicyPut', data: { groupName: 'Admins', policyName: 'Shared', policyDocument: allow('iam:ListUsers') } },
  {
    type: 'RoleCreated',
    data: {
      roleName: 'Deploy',
      roleId: 'AROADEPLOY',
      path: '/',
      createDate: '2026-01-01T00:00:00Z',
      maxSessionDuration: 3600,
      assumeRolePolicyDocument: trust,
      trustedPrincipalIds: {},
      tags: [],
    },
  },
  { type: 'RolePolicyAttached', data: { roleName: 'Deploy', policyArn } },
];

const scenarioWith = (...events: readonly AccountEvent[]): Scenario => new Scenario().given(...setUp, ...events);
const ofBob = ({ account }: Scenario) => policiesOfUser(account, account.users.get('bob')!);
const ofDeploy = ({ account }: Scenario) => policiesOfRole(account, account.roles.get('deploy')!);
const newVersion: AccountEvent = {
  type: 'PolicyVersionCreated',
  data: {
    policyArn,
    versionId: 'v2',
    policyDocument: allow('s3:*'),
    createDate: '2026-01-02T00:00:00Z',
    isDefaultVersion: true,
    previousDefaultVersionId: 'v1',
  },
};

function mayBob(scenario: Scenario, action: string, resource = '*'): Outcome {
  const principal = { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/Bob', accountId: '123456789012', partition: 'aws' } as const;
  return decide(
    { principal, action, resource, resourceAccountId: '123456789012', context: RequestContext.of({ 'aws:username': 'Bob' }) },
    ofBob(scenario),
  );
}

describe('the policies of a principal', () => {
  it("are a user's own, inline and attached, and its groups'", () => {
    const scenario = scenarioWith();
    expect(ofBob(scenario).identity.map(({ id }) => id)).toEqual(['user/Bob/inline/Own', policyArn, 'group/Admins/inline/Shared']);
    expect(ofBob(scenario).boundary).toBeUndefined();
    expect(policiesOfGroup(scenario.account, scenario.account.groups.get('admins')!).identity.map(({ id }) => id)).toEqual([
      'group/Admins/inline/Shared',
    ]);
    expect(ofDeploy(scenario).identity.map(({ id }) => id)).toEqual([policyArn]);
  });

  it('hold the boundary of users and roles', () => {
    const scenario = scenarioWith(
      { type: 'UserPermissionsBoundaryPut', data: { userName: 'Bob', permissionsBoundary: policyArn } },
      { type: 'RolePermissionsBoundaryPut', data: { roleName: 'Deploy', permissionsBoundary: policyArn } },
    );
    expect(ofBob(scenario).boundary).toMatchObject({ id: policyArn, policy: { kind: 'boundary' } });
    expect(ofDeploy(scenario).boundary).toMatchObject({ id: policyArn, policy: { kind: 'boundary' } });
    expect(mayBob(scenario, 's3:GetObject')).toBe('Allowed');
    expect(mayBob(scenario, 's3:PutObject')).toBe('ImplicitlyDenied');
  });

  it('are the same object while nothing about them changes, whatever else does', () => {
    const scenario = scenarioWith();
    const [bob, deploy] = [ofBob(scenario), ofDeploy(scenario)];
    scenario.given(
      { type: 'UserDeleted', data: { userName: 'Eve', userId: 'AIDAEVE', path: '/' } },
      { type: 'GroupCreated', data: { groupName: 'Others', groupId: 'AGPAOTHERS', path: '/', createDate: '2026-01-01T00:00:00Z' } },
      { type: 'PolicyTagged', data: { policyArn, tags: [{ Key: 'a', Value: 'b' }], previousTags: [] } },
    );
    expect(ofBob(scenario)).toBe(bob);
    expect(ofDeploy(scenario)).toBe(deploy);
  });

  it('follow a managed policy to its new default version, and an older account keeps the older one', () => {
    const scenario = scenarioWith();
    const before = scenario.account;
    expect(mayBob(scenario, 's3:DeleteObject')).toBe('ImplicitlyDenied');
    scenario.given(newVersion);
    expect(mayBob(scenario, 's3:DeleteObject')).toBe('Allowed');
    expect(ofDeploy(scenario).identity[0]!.policy.document.text).toBe(allow('s3:*'));
    scenario.account = before;
    expect(mayBob(scenario, 's3:DeleteObject')).toBe('ImplicitlyDenied');
    expect(ofDeploy(scenario).identity[0]!.policy.document.text).toBe(allow('s3:GetObject'));
  });

  it('follow a boundary to its new default version', () => {
    const scenario = scenarioWith({ type: 'UserPermissionsBoundaryPut', data: { userName: 'Bob', permissionsBoundary: policyArn } });
    expect(mayBob(scenario, 's3:PutObject')).toBe('ImplicitlyDenied');
    scenario.given(newVersion);
    expect(mayBob(scenario, 's3:PutObject')).toBe('Allowed');
  });

  it('follow the groups: a policy put into one, a policy taken out, a new name, a user who leaves', () => {
    const scenario = scenarioWith();
    expect(mayBob(scenario, 'iam:GetUser')).toBe('ImplicitlyDenied');
    scenario.given({ type: 'GroupPolicyPut', data: { groupName: 'Admins', policyName: 'More', policyDocument: allow('iam:GetUser') } });
    expect(mayBob(scenario, 'iam:GetUser')).toBe('Allowed');
    scenario.given({ type: 'GroupUpdated', data: { groupName: 'Admins', path: '/', newGroupName: 'Chiefs', newPath: '/' } });
    expect(ofBob(scenario).identity.map(({ id }) => id)).toContain('group/Chiefs/inline/More');
    scenario.given({ type: 'GroupPolicyDeleted', data: { groupName: 'Chiefs', policyName: 'More', policyDocument: allow('iam:GetUser') } });
    expect(mayBob(scenario, 'iam:GetUser')).toBe('ImplicitlyDenied');
    expect(mayBob(scenario, 'iam:ListUsers')).toBe('Allowed');
    scenario.given({ type: 'UserRemovedFromGroup', data: { groupName: 'Chiefs', userName: 'Bob' } });
    expect(mayBob(scenario, 'iam:ListUsers')).toBe('ImplicitlyDenied');
  });

  it("grant every user the change of its own password where the account's password policy says so, and no other's", () => {
    const scenario = scenarioWith();
    const [own, other] = ['arn:aws:iam::123456789012:user/team/Bob', 'arn:aws:iam::123456789012:user/Eve'];
    expect(mayBob(scenario, 'iam:ChangePassword', own)).toBe('ImplicitlyDenied');
    const policy = {
      minimumPasswordLength: 8,
      requireSymbols: false,
      requireNumbers: false,
      requireUppercaseCharacters: false,
      requireLowercaseCharacters: false,
      allowUsersToChangePassword: true,
      hardExpiry: false,
    };
    scenario.given({ type: 'AccountPasswordPolicyUpdated', data: policy });
    expect(ofBob(scenario).identity.at(-1)!.id).toBe(changePasswordPolicyId);
    expect(mayBob(scenario, 'iam:ChangePassword', own)).toBe('Allowed');
    expect(mayBob(scenario, 'iam:ChangePassword', other)).toBe('ImplicitlyDenied');
    expect(mayBob(scenario, 'iam:GetAccountPasswordPolicy')).toBe('Allowed');
    expect(ofDeploy(scenario).identity.map(({ id }) => id)).not.toContain(changePasswordPolicyId);
    scenario.given({ type: 'AccountPasswordPolicyDeleted', data: {} });
    expect(mayBob(scenario, 'iam:ChangePassword', own)).toBe('ImplicitlyDenied');
  });

  it('deny everything where a stored document can not be read, or an attached policy is not there', () => {
    const everything = scenarioWith({ type: 'UserPolicyPut', data: { userName: 'Bob', policyName: 'All', policyDocument: allow('*') } });
    expect(mayBob(everything, 's3:GetObject')).toBe('Allowed');
    everything.given({ type: 'UserPolicyPut', data: { userName: 'Bob', policyName: 'Broken', policyDocument: '{"Statement":' } });
    expect(mayBob(everything, 's3:GetObject')).toBe('ExplicitlyDenied');
    const unknown = scenarioWith({ type: 'UserPolicyAttached', data: { userName: 'Bob', policyArn: 'arn:aws:iam::aws:policy/NotThereQuarantine' } });
    expect(mayBob(unknown, 's3:GetObject')).toBe('ExplicitlyDenied');
    const bounded = scenarioWith({
      type: 'UserPermissionsBoundaryPut',
      data: { userName: 'Bob', permissionsBoundary: 'arn:aws:iam::123456789012:policy/Gone' },
    });
    expect(mayBob(bounded, 's3:GetObject')).toBe('ExplicitlyDenied');
  });

  it("include a role's trust policy, which denies where it can not be read", () => {
    const { account } = scenarioWith();
    expect(trustPolicyOf(account.roles.get('deploy')!)).toMatchObject({ id: 'role/Deploy/trust', policy: { kind: 'trust' } });
    const broken = { ...account.roles.get('deploy')!, assumeRolePolicyDocument: '' };
    expect(trustPolicyOf(broken).policy.statements.map(({ allows }) => allows)).toEqual([false]);
  });
});
