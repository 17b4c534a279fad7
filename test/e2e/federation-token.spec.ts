import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, allow, createUser, policyOf, startServer, type TestServer } from '../support/server.ts';
import { credentialsIn, type SignedClient } from '../support/signed-client.ts';

let server: TestServer;
let admin: SignedClient;
let bob: SignedClient;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  bob = await createUser(admin, 'Bob', allow(['sts:*', 'iam:*', 'cloudtrail:LookupEvents', 's3:GetObject']));
});
afterAll(() => server.stop());

const federated = async (input: Readonly<Record<string, unknown>> = {}): Promise<SignedClient> =>
  bob.as(credentialsIn(await bob.sts('GetFederationToken', { Name: 'carol', ...input })));

/** What the server decides for an application that carol's session asks. */
async function decisionFor(session: SignedClient, Action: string): Promise<unknown> {
  const { accessKeyId, sessionToken } = session.credentials;
  const answer = await admin.ledger('authorize', {
    Requests: [{ AccessKeyId: accessKeyId, SessionToken: sessionToken, Action, Resource: 'arn:aws:s3:::bucket/key' }],
  });
  return (answer.json()['Decisions'] as { Decision: string }[])[0]!.Decision;
}

describe('a federated user', () => {
  it('is who the caller says, and may do what both the caller and the policies of the session may', async () => {
    const carol = await federated({ Policy: policyOf(allow(['cloudtrail:LookupEvents', 's3:*', 'iam:*', 'sts:*'])) });
    expect((await carol.sts('GetCallerIdentity')).value('Arn')).toBe(`arn:aws:sts::${accountId}:federated-user/carol`);
    expect((await carol.cloudTrail('LookupEvents', { MaxResults: 1 })).status).toBe(200);
    expect(await decisionFor(carol, 's3:GetObject')).toBe('Allowed');
    expect(await decisionFor(carol, 's3:PutObject')).toBe('ImplicitlyDenied');
  });

  it('may do nothing without a policy of the session', async () => {
    const carol = await federated();
    expect((await carol.cloudTrail('LookupEvents', { MaxResults: 1 })).code).toContain('AccessDenied');
    expect(await decisionFor(carol, 's3:GetObject')).toBe('ImplicitlyDenied');
  });

  it('calls neither IAM nor STS', async () => {
    const carol = await federated({ Policy: policyOf(allow('*')) });
    expect(await carol.iam('ListUsers')).toMatchObject({ code: 'AccessDenied', message: expect.stringContaining('GetFederationToken') });
    for (const [action, input] of [
      ['GetSessionToken', {}],
      ['GetFederationToken', { Name: 'dave' }],
      ['GetAccessKeyInfo', { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
    ] as const)
      expect((await carol.sts(action, input)).code).toBe('AccessDenied');
  });

  it('is nobody when the user is gone', async () => {
    const eve = await createUser(admin, 'Eve', allow('*'));
    const carol = eve.as(credentialsIn(await eve.sts('GetFederationToken', { Name: 'carol', Policy: policyOf(allow('*')) })));
    expect((await carol.sts('GetCallerIdentity')).status).toBe(200);
    await admin.mustIam('DeleteUserPolicy', { UserName: 'Eve', PolicyName: 'own' });
    await admin.mustIam('DeleteAccessKey', { UserName: 'Eve', AccessKeyId: eve.credentials.accessKeyId });
    await admin.mustIam('DeleteUser', { UserName: 'Eve' });
    expect((await carol.sts('GetCallerIdentity')).code).toBe('InvalidClientTokenId');
  });
});
