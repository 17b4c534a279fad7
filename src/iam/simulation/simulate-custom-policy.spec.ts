import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { simulateCustomPolicy, type SimulateCustomPolicy } from './simulate-custom-policy.ts';
import { statementsPerPageMax } from './simulate.ts';

interface Draft {
  readonly Effect?: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: object;
  readonly Principal?: unknown;
}

const policy = (...statements: readonly Draft[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement })) });

const bucket = 'arn:aws:s3:::bucket/a';
const caller = 'arn:aws:iam::123456789012:user/Bob';
const base = { PolicyInputList: [policy({ Action: 's3:Get*', Resource: 'arn:aws:s3:::bucket/*' })], ActionNames: ['s3:GetObject'] };

async function simulate(input: Partial<SimulateCustomPolicy>) {
  const { answer } = await new Scenario().when(simulateCustomPolicy, { ...base, ...input });
  return answer.EvaluationResults;
}
const refusal = (input: Partial<SimulateCustomPolicy>): Promise<string> => new Scenario().refusal(simulateCustomPolicy, { ...base, ...input });

describe('SimulateCustomPolicy', () => {
  it('tells for each action and resource what is decided, and by which statement at which place', async () => {
    const [result] = await simulate({ PolicyInputList: [policy({ Action: 'ec2:*' }), '\n' + base.PolicyInputList[0]!], ResourceArns: [bucket] });
    const matched = [
      {
        SourcePolicyId: 'PolicyInputList.2',
        SourcePolicyType: 'none',
        StartPosition: { Line: 2, Column: 38 },
        EndPosition: { Line: 2, Column: expect.any(Number) },
      },
    ];
    expect(result).toEqual({
      EvalActionName: 's3:GetObject',
      EvalResourceName: bucket,
      EvalDecision: 'allowed',
      MatchedStatements: matched,
      MissingContextValues: [],
      EvalDecisionDetails: {},
      ResourceSpecificResults: [
        { EvalResourceName: bucket, EvalResourceDecision: 'allowed', MatchedStatements: matched, MissingContextValues: [], EvalDecisionDetails: {} },
      ],
    });
    const text = '\n' + base.PolicyInputList[0]!;
    const { StartPosition: start, EndPosition: end } = result!.MatchedStatements![0]!;
    const line = text.split('\n')[start!.Line! - 1]!;
    expect(JSON.parse(line.slice(start!.Column! - 1, end!.Column! - 1))).toEqual({
      Effect: 'Allow',
      Action: 's3:Get*',
      Resource: 'arn:aws:s3:::bucket/*',
    });
  });

  it('stands for all resources where none is named, without results per resource', async () => {
    const [result] = await simulate({ PolicyInputList: [policy({ Action: 's3:*' })] });
    expect(result).toEqual({
      EvalActionName: 's3:GetObject',
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      MatchedStatements: [expect.anything()],
      MissingContextValues: [],
    });
    expect(await simulate({ PolicyInputList: [policy({ Action: 's3:*' })], ResourceArns: ['*'] })).toEqual([result]);
    expect((await simulate({}))[0]).toMatchObject({ EvalDecision: 'implicitDeny', MatchedStatements: [] });
  });

  it('sums up the resources of an action by the most restrictive decision', async () => {
    const PolicyInputList = [
      policy(
        { Action: 's3:*', Resource: 'arn:aws:s3:::bucket/*' },
        { Effect: 'Deny', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/secret' },
      ),
    ];
    const [a, secret, other] = [bucket, 'arn:aws:s3:::bucket/secret', 'arn:aws:s3:::other/a'];
    const decisionOn = async (...ResourceArns: string[]) => (await simulate({ PolicyInputList, ResourceArns }))[0]!.EvalDecision;
    expect(await decisionOn(a)).toBe('allowed');
    expect(await decisionOn(a, other)).toBe('implicitDeny');
    expect(await decisionOn(other, secret, a)).toBe('explicitDeny');
    const [result] = await simulate({ PolicyInputList, ResourceArns: [a, secret, other, a] });
    expect(result!.EvalResourceName).toBe('*');
    expect(
      result!.ResourceSpecificResults!.map((each) => [each.EvalResourceName, each.EvalResourceDecision, each.MatchedStatements!.length]),
    ).toEqual([
      [a, 'allowed', 1],
      [secret, 'explicitDeny', 1],
      [other, 'implicitDeny', 0],
    ]);
    expect(result!.MatchedStatements).toHaveLength(2);
  });

  it('names the deny alone where a deny decides', async () => {
    const [result] = await simulate({ PolicyInputList: [policy({ Action: '*' }), policy({ Effect: 'Deny', Action: 's3:GetObject' })] });
    expect(result).toMatchObject({ EvalDecision: 'explicitDeny', MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.2' }] });
  });

  it('says whether the permissions boundary allows', async () => {
    const within = await simulate({ PermissionsBoundaryPolicyInputList: [policy({ Action: 's3:*' })], ResourceArns: [bucket] });
    expect(within[0]).toMatchObject({ EvalDecision: 'allowed', PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true } });
    const beyond = await simulate({ PermissionsBoundaryPolicyInputList: [policy({ Action: 'ec2:*' })], ResourceArns: [bucket] });
    expect(beyond[0]).toMatchObject({ EvalDecision: 'implicitDeny', PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } });
    expect(beyond[0]!.ResourceSpecificResults![0]).toMatchObject({ PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } });
    expect(await refusal({ PermissionsBoundaryPolicyInputList: [policy({ Action: 's3:*' }), policy({ Action: 's3:*' })] })).toBe(
      'InvalidInput: Only one permissions boundary policy can be simulated.',
    );
  });

  it('asks every level of an organization, and shows neither its statements nor its keys', async () => {
    const all = policy({ Action: '*' });
    const secret = policy(
      { Effect: 'Deny', Action: 's3:GetObject', Condition: { StringEquals: { 'aws:RequestedRegion': 'mars' } } },
      { Action: '*' },
    );
    const level = (...documents: string[]) => ({ ServiceControlPolicyInputList: documents });
    expect((await simulate({ ResourceArns: [bucket], OrderedOrganizationPolicyInputList: [level(all), level(secret)] }))[0]).toMatchObject({
      EvalDecision: 'allowed',
      OrganizationsDecisionDetail: { AllowedByOrganizations: true },
      MissingContextValues: [],
    });
    const denied = (
      await simulate({ ResourceArns: [bucket], OrderedOrganizationPolicyInputList: [level(all), level(policy({ Action: 'ec2:*' }))] })
    )[0]!;
    expect(denied).toMatchObject({ EvalDecision: 'implicitDeny', OrganizationsDecisionDetail: { AllowedByOrganizations: false } });
    expect(denied).not.toHaveProperty('EvalDecisionDetails');
    expect(await refusal({ OrderedOrganizationPolicyInputList: [level(all), {}] })).toContain(
      'OrderedOrganizationPolicyInputList.2.ServiceControlPolicyInputList needs at least one',
    );
    expect(await refusal({ OrderedOrganizationPolicyInputList: Array.from({ length: 8 }, () => level(all)) })).toContain(
      'Member must have length less than or equal to 7',
    );
  });
});

