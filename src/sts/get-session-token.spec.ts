import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../test/support/scenario.ts';
import { getSessionToken } from './get-session-token.ts';

const durationOf = async (scenario: Scenario, DurationSeconds?: number) => {
  const { session } = await scenario.when(getSessionToken, DurationSeconds === undefined ? {} : { DurationSeconds });
  return session!.expiresAt - session!.issuedAt;
};

const asRoot = (): Scenario => {
  const scenario = new Scenario();
  scenario.caller = { type: 'Root', accountId: '123456789012', partition: 'aws', arn: 'arn:aws:iam::123456789012:root', principalId: '123456789012' };
  return scenario;
};

describe('GetSessionToken', () => {
  it('gives a user a session that is himself, for twelve hours', async () => {
    const scenario = new Scenario();
    const { answer, session } = await scenario.when(getSessionToken);
    expect(session).toMatchObject({
      kind: 'SessionToken',
      issuerId: 'AIDAADMIN',
      issuerName: 'Admin',
      accountId: '123456789012',
      mfaAuthenticated: false,
      tags: [],
      policyArns: [],
      sessionRoot: 'arn:aws:iam::123456789012:user/Admin',
      chain: [],
    });
    expect(await durationOf(scenario)).toBe(43_200);
    expect(answer).toEqual({
      Credentials: {
        AccessKeyId: session!.accessKeyId,
        SecretAccessKey: `secret-of-${session!.accessKeyId}`,
        SessionToken: `token-of-${session!.sessionId}`,
        Expiration: new Date(session!.expiresAt * 1000),
      },
    });
  });

  it('lasts from fifteen minutes to thirty-six hours', async () => {
    const scenario = new Scenario();
    expect(await durationOf(scenario, 900)).toBe(900);
    expect(await durationOf(scenario, 129_600)).toBe(129_600);
    expect(await scenario.refusal(getSessionToken, { DurationSeconds: 899 })).toContain("at 'durationSeconds'");
    expect(await scenario.refusal(getSessionToken, { DurationSeconds: 129_601 })).toContain("at 'durationSeconds'");
  });

  it('gives root one hour at most', async () => {
    const scenario = asRoot();
    const { session } = await scenario.when(getSessionToken);
    expect(session).toMatchObject({ issuerId: '123456789012', issuerName: '123456789012', sessionRoot: 'arn:aws:iam::123456789012:root' });
    expect(await durationOf(scenario, 7200)).toBe(3600);
    expect(await durationOf(scenario, 900)).toBe(900);
  });

  it('gives a session no further one', async () => {
    const scenario = new Scenario();
    const { session } = await scenario.when(getSessionToken);
    scenario.caller = { ...scenario.caller, session };
    expect(await scenario.refusal(getSessionToken)).toBe('AccessDenied: Cannot call GetSessionToken with session credentials');
  });

  it('takes no one-time code of a device that the caller does not have, and none without its device', async () => {
    const scenario = new Scenario();
    expect(await scenario.refusal(getSessionToken, { SerialNumber: 'arn:aws:iam::123456789012:mfa/x', TokenCode: '123456' })).toContain(
      'AccessDenied: MultiFactorAuthentication failed, unable to validate MFA code.',
    );
    const incomplete = 'AccessDenied: MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.';
    expect(await scenario.refusal(getSessionToken, { TokenCode: '123456' })).toBe(incomplete);
    expect(await scenario.refusal(getSessionToken, { SerialNumber: 'arn:aws:iam::123456789012:mfa/x' })).toBe(incomplete);
  });

  it('asks for no permission', () => {
    expect(getSessionToken).toMatchObject({ action: 'sts:GetSessionToken', service: 'sts', declaration: { unconditional: true } });
  });
});
