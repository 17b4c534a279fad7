import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import type { AccountEvent } from '../events.ts';
import { simulatePrincipalPolicy, type SimulatePrincipalPolicy } from './simulate-principal-policy.ts';

const statement = (effect: string, action: string, more: object = {}) => ({ Effect: effect, Action: action, Resource: '*', ...more });
const allow = (action: string, more: object = {}): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement('Allow', action, more)] });
const deny = (action: string): string => JSON.stringify({ Version: '2012-10-17', Statement: [statement('Deny', action)] });
const trusting = (AWS: string, more: object = {}): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole', ...more }] });

const time = '2026-01-01T00:00:00Z';
const readersArn = 'arn:aws:iam::123456789012:policy/team/Readers';
const bob = 'arn:aws:iam::123456789012:user/team/Bob';
const staff = 'arn:aws:iam::123456789012:group/Staff';
const deploy = 'arn:aws:iam::123456789012:role/ops/Deploy';

const role = (roleName: string, path: string, assumeRolePolicyDocument: string, trustedPrincipalIds: Record<string, string> = {}): AccountEvent => ({
  type: 'RoleCreated',
  data: {
    roleName,
    roleId: `AROA${roleName.toUpperCase()}`,
    path,
    createDate: time,
    maxSessionDuration: 3600,
    assumeRolePolicyDocument,
    trustedPrincipalIds,
    tags: [{ Key: 'stage', Value: 'prod' }],
  },
});

