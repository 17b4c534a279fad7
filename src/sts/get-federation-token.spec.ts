import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../test/support/scenario.ts';
import { getFederationToken } from './get-federation-token.ts';
import { getSessionToken } from './get-session-token.ts';

const Policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

describe('GetFederationToken', () => {
  it('gives a session under a name of the caller’s choice, for twelve hours, with policies and tags', async () => {
    const scenario = new Scenario();
    const { answer, session } = await scenario.when(getFederationToken, {
      Name: 'carol',
      Policy,
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
      Tags: [{ Key: 'team', Value: 'blue' }],
    });
    expect(session).toMatchObject({
      kind: 'FederatedUser',
      issuerId: 'AIDAADMIN',
      issuerName: 'Admin',
      sessionName: 'carol',
      policy: Policy,
      policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      tags: [{ Key: 'team', Value: 'blue' }],
      mfaAuthenticated: false,
      sessionRoot: 'arn:aws:iam::123456789012:user/Admin',
    });
    expect(session!.expiresAt - session!.issuedAt).toBe(43_200);
    expect(answer).toMatchObject({
      Credentials: { AccessKeyId: session!.accessKeyId },
      FederatedUser: { FederatedUserId: '123456789012:carol', Arn: 'arn:aws:sts::123456789012:federated-user/carol' },
      PackedPolicySize: expect.any(Number),
    });
    expect((await scenario.when(getFederationToken, { Name: 'dave' })).answer).not.toHaveProperty('PackedPolicySize');
  });

  it('is for users with long-term keys', async () => {
    const scenario = new Scenario();
    const { session } = await scenario.when(getSessionToken);
    scenario.caller = { ...scenario.caller, session };
    expect(await scenario.refusal(getFederationToken, { Name: 'carol' })).toBe(
      'AccessDenied: Cannot call GetFederationToken with session credentials',
    );
    scenario.caller = {
      type: 'Root',
      accountId: '123456789012',
      partition: 'aws',
      arn: 'arn:aws:iam::123456789012:root',
      principalId: '123456789012',
    };
    expect(await scenario.refusal(getFederationToken, { Name: 'carol' })).toContain('AccessDenied');
  });

  it('refuses names, documents and tags that can not be', async () => {
    const scenario = new Scenario();
    for (const Name of ['a', 'n'.repeat(33), 'a b']) expect(await scenario.refusal(getFederationToken, { Name })).toContain("at 'name'");
    expect(await scenario.refusal(getFederationToken, { Name: 'carol', Policy: '{}' })).toContain('MalformedPolicyDocument');
    expect(await scenario.refusal(getFederationToken, { Name: 'carol', Policy: ' '.repeat(2049) })).toContain("at 'policy'");
    expect(await scenario.refusal(getFederationToken, { Name: 'carol', Tags: [{ Key: 'aws:x', Value: '' }] })).toContain('InvalidParameterValue');
    expect(await scenario.refusal(getFederationToken, { Name: 'carol', PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/None' }] })).toContain(
      'ValidationError',
    );
  });
});
