import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../test/support/scenario.ts';
import type { Session } from '../iam/call.ts';
import { getFederationToken } from './get-federation-token.ts';

const Policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';

describe('GetFederationToken', () => {
  it('gives a session in the name of the user who asks, limited by its policies', async () => {
    const scenario = new Scenario();
    const { session, answer } = await scenario.when(getFederationToken, { Name: 'bob', Policy, Tags: [{ Key: 'Team', Value: 'blue' }] });
    expect(session).toMatchObject({
      kind: 'FederatedUser',
      issuerId: 'AIDAADMIN',
      issuerName: 'Admin',
      sessionName: 'bob',
      policy: Policy,
      tags: [{ Key: 'Team', Value: 'blue' }],
      sessionRoot: 'arn:aws:iam::123456789012:user/Admin',
    });
    expect(session!.expiresAt - session!.issuedAt).toBe(43_200);
    expect(answer.FederatedUser).toEqual({ FederatedUserId: '123456789012:bob', Arn: 'arn:aws:sts::123456789012:federated-user/bob' });
    expect(answer.PackedPolicySize).toBeGreaterThan(0);
  });

  it('lasts an hour at most for root, 36 hours for a user', async () => {
    const scenario = new Scenario();
    expect((await scenario.when(getFederationToken, { Name: 'bob', DurationSeconds: 129_600 })).session).toBeDefined();
    expect(await scenario.refusal(getFederationToken, { Name: 'bob', DurationSeconds: 129_601 })).toContain('ValidationError');
    scenario.caller = { ...scenario.caller, type: 'Root', arn: 'arn:aws:iam::123456789012:root', userName: undefined };
    const { session } = await scenario.when(getFederationToken, { Name: 'bob' });
    expect(session!.expiresAt - session!.issuedAt).toBe(3600);
  });

  it('is refused to sessions, with bad names and with policies that are none', async () => {
    const scenario = new Scenario();
    for (const Name of ['b', 'x'.repeat(33), 'a b']) expect(await scenario.refusal(getFederationToken, { Name })).toContain('ValidationError');
    expect(await scenario.refusal(getFederationToken, { Name: 'bob', Policy: '{}' })).toContain('MalformedPolicyDocument');
    expect(await scenario.refusal(getFederationToken, { Name: 'bob', PolicyArns: [{ arn: 'arn:aws:iam::123456789012:policy/none' }] })).toContain(
      'ValidationError',
    );
    scenario.caller = { ...scenario.caller, session: { kind: 'SessionToken' } as Session };
    expect(await scenario.refusal(getFederationToken, { Name: 'bob' })).toBe('AccessDenied: Cannot call GetFederationToken with session credentials');
  });

  it('needs sts:TagSession for tags', () => {
    const scenario = new Scenario();
    const command = Object.assign(new getFederationToken.command(), { Name: 'bob', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(getFederationToken.declaration.alsoRequires!(command, scenario.account, scenario.call())).toMatchObject([{ action: 'sts:TagSession' }]);
  });
});