const setUp: readonly AccountEvent[] = [
  {
    type: 'PolicyCreated',
    data: {
      policyName: 'Readers',
      policyId: 'ANPAREADERS',
      policyArn: readersArn,
      path: '/team/',
      createDate: time,
      policyDocument: allow('s3:GetObject'),
      tags: [],
    },
  },
  { type: 'UserCreated', data: { userName: 'Bob', userId: 'AIDABOB', path: '/team/', createDate: time, tags: [{ Key: 'team', Value: 'blue' }] } },
  { type: 'GroupCreated', data: { groupName: 'Staff', groupId: 'AGPASTAFF', path: '/', createDate: time } },
  { type: 'UserAddedToGroup', data: { groupName: 'Staff', userName: 'Bob' } },
  { type: 'UserPolicyPut', data: { userName: 'Bob', policyName: 'Own', policyDocument: allow('s3:PutObject') } },
  { type: 'UserPolicyAttached', data: { userName: 'Bob', policyArn: readersArn } },
  { type: 'UserPolicyAttached', data: { userName: 'Bob', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' } },
  { type: 'GroupPolicyPut', data: { groupName: 'Staff', policyName: 'Shared', policyDocument: allow('sqs:SendMessage') } },
  role('Deploy', '/ops/', trusting(bob)),
  { type: 'RolePolicyPut', data: { roleName: 'Deploy', policyName: 'Ship', policyDocument: allow('ecs:UpdateService') } },
];

const scenarioWith = (...events: readonly AccountEvent[]): Scenario => new Scenario().given(...setUp, ...events);
const withoutAdministrator = { PolicyExclusionList: [{ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }] };

async function simulate(scenario: Scenario, input: Partial<SimulatePrincipalPolicy>) {
  return (await scenario.when(simulatePrincipalPolicy, { PolicySourceArn: bob, ...withoutAdministrator, ...input })).answer.EvaluationResults[0]!;
}

describe('SimulatePrincipalPolicy', () => {
  it("takes a user's inline and attached policies and its groups', and calls them by AWS's names", async () => {
    const scenario = scenarioWith();
    const sourcesOf = async (action: string, input: Partial<SimulatePrincipalPolicy> = {}) => {
      const result = await simulate(scenario, { ActionNames: [action], ...input });
      return result.MatchedStatements!.map((matched) => [matched.SourcePolicyId, matched.SourcePolicyType]);
    };
    expect(await sourcesOf('s3:PutObject')).toEqual([['user_Bob_Own', 'user']]);
    expect(await sourcesOf('s3:GetObject')).toEqual([['Readers', 'user-managed']]);
    expect(await sourcesOf('sqs:SendMessage')).toEqual([['group_Staff_Shared', 'group']]);
    expect(await sourcesOf('ec2:RunInstances', { PolicyExclusionList: [] })).toEqual([['AdministratorAccess', 'aws-managed']]);
    expect(await sourcesOf('ecs:UpdateService', { PolicySourceArn: deploy })).toEqual([['role_Deploy_Ship', 'role']]);
    expect(await sourcesOf('sqs:SendMessage', { PolicySourceArn: staff })).toEqual([['group_Staff_Shared', 'group']]);
    expect(await sourcesOf('sns:Publish', { PolicyInputList: [allow('sns:*')] })).toEqual([['PolicyInputList.1', 'none']]);
    expect(await sourcesOf('sns:Publish')).toEqual([]);
  });

  it("knows the principal's own context", async () => {
    const scenario = scenarioWith();
    const decisionUnder = async (condition: object, PolicySourceArn = bob) =>
      (await simulate(scenario, { PolicySourceArn, ActionNames: ['sns:Publish'], PolicyInputList: [allow('sns:*', { Condition: condition })] }))
        .EvalDecision;
    const isBob = {
      'aws:username': 'Bob',
      'aws:userid': 'AIDABOB',
      'aws:PrincipalArn': bob,
      'aws:PrincipalType': 'User',
      'aws:PrincipalAccount': '123456789012',
      'aws:PrincipalTag/team': 'blue',
    };
    expect(await decisionUnder({ StringEquals: isBob })).toBe('allowed');
    const isDeploy = { 'aws:PrincipalArn': deploy, 'aws:PrincipalType': 'AssumedRole', 'aws:PrincipalTag/stage': 'prod' };
    expect(await decisionUnder({ StringEquals: isDeploy, StringLike: { 'aws:userid': 'AROADEPLOY:*' } }, deploy)).toBe('allowed');
    expect(await decisionUnder({ Null: { 'aws:username': 'true' } }, staff)).toBe('allowed');
  });

  it("knows the tags of the account's own resources, unless others are given", async () => {
    const tagged = (key: string, value: string) => allow('iam:*', { Condition: { StringEquals: { [key]: value } } });
    const decisionOn = async (ResourceArns: string[], policy: string, more: Partial<SimulatePrincipalPolicy> = {}) =>
      await simulate(scenarioWith(), { ActionNames: ['iam:GetRole'], ResourceArns, PolicyInputList: [policy], ...more });
    const aws = tagged('aws:ResourceTag/stage', 'prod');
    expect(await decisionOn([deploy], aws)).toMatchObject({ EvalDecision: 'allowed', MissingContextValues: [] });
    expect(await decisionOn([deploy], tagged('iam:ResourceTag/stage', 'prod'))).toMatchObject({ EvalDecision: 'allowed' });
    expect(await decisionOn([bob], tagged('aws:ResourceTag/team', 'blue'))).toMatchObject({ EvalDecision: 'allowed' });
    expect(await decisionOn([bob], aws)).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['aws:ResourceTag/stage'] });
    expect(await decisionOn([deploy, bob], aws)).toMatchObject({
      EvalDecision: 'implicitDeny',
      ResourceSpecificResults: [{ EvalResourceDecision: 'allowed' }, { EvalResourceDecision: 'implicitDeny' }],
    });
    const entry = { ContextKeyName: 'aws:resourcetag/STAGE', ContextKeyType: 'string', ContextKeyValues: ['test'] };
    expect(await decisionOn([deploy], aws, { ContextEntries: [entry] })).toMatchObject({ EvalDecision: 'implicitDeny' });
  });

  it("holds the principal's boundary, unless another is tried or it is left out", async () => {
    const scenario = scenarioWith({ type: 'UserPermissionsBoundaryPut', data: { userName: 'Bob', permissionsBoundary: readersArn } });
    const put = { ActionNames: ['s3:PutObject'] };
    expect(await simulate(scenario, put)).toMatchObject({
      EvalDecision: 'implicitDeny',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    });
    expect(await simulate(scenario, { ...put, PermissionsBoundaryPolicyInputList: [allow('s3:*')] })).toMatchObject({
      EvalDecision: 'allowed',
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true },
    });
    const without = await simulate(scenario, {
      ...put,
      PolicyExclusionList: [...withoutAdministrator.PolicyExclusionList, { PolicyType: 'permission-boundary' }],
    });
    expect(without).not.toHaveProperty('PermissionsBoundaryDecisionDetail');
    expect(without.EvalDecision).toBe('allowed');
  });

  it('is authorized on the principal, and refuses one who is not there', async () => {
    const scenario = scenarioWith();
    const command = Object.assign(new simulatePrincipalPolicy.command(), { PolicySourceArn: bob.replace('Bob', 'bOb') });
    expect(simulatePrincipalPolicy.declaration.resource(command, scenario.account, scenario.call())).toBe(bob);
    const ActionNames = ['s3:GetObject'];
    expect(await scenario.refusal(simulatePrincipalPolicy, { PolicySourceArn: `${bob}by`, ActionNames })).toBe(
      `NoSuchEntity: The user with ARN ${bob}by cannot be found.`,
    );
    expect(await scenario.refusal(simulatePrincipalPolicy, { PolicySourceArn: 'arn:aws:iam::123456789012:root', ActionNames })).toContain(
      'InvalidInput',
    );
  });

  it('needs a caller for a resource policy where the principal is a group', async () => {
    const ResourcePolicy = allow('s3:GetObject', { Principal: '*' });
    const input = { PolicySourceArn: staff, ActionNames: ['s3:GetObject'], ResourcePolicy };
    expect(await scenarioWith().refusal(simulatePrincipalPolicy, input)).toContain('InvalidInput: CallerArn is required');
    expect((await simulate(scenarioWith(), { ...input, CallerArn: bob })).EvalDecision).toBe('allowed');
  });
});