describe('the context of a simulation', () => {
  const conditional = (Condition: object): string[] => [policy({ Action: 's3:*', Condition })];

  it('takes the entries, and says which keys are missing', async () => {
    const PolicyInputList = conditional({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, StringEquals: { 's3:prefix': 'home/' } });
    expect((await simulate({ PolicyInputList }))[0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:SourceIp', 's3:prefix'],
    });
    const ContextEntries = [
      { ContextKeyName: 'AWS:SourceIP', ContextKeyType: 'ip', ContextKeyValues: ['192.0.2.7'] },
      { ContextKeyName: 's3:prefix', ContextKeyType: 'string', ContextKeyValues: ['home/'] },
    ];
    expect((await simulate({ PolicyInputList, ContextEntries }))[0]).toMatchObject({ EvalDecision: 'allowed', MissingContextValues: [] });
    expect((await simulate({ PolicyInputList, ContextEntries, ResourceArns: [bucket] }))[0]!.ResourceSpecificResults![0]).toMatchObject({
      MissingContextValues: [],
    });
  });

  it("knows the time of the call, unless it is told another, and the caller's name by its ARN", async () => {
    const before2027 = conditional({ DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } });
    expect((await simulate({ PolicyInputList: before2027 }))[0]).toMatchObject({ EvalDecision: 'allowed' });
    const later = [{ ContextKeyName: 'aws:CurrentTime', ContextKeyType: 'date', ContextKeyValues: ['2027-06-01T00:00:00Z'] }];
    expect((await simulate({ PolicyInputList: before2027, ContextEntries: later }))[0]).toMatchObject({ EvalDecision: 'implicitDeny' });
    const named = conditional({ StringEquals: { 'aws:username': 'Bob' } });
    expect((await simulate({ PolicyInputList: named }))[0]).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['aws:username'] });
    expect((await simulate({ PolicyInputList: named, CallerArn: caller }))[0]).toMatchObject({ EvalDecision: 'allowed' });
  });

  it("tells nothing about the account's own users: their tags and ids are not in it", async () => {
    const scenario = new Scenario().given({
      type: 'UserCreated',
      data: { userName: 'Bob', userId: 'AIDABOB', path: '/', createDate: '2026-01-01T00:00:00Z', tags: [{ Key: 'team', Value: 'blue' }] },
    });
    const { answer } = await scenario.when(simulateCustomPolicy, {
      ...base,
      CallerArn: caller,
      PolicyInputList: conditional({ StringEquals: { 'aws:PrincipalTag/team': 'blue', 'aws:userid': 'AIDABOB' } }),
    });
    expect(answer.EvaluationResults[0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:PrincipalTag/team', 'aws:userid'],
    });
  });

  it.each([
    ['numeric', 'ten'],
    ['numericList', '1e3'],
    ['boolean', 'yes'],
    ['ip', '1.2.3'],
    ['date', 'yesterday'],
    ['binary', '%%%'],
  ])('refuses a value that is not of type %s: %s', async (ContextKeyType, value) => {
    expect(await refusal({ ContextEntries: [{ ContextKeyName: 'aws:thing', ContextKeyType, ContextKeyValues: [value] }] })).toBe(
      `InvalidInput: The value ${value} of the context key aws:thing is not of type ${ContextKeyType}.`,
    );
  });

  it.each([
    ['numeric', ['-1.5']],
    ['booleanList', ['true', 'False']],
    ['ipList', ['10.0.0.0/8', '2001:db8::1']],
    ['dateList', ['2026-01-01', '1767225600', '2026-01-01T00:00:00.5Z']],
    ['binary', ['QUJD']],
    ['stringList', []],
  ])('takes values of type %s: %j', async (ContextKeyType, ContextKeyValues) => {
    expect(await simulate({ ContextEntries: [{ ContextKeyName: 'aws:thing', ContextKeyType, ContextKeyValues }] })).toHaveLength(1);
  });

  it('refuses a key twice, several values of a single type, and entries without name or type', async () => {
    const entry = { ContextKeyName: 'aws:thing', ContextKeyType: 'string', ContextKeyValues: ['a'] };
    expect(await refusal({ ContextEntries: [entry, { ...entry, ContextKeyName: 'aws:THING' }] })).toContain('is given more than once');
    expect(await refusal({ ContextEntries: [{ ...entry, ContextKeyValues: ['a', 'b'] }] })).toContain('must have exactly one value');
    expect(await refusal({ ContextEntries: [{ ContextKeyName: 'aws:thing' }] })).toContain('ContextEntries.1 needs');
    expect(await refusal({ ContextEntries: [{ ...entry, ContextKeyType: 'text' }] })).toContain('Member must satisfy enum value set');
  });
});

