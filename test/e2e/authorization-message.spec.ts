import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, allow, createUser, deny, startServer, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

let server: TestServer;
let admin: SignedClient;
let bob: SignedClient;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  bob = await createUser(admin, 'Bob', allow('sts:DecodeAuthorizationMessage'), deny('s3:DeleteObject'));
});
afterAll(() => server.stop());

/** What an application is told when it asks for Bob. */
async function asked(
  Action: string,
  Explain: boolean,
  Resource = 'arn:aws:s3:::bucket/key',
): Promise<{ Decision: string; EncodedAuthorizationMessage?: string }> {
  const PrincipalArn = `arn:aws:iam::${accountId}:user/Bob`;
  const answer = await admin.ledger('authorize', { Requests: [{ PrincipalArn, Action, Resource }], Explain });
  return (answer.json()['Decisions'] as { Decision: string }[])[0]!;
}

describe('the message of a refusal', () => {
  it('tells whom it is shown to why, once it is decoded', async () => {
    const { EncodedAuthorizationMessage: EncodedMessage } = await asked('s3:DeleteObject', true);
    expect(EncodedMessage).not.toContain('DeleteObject');
    const decoded = (await bob.sts('DecodeAuthorizationMessage', { EncodedMessage })).value('DecodedMessage')!;
    expect(JSON.parse(decoded)).toMatchObject({
      allowed: false,
      explicitDeny: true,
      matchedStatements: { items: [{ effect: 'DENY', statementIndex: 1 }] },
      context: { principal: { arn: `arn:aws:iam::${accountId}:user/Bob` }, action: 's3:DeleteObject', resource: 'arn:aws:s3:::bucket/key' },
    });
  });

  it('is there for a refusal whose reasons are asked for', async () => {
    expect(await asked('s3:DeleteObject', false)).not.toHaveProperty('EncodedAuthorizationMessage');
    expect(await asked('sts:DecodeAuthorizationMessage', true)).not.toHaveProperty('EncodedAuthorizationMessage');
    const long = await asked('s3:GetObject', true, `arn:aws:s3:::bucket/${'\u{1F600}'.repeat(1000)}`);
    expect(long.EncodedAuthorizationMessage!.length).toBeLessThanOrEqual(10_240);
  });

  it('is decoded by nobody without the permission, in no other account, and not when it was changed', async () => {
    const { EncodedAuthorizationMessage: EncodedMessage = '' } = await asked('s3:DeleteObject', true);
    const eve = await createUser(admin, 'Eve');
    expect((await eve.sts('DecodeAuthorizationMessage', { EncodedMessage })).code).toBe('AccessDenied');
    const { RootAccessKey } = (await admin.ledger('create-account', { AccountName: 'other' })).json() as {
      RootAccessKey: { AccessKeyId: string; SecretAccessKey: string };
    };
    const other = server.client({ accessKeyId: RootAccessKey.AccessKeyId, secretAccessKey: RootAccessKey.SecretAccessKey });
    const invalid = { status: 400, code: 'InvalidAuthorizationMessageException' };
    expect(await other.sts('DecodeAuthorizationMessage', { EncodedMessage })).toMatchObject(invalid);
    const bytes = Buffer.from(EncodedMessage, 'base64');
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1;
      expect(await bob.sts('DecodeAuthorizationMessage', { EncodedMessage: flipped.toString('base64') })).toMatchObject(invalid);
    }
    const sessionToken = (await bob.sts('GetSessionToken')).value('SessionToken')!;
    expect(await bob.sts('DecodeAuthorizationMessage', { EncodedMessage: sessionToken })).toMatchObject(invalid);
  });
});