describe('what a simulation of a principal leaves out', () => {
  const decisionWithout = async (action: string, ...PolicyExclusionList: NonNullable<SimulatePrincipalPolicy['PolicyExclusionList']>) =>
    (await simulate(scenarioWith(), { ActionNames: [action], PolicyExclusionList })).EvalDecision;
  const administrator = { PolicyType: 'aws-managed' } as const;

  it('is named by type', async () => {
    expect(await decisionWithout('s3:GetObject')).toBe('allowed');
    expect(await decisionWithout('s3:GetObject', administrator)).toBe('allowed');
    expect(await decisionWithout('s3:GetObject', administrator, { PolicyType: 'user-managed' })).toBe('implicitDeny');
    expect(await decisionWithout('s3:PutObject', administrator, { PolicyType: 'user-managed' })).toBe('allowed');
    expect(await decisionWithout('s3:PutObject', administrator, { PolicyType: 'inline' })).toBe('implicitDeny');
    expect(await decisionWithout('sqs:SendMessage', administrator, { PolicyType: 'inline' })).toBe('implicitDeny');
    expect(await decisionWithout('s3:GetObject', { PolicyType: 'scp' }, { PolicyType: 'rcp' })).toBe('allowed');
  });

  it('is named by ARN, with wildcards in the name of the policy', async () => {
    expect(await decisionWithout('s3:GetObject', administrator, { PolicyArn: readersArn })).toBe('implicitDeny');
    expect(await decisionWithout('s3:GetObject', administrator, { PolicyArn: 'arn:aws:iam::123456789012:policy/team/R?ad*' })).toBe('implicitDeny');
    expect(await decisionWithout('s3:GetObject', administrator, { PolicyArn: 'arn:aws:iam::123456789012:policy/Readers' })).toBe('allowed');
  });

  it('is named by an inline policy and who has it', async () => {
    const identifier = (AttachmentType: 'user' | 'group' | 'role', AttachmentName: string, PolicyName: string) => ({
      InlinePolicyIdentifier: { AttachmentType, AttachmentName, PolicyName },
    });
    expect(await decisionWithout('s3:PutObject', administrator, identifier('user', 'bob', 'own'))).toBe('implicitDeny');
    expect(await decisionWithout('s3:PutObject', administrator, identifier('group', 'Bob', 'Own'))).toBe('allowed');
    expect(await decisionWithout('sqs:SendMessage', administrator, identifier('group', 'Staff', 'Shared'))).toBe('implicitDeny');
  });

  it.each([
    [{}],
    [{ PolicyType: 'inline' as const, PolicyArn: readersArn }],
    [{ PolicyArn: 'arn:aws:iam::*:policy/Readers' }],
    [{ PolicyArn: 'arn:aws:iam::123456789012:policy/*e*' }],
    [{ PolicyArn: 'arn:aws:iam::123456789012:user/Readers' }],
    [{ PolicyArn: 'arn:aws:iam::123456789012:policy/' }],
    [{ PolicyArn: 'no arn, though long enough' }],
  ])('may not be %j', async (identifier) => {
    expect(
      await scenarioWith().refusal(simulatePrincipalPolicy, {
        PolicySourceArn: bob,
        ActionNames: ['s3:GetObject'],
        PolicyExclusionList: [identifier],
      }),
    ).toContain('InvalidInput: ');
  });
});