describe('the resource policy of a simulation', () => {
  const granting = (Principal: unknown, Action = 's3:GetObject'): string => policy({ Principal, Action, Resource: 'arn:aws:s3:::bucket/*' });
  const none = [policy({ Action: 'ec2:*' })];

  it('needs a caller', async () => {
    expect(await refusal({ ResourcePolicy: granting('*') })).toBe('InvalidInput: CallerArn is required where ResourcePolicy is given.');
  });

  it('allows by itself within an account', async () => {
    const [result] = await simulate({ PolicyInputList: none, ResourcePolicy: granting({ AWS: caller }), CallerArn: caller, ResourceArns: [bucket] });
    expect(result).toMatchObject({
      EvalDecision: 'allowed',
      EvalDecisionDetails: {},
      MatchedStatements: [{ SourcePolicyId: 'ResourcePolicy', SourcePolicyType: 'resource' }],
    });
  });

  it('and the identity policies must both allow across accounts, and each is told', async () => {
    const across = {
      ResourcePolicy: granting({ AWS: caller }),
      CallerArn: caller,
      ResourceArns: [bucket],
      ResourceOwner: 'arn:aws:iam::999999999999:root',
    };
    expect((await simulate(across))[0]).toMatchObject({
      EvalDecision: 'allowed',
      EvalDecisionDetails: { 'IAM Policy': 'allowed', 'Resource Policy': 'allowed' },
    });
    const [oneSided] = await simulate({ ...across, PolicyInputList: none });
    expect(oneSided).toMatchObject({
      EvalDecision: 'implicitDeny',
      EvalDecisionDetails: { 'IAM Policy': 'implicitDeny', 'Resource Policy': 'allowed' },
    });
    expect(oneSided!.ResourceSpecificResults![0]).toMatchObject({
      EvalDecisionDetails: { 'IAM Policy': 'implicitDeny', 'Resource Policy': 'allowed' },
    });
    const [bounded] = await simulate({ ...across, PermissionsBoundaryPolicyInputList: none });
    expect(bounded!.EvalDecisionDetails).toEqual({
      'IAM Policy': 'allowed',
      'Resource Policy': 'allowed',
      'Permissions Boundary Policy': 'implicitDeny',
    });
  });

  it('belongs to the account that the ARN of the resource names, whatever the owner', async () => {
    const queue = 'arn:aws:sqs:eu-west-1:123456789012:queue';
    const ResourcePolicy = policy({ Principal: { AWS: caller }, Action: 'sqs:SendMessage', Resource: queue });
    const [result] = await simulate({
      PolicyInputList: none,
      ActionNames: ['sqs:SendMessage'],
      ResourcePolicy,
      CallerArn: caller,
      ResourceArns: [queue],
      ResourceOwner: 'arn:aws:iam::999999999999:root',
    });
    expect(result!.EvalDecision).toBe('allowed');
  });

  it('may be a trust policy where a role is to be assumed, and then counts', async () => {
    const ResourcePolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: { AWS: caller }, Action: 'sts:AssumeRole' }],
    });
    const input = {
      PolicyInputList: [policy({ Action: 'sts:*' })],
      ActionNames: ['sts:AssumeRole'],
      CallerArn: caller,
      ResourceArns: ['arn:aws:iam::123456789012:role/Deploy'],
    };
    expect((await simulate({ ...input, ResourcePolicy }))[0]).toMatchObject({ EvalDecision: 'explicitDeny' });
    expect(await refusal({ ...input, ResourcePolicy, ActionNames: ['sts:AssumeRole', 's3:GetObject'] })).toContain(
      'InvalidInput: Invalid policy in ResourcePolicy',
    );
  });
});

