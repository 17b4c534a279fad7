import { beforeEach, describe, expect, it } from '@jest/globals';
import { Scenario } from '../../test/support/scenario.ts';
import { createUser } from '../iam/users/create-user.ts';
import type { Session } from '../iam/call.ts';
import { getWebIdentityToken } from './get-web-identity-token.ts';

const issuerIdentifier = 'https://iam.example/federation/123456789012';
const input = { Audience: ['https://relying.example'], SigningAlgorithm: 'ES384' };

let scenario: Scenario;
beforeEach(async () => {
  scenario = await new Scenario()
    .given({ type: 'OutboundWebIdentityFederationEnabled', data: { issuerIdentifier } })
    .after(createUser, { UserName: 'Admin', Tags: [{ Key: 'Team', Value: 'blue' }] });
});

/** The claims: the token of a scenario is not signed. */
const claimsOf = async (given: object = {}): Promise<Record<string, unknown>> => {
  const { answer } = await scenario.when(getWebIdentityToken, { ...input, ...given });
  return JSON.parse(answer.WebIdentityToken!.slice('ES384:'.length)) as Record<string, unknown>; // the answer has a token
};

describe('GetWebIdentityToken', () => {
  it('says who the caller is, for a while, to whom it is for', async () => {
    const seconds = scenario.now / 1000;
    expect(await claimsOf({ Tags: [{ Key: 'Purpose', Value: 'test' }] })).toEqual({
      iss: issuerIdentifier,
      sub: 'arn:aws:iam::123456789012:user/Admin',
      aud: 'https://relying.example',
      iat: seconds,
      exp: seconds + 300,
      jti: expect.any(String),
      'https://sts.amazonaws.com/': {
        aws_account: '123456789012',
        source_region: 'us-east-1',
        principal_id: 'arn:aws:iam::123456789012:user/Admin',
        principal_tags: { Team: 'blue' },
        request_tags: { Purpose: 'test' },
      },
    });
    expect(await claimsOf({ Audience: ['a', 'b'], DurationSeconds: 60 })).toMatchObject({ aud: ['a', 'b'], exp: seconds + 60 });
  });

  it('names the role of a session, not the session, and does not outlive it', async () => {
    const seconds = scenario.now / 1000;
    const session = {
      kind: 'AssumedRole',
      expiresAt: seconds + 600,
      tags: [{ Key: 'team', Value: 'red' }],
      sourceIdentity: 'alice',
    } as unknown as Session;
    const arn = 'arn:aws:sts::123456789012:assumed-role/Deploy/x';
    scenario.caller = {
      ...scenario.caller,
      type: 'AssumedRole',
      arn,
      roleArn: 'arn:aws:iam::123456789012:role/ops/Deploy',
      roleName: 'Deploy',
      session,
    };
    expect(await claimsOf({ DurationSeconds: 600 })).toMatchObject({
      sub: 'arn:aws:iam::123456789012:role/ops/Deploy',
      'https://sts.amazonaws.com/': { principal_id: arn, principal_tags: { team: 'red' }, source_identity: 'alice' },
    });
    expect(await scenario.refusal(getWebIdentityToken, { ...input, DurationSeconds: 601 })).toContain('SessionDurationEscalationException');
  });

  it('is refused where the account issues no tokens', async () => {
    const { answer: _answer, ...off } = { answer: 0, type: 'OutboundWebIdentityFederationDisabled', data: { issuerIdentifier } } as const;
    expect(await scenario.given(off).refusal(getWebIdentityToken, input)).toContain('OutboundWebIdentityFederationDisabledException');
    expect(await new Scenario().refusal(getWebIdentityToken, input)).toContain('OutboundWebIdentityFederationDisabledException');
  });

  it('is refused with an algorithm that is not offered, outside of the limits, and where it says too much', async () => {
    for (const SigningAlgorithm of ['HS256', 'ES256', 'none.'])
      expect(await scenario.refusal(getWebIdentityToken, { ...input, SigningAlgorithm })).toContain('ValidationError');
    for (const DurationSeconds of [59, 3601])
      expect(await scenario.refusal(getWebIdentityToken, { ...input, DurationSeconds })).toContain('ValidationError');
    for (const Audience of [[], Array(11).fill('a') as string[], ['']])
      expect(await scenario.refusal(getWebIdentityToken, { ...input, Audience })).toContain('ValidationError');
    expect(
      await scenario.refusal(getWebIdentityToken, {
        ...input,
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      }),
    ).toContain('InvalidInput');
    const Audience = Array.from({ length: 10 }, (_, index) => `${index}${'x'.repeat(990)}`);
    expect(await scenario.refusal(getWebIdentityToken, { ...input, Audience })).toContain('JWTPayloadSizeExceededException');
  });

  it('records whom the token was for, and never the token', () => {
    const command = Object.assign(new getWebIdentityToken.command(), input);
    const recorded = getWebIdentityToken.declaration.record!(command, { WebIdentityToken: 'secret' });
    expect(JSON.stringify(recorded)).not.toContain('secret');
    expect(recorded!.requestParameters).toMatchObject({ audience: input.Audience, signingAlgorithm: 'ES384' }); // it is recorded
  });
});