describe('assuming a role in a simulation', () => {
  const assume = { ActionNames: ['sts:AssumeRole'], PolicyInputList: [allow('sts:AssumeRole')] };
  const decisionOn = async (scenario: Scenario, resource: string, input: Partial<SimulatePrincipalPolicy> = {}) =>
    (await simulate(scenario, { ...assume, ResourceArns: [resource], ...input })).EvalDecision;
  const rolesArn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

  it('asks the trust policy of the role', async () => {
    const scenario = scenarioWith(
      role('Open', '/', trusting('123456789012')),
      role('Closed', '/', trusting('999999999999')),
      role('Guarded', '/', trusting(bob, { Condition: { StringEquals: { 'sts:ExternalId': 'sesame' } } })),
    );
    expect(await decisionOn(scenario, rolesArn('Open'))).toBe('allowed');
    expect(await decisionOn(scenario, rolesArn('Open'), { PolicyInputList: [] })).toBe('implicitDeny');
    expect(await decisionOn(scenario, rolesArn('Closed'))).toBe('implicitDeny');
    expect(await decisionOn(scenario, deploy, { PolicyInputList: [] })).toBe('allowed');
    expect(await decisionOn(scenario, deploy, { PolicyInputList: [deny('sts:AssumeRole')] })).toBe('explicitDeny');
    const guarded = await simulate(scenario, { ...assume, ResourceArns: [rolesArn('Guarded')] });
    expect(guarded).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['sts:ExternalId'] });
    const ContextEntries = [{ ContextKeyName: 'sts:ExternalId', ContextKeyType: 'string', ContextKeyValues: ['sesame'] }];
    expect(await decisionOn(scenario, rolesArn('Guarded'), { ContextEntries })).toBe('allowed');
  });

  it('names the statement of the trust policy', async () => {
    const result = await simulate(scenarioWith(), { ...assume, PolicyInputList: [], ResourceArns: [deploy] });
    expect(result.MatchedStatements).toEqual([expect.objectContaining({ SourcePolicyId: 'role_Deploy_trust', SourcePolicyType: 'resource' })]);
  });

  it('does not take a user for the one who had its name when the role was made', async () => {
    const scenario = scenarioWith(
      role('Meant', '/', trusting(bob), { [bob]: 'AIDABOB' }),
      role('Former', '/', trusting(bob), { [bob]: 'AIDAFORMERBOB' }),
    );
    expect(await decisionOn(scenario, rolesArn('Meant'))).toBe('allowed');
    expect(await decisionOn(scenario, rolesArn('Former'))).toBe('implicitDeny');
  });

  it("leaves it to the caller's own policies where the role is not here", async () => {
    for (const resource of [rolesArn('Nowhere'), 'arn:aws:iam::999999999999:role/Theirs', '*']) {
      const result = await simulate(scenarioWith(), { ...assume, ResourceArns: [resource] });
      expect(result.EvalDecision).toBe('allowed');
      expect(result.MatchedStatements).toHaveLength(1);
      expect(await decisionOn(scenarioWith(), resource, { PolicyInputList: [] })).toBe('implicitDeny');
    }
  });
});