describe('assuming a role in SimulateCustomPolicy', () => {
  it("is decided by the policies that came along: what the account's roles say themselves is not told", async () => {
    const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}]}';
    const scenario = new Scenario().given({
      type: 'RoleCreated',
      data: {
        roleName: 'Closed',
        roleId: 'AROACLOSED',
        path: '/',
        createDate: '2026-01-01T00:00:00Z',
        maxSessionDuration: 3600,
        assumeRolePolicyDocument: trust,
        trustedPrincipalIds: {},
        tags: [],
      },
    });
    const input = {
      PolicyInputList: [policy({ Action: 'sts:AssumeRole' })],
      ActionNames: ['sts:AssumeRole'],
      ResourceArns: ['arn:aws:iam::123456789012:role/Closed'],
    };
    const { answer } = await scenario.when(simulateCustomPolicy, input);
    expect(answer.EvaluationResults[0]).toMatchObject({ EvalDecision: 'allowed', MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1' }] });
  });
});

describe('what SimulateCustomPolicy refuses', () => {
  it.each<[Partial<SimulateCustomPolicy>, string]>([
    [{ PolicyInputList: ['{}'] }, 'Invalid policy in PolicyInputList.1: '],
    [{ ActionNames: ['s3:Get*'] }, 'Invalid Action Name: s3:Get*'],
    [{ ActionNames: ['GetObject'] }, 'Invalid Action Name: GetObject'],
    [{ ResourceArns: ['bucket'] }, 'Invalid Resource ARN: bucket'],
    [{ ResourceOwner: '123456789012' }, 'Invalid Resource Owner: 123456789012'],
    [{ ResourceOwner: 'arn:aws:iam::123456789012:user/Bob' }, 'Invalid Resource Owner'],
    [{ CallerArn: 'arn:aws:sts::123456789012:assumed-role/Deploy/session' }, 'Invalid caller ARN'],
    [{ CallerArn: 'arn:aws:iam::123456789012:root' }, 'Invalid caller ARN'],
    [{ CallerArn: 'ec2.amazonaws.com' }, 'Invalid caller ARN'],
    [{ ResourceHandlingOption: 'EC2-Moon' }, 'Invalid ResourceHandlingOption: EC2-Moon'],
    [
      { ResourceHandlingOption: 'EC2-VPC-EBS', ResourceArns: ['arn:aws:ec2:eu-west-1:123456789012:instance/*', 'arn:aws:ec2:eu-west-1::image/*'] },
      'security-group, network-interface, volume',
    ],
  ])('%j', async (input, words) => {
    const message = await refusal(input);
    expect(message).toContain('InvalidInput: ');
    expect(message).toContain(words);
  });

  it('takes a scenario whose resources are all there', async () => {
    const kinds = ['instance', 'image', 'security-group', 'network-interface', 'volume'];
    const ResourceArns = kinds.map((kind) => `arn:aws:ec2:eu-west-1:123456789012:${kind}/*`);
    const [result] = await simulate({
      PolicyInputList: [policy({ Action: 'ec2:RunInstances' })],
      ActionNames: ['ec2:RunInstances'],
      ResourceHandlingOption: 'EC2-VPC-EBS',
      ResourceArns,
    });
    expect(result).toMatchObject({ EvalDecision: 'allowed', ResourceSpecificResults: kinds.map(() => ({ EvalResourceDecision: 'allowed' })) });
  });
});

