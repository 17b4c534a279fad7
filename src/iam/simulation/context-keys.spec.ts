import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { getContextKeysForCustomPolicy } from './get-context-keys-for-custom-policy.ts';
import { getContextKeysForPrincipalPolicy } from './get-context-keys-for-principal-policy.ts';

const withCondition = (condition: object, resource = '*'): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: resource, Condition: condition }] });

const bob = 'arn:aws:iam::123456789012:user/team/Bob';

function scenarioWithBob(): Scenario {
  const policyArn = 'arn:aws:iam::123456789012:policy/Limit';
  return new Scenario().given(
    {
      type: 'PolicyCreated',
      data: {
        policyName: 'Limit',
        policyId: 'ANPALIMIT',
        policyArn,
        path: '/',
        createDate: '2026-01-01T00:00:00Z',
        policyDocument: withCondition({ Bool: { 'aws:SecureTransport': 'true' } }),
        tags: [],
      },
    },
    {
      type: 'UserCreated',
      data: { userName: 'Bob', userId: 'AIDABOB', path: '/team/', createDate: '2026-01-01T00:00:00Z', tags: [], permissionsBoundary: policyArn },
    },
    { type: 'GroupCreated', data: { groupName: 'Staff', groupId: 'AGPASTAFF', path: '/', createDate: '2026-01-01T00:00:00Z' } },
    { type: 'UserAddedToGroup', data: { groupName: 'Staff', userName: 'Bob' } },
    {
      type: 'GroupPolicyPut',
      data: { groupName: 'Staff', policyName: 'Office', policyDocument: withCondition({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }) },
    },
    {
      type: 'UserPolicyPut',
      data: { userName: 'Bob', policyName: 'Home', policyDocument: withCondition({ StringLike: { 's3:prefix': 'home/${aws:username}/*' } }) },
    },
  );
}

describe('GetContextKeysForCustomPolicy', () => {
  it('names the keys of conditions and variables, each once however it is spelt', async () => {
    const { answer } = await new Scenario().when(getContextKeysForCustomPolicy, {
      PolicyInputList: [
        withCondition({ StringEquals: { 'aws:PrincipalTag/team': 'blue' }, Bool: { 'aws:SecureTransport': 'true' } }),
        withCondition({ Bool: { 'AWS:securetransport': 'true' } }, 'arn:aws:s3:::bucket/${aws:username}/*'),
      ],
    });
    expect(answer.ContextKeyNames).toEqual(['aws:PrincipalTag/team', 'aws:SecureTransport', 'aws:username']);
  });

  it('reads resource and trust policies too', async () => {
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole', Condition: { StringEquals: { 'sts:ExternalId': 'x' } } },
      ],
    };
    const resource = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*', Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } },
      ],
    };
    const { answer } = await new Scenario().when(getContextKeysForCustomPolicy, {
      PolicyInputList: [JSON.stringify(trust), JSON.stringify(resource)],
    });
    expect(answer.ContextKeyNames).toEqual(['sts:ExternalId', 'aws:SourceVpc']);
  });

  it('says which policy is none', async () => {
    expect(await new Scenario().refusal(getContextKeysForCustomPolicy, { PolicyInputList: [withCondition({}), '{'] })).toMatch(
      /^InvalidInput: Invalid policy in PolicyInputList\.2: Syntax errors in policy\. \(line 1, column \d+\)$/,
    );
  });
});

describe('GetContextKeysForPrincipalPolicy', () => {
  it("names the keys of a user's policies, its groups', its boundary and those that came along", async () => {
    const { answer } = await scenarioWithBob().when(getContextKeysForPrincipalPolicy, {
      PolicySourceArn: bob,
      PolicyInputList: [withCondition({ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } })],
    });
    expect(answer.ContextKeyNames).toEqual(['s3:prefix', 'aws:username', 'aws:SourceIp', 'aws:SecureTransport', 'aws:RequestedRegion']);
  });

  it('names those of a group', async () => {
    const { answer } = await scenarioWithBob().when(getContextKeysForPrincipalPolicy, { PolicySourceArn: 'arn:aws:iam::123456789012:group/Staff' });
    expect(answer.ContextKeyNames).toEqual(['aws:SourceIp']);
  });

  it('is authorized on the principal as it is written, and refuses what is no principal of the account', async () => {
    const scenario = scenarioWithBob();
    const resource = (PolicySourceArn: string): string =>
      getContextKeysForPrincipalPolicy.declaration.resource(
        Object.assign(new getContextKeysForPrincipalPolicy.command(), { PolicySourceArn }),
        scenario.account,
        scenario.call(),
      );
    expect(resource('arn:aws:iam::123456789012:user/team/BOB')).toBe(bob);
    expect(resource('arn:aws:iam::123456789012:user/BOB')).toBe('arn:aws:iam::123456789012:user/BOB');
    const refusal = (PolicySourceArn: string): Promise<string> => scenario.refusal(getContextKeysForPrincipalPolicy, { PolicySourceArn });
    expect(await refusal('arn:aws:iam::123456789012:user/Bob')).toBe(
      'NoSuchEntity: The user with ARN arn:aws:iam::123456789012:user/Bob cannot be found.',
    );
    expect(await refusal('arn:aws:iam::123456789012:policy/Limit')).toContain('InvalidInput: Invalid Entity Arn');
    expect(await refusal('arn:aws:iam::999999999999:user/Bob')).toContain('InvalidInput: The entity');
    expect(await refusal('arn:aws:s3:::bucket-of-bob')).toContain('InvalidInput: Invalid Entity Arn');
    expect(await refusal('not an arn at all, but long')).toContain('InvalidInput: Invalid Entity Arn');
  });
});