describe('the pages of a simulation', () => {
  const ActionNames = ['s3:GetObject', 's3:PutObject', 's3:GetObjectAcl'];

  it('hold MaxItems actions each, in the order they were asked for', async () => {
    const scenario = new Scenario();
    const first = (await scenario.when(simulateCustomPolicy, { ...base, ActionNames, MaxItems: 2 })).answer;
    expect(first.EvaluationResults.map((result) => result.EvalActionName)).toEqual(['s3:GetObject', 's3:PutObject']);
    expect(first.IsTruncated).toBe(true);
    const second = (await scenario.when(simulateCustomPolicy, { ...base, ActionNames, MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second).toMatchObject({ EvaluationResults: [{ EvalActionName: 's3:GetObjectAcl' }], IsTruncated: false });
    expect(await scenario.refusal(simulateCustomPolicy, { ...base, ActionNames: ['s3:GetObject'], Marker: first.Marker! })).toBe(
      'ValidationError: Invalid Marker.',
    );
  });

  it('are shorter, down to one action, where there is much to look at, and none is made that would take too long', async () => {
    const many = policy(...Array.from({ length: 500 }, () => ({ Action: 's3:PutObject' })));
    const resources = (count: number) => Array.from({ length: count }, (_each, index) => `arn:aws:s3:::bucket/${index}`);
    const scenario = new Scenario();
    const { answer } = await scenario.when(simulateCustomPolicy, { PolicyInputList: [many], ActionNames, ResourceArns: resources(400) });
    expect(answer).toMatchObject({ EvaluationResults: [{ EvalActionName: 's3:GetObject' }, { EvalActionName: 's3:PutObject' }], IsTruncated: true });
    expect(
      await scenario.refusal(simulateCustomPolicy, { PolicyInputList: [many], ActionNames, ResourceArns: resources(statementsPerPageMax / 500 + 1) }),
    ).toContain('InvalidInput: The simulation is too large');
  });
});
