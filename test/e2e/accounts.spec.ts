import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, allow, createAdministrator, createUser, deny, policyOf, startServer, trust, type TestServer } from '../support/server.ts';
import { credentialsIn, type SignedClient, type TestCredentials } from '../support/signed-client.ts';

let server: TestServer;
let admin: SignedClient;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
});
afterAll(() => server.stop());

/** An account beside the first, with an administrator. */
async function newAccount(AccountId: string): Promise<{ root: SignedClient; admin: SignedClient }> {
  const answer = await admin.ledger('create-account', { AccountId, AccountName: `account ${AccountId}` });
  expect(answer.status).toBe(200);
  const { AccessKeyId, SecretAccessKey } = answer.json()['RootAccessKey'] as { AccessKeyId: string; SecretAccessKey: string };
  const root = server.client({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey });
  return { root, admin: server.client(await createAdministrator(root)) };
}

const assume = async (client: SignedClient, RoleArn: string, input: object = {}) =>
  client.sts('AssumeRole', { RoleArn, RoleSessionName: 'session', ...input });

describe('the policies that an administrator writes', () => {
  it('refuse a user everything until one allows it, and then nothing but what it names', async () => {
    const bob = await createUser(admin, 'Bob');
    expect(await bob.iam('GetUser', { UserName: 'Bob' })).toMatchObject({ status: 403, code: 'AccessDenied' });
    await admin.mustIam('PutUserPolicy', {
      UserName: 'Bob',
      PolicyName: 'self',
      PolicyDocument: policyOf(allow('iam:GetUser', `arn:aws:iam::${accountId}:user/\${aws:username}`)),
    });
    expect((await bob.iam('GetUser', { UserName: 'Bob' })).status).toBe(200);
    expect(await bob.iam('GetUser', { UserName: 'admin' })).toMatchObject({
      code: 'AccessDenied',
      message: `User: arn:aws:iam::${accountId}:user/Bob is not authorized to perform: iam:GetUser on resource: arn:aws:iam::${accountId}:user/admin because no identity-based policy allows the iam:GetUser action`,
    });
  });

  it('allow through a group and a managed policy, and an explicit deny wins from the next request on', async () => {
    const carol = await createUser(admin, 'Carol');
    await admin.mustIam('CreateGroup', { GroupName: 'Readers' });
    const PolicyArn = (await admin.mustIam('CreatePolicy', { PolicyName: 'Read', PolicyDocument: policyOf(allow(['iam:Get*', 'iam:List*'])) })).value(
      'Arn',
    )!; // a success has it
    await admin.mustIam('AttachGroupPolicy', { GroupName: 'Readers', PolicyArn });
    expect((await carol.iam('ListUsers')).code).toBe('AccessDenied');
    await admin.mustIam('AddUserToGroup', { GroupName: 'Readers', UserName: 'Carol' });
    expect((await carol.iam('ListUsers')).status).toBe(200);
    await admin.mustIam('PutUserPolicy', { UserName: 'Carol', PolicyName: 'not', PolicyDocument: policyOf(deny('iam:ListUsers')) });
    expect(await carol.iam('ListUsers')).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny in an identity-based policy'),
    });
    expect((await carol.iam('ListGroups')).status).toBe(200);
  });

  it('end at a permissions boundary', async () => {
    const dave = await createUser(admin, 'Dave', allow('*'));
    await admin.mustIam('PutUserPermissionsBoundary', { UserName: 'Dave', PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' });
    expect((await dave.iam('ListUsers')).status).toBe(200);
    expect(await dave.iam('CreateUser', { UserName: 'x' })).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('permissions boundary'),
    });
  });
});

describe('root', () => {
  it('may only recover the account once there is an administrator, and is told whom to call instead', async () => {
    const refused = await server.client().iam('CreateUser', { UserName: 'by-root' });
    expect(refused).toMatchObject({ status: 403, code: 'AccessDenied', message: expect.stringContaining('user admin') });
    expect((await server.client().sts('GetCallerIdentity')).value('Arn')).toBe(`arn:aws:iam::${accountId}:root`);
    expect((await server.client().iam('ListUsers')).status).toBe(200);
  });
});

describe('two accounts', () => {
  let other: { root: SignedClient; admin: SignedClient };
  let visitor: SignedClient;
  const roleArn = 'arn:aws:iam::222222222222:role/Visit';
  beforeAll(async () => {
    other = await newAccount('222222222222');
    visitor = await createUser(admin, 'Visitor');
  });

  it('do not see each other: the same names are other users', async () => {
    await other.admin.mustIam('CreateUser', { UserName: 'Bob' });
    expect((await other.admin.mustIam('ListUsers')).values('UserName')).toEqual(['admin', 'Bob']);
    expect((await other.admin.sts('GetCallerIdentity')).value('Account')).toBe('222222222222');
    expect(await other.admin.ledger('create-account', { AccountName: 'third' })).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('let a user of one into a role of the other only where both sides allow it', async () => {
    expect(await assume(visitor, roleArn)).toMatchObject({ status: 403, code: 'AccessDenied' });
    await other.admin.mustIam('CreateRole', { RoleName: 'Visit', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:root`) });
    expect((await assume(visitor, roleArn)).code).toBe('AccessDenied');
    await admin.mustIam('PutUserPolicy', { UserName: 'Visitor', PolicyName: 'visit', PolicyDocument: policyOf(allow('sts:AssumeRole', roleArn)) });
    const assumed = await assume(visitor, roleArn);
    expect(assumed.status).toBe(200);
    await other.admin.mustIam('UpdateAssumeRolePolicy', { RoleName: 'Visit', PolicyDocument: trust('arn:aws:iam::333333333333:root') });
    expect((await assume(visitor, roleArn)).code).toBe('AccessDenied');
    await other.admin.mustIam('UpdateAssumeRolePolicy', { RoleName: 'Visit', PolicyDocument: trust(`arn:aws:iam::${accountId}:user/Visitor`) });
    await other.admin.mustIam('PutRolePolicy', { RoleName: 'Visit', PolicyName: 'read', PolicyDocument: policyOf(allow('iam:*')) });
    const session = server.client(credentialsIn(await assume(visitor, roleArn)));
    expect((await session.sts('GetCallerIdentity')).value('Arn')).toBe('arn:aws:sts::222222222222:assumed-role/Visit/session');
    expect((await session.mustIam('ListUsers')).values('UserName')).toContain('Bob');
    expect((await session.iam('CreateUser', { UserName: 'made-by-visitor' })).status).toBe(200);
  });

  it('record the visit in both, under one sharedEventID', async () => {
    const visits = async (client: SignedClient) =>
      (
        (await client.ledger('search-audit', { EventName: ['AssumeRole'], Outcome: 'succeeded', MaxResults: 1 })).json()['Events'] as {
          Record: Record<string, unknown>;
        }[]
      ).map(({ Record }) => Record);
    const [own] = await visits(admin);
    const [others] = await visits(other.admin);
    expect(own!['sharedEventID']).toBeDefined();
    expect(others!['sharedEventID']).toBe(own!['sharedEventID']);
    expect([own!['recipientAccountId'], others!['recipientAccountId']]).toEqual([accountId, '222222222222']);
    expect(others!['userIdentity']).toMatchObject({ type: 'AWSAccount', accountId });
  });

  it('end a session within the policy that it was given', async () => {
    const narrow = server.client(credentialsIn(await assume(visitor, roleArn, { Policy: policyOf(allow('iam:ListUsers')) })));
    expect((await narrow.iam('ListUsers')).status).toBe(200);
    expect((await narrow.iam('CreateUser', { UserName: 'x' })).message).toContain('session policy');
    expect((await narrow.iam('ListGroups')).code).toBe('AccessDenied');
  });
});

describe('an account that is closed', () => {
  it('refuses all its credentials, old sessions included, and leaves its history to the management account', async () => {
    const doomed = await newAccount('333333333333');
    await doomed.admin.mustIam('CreateRole', { RoleName: 'Any', AssumeRolePolicyDocument: trust('arn:aws:iam::333333333333:root') });
    const session = server.client(credentialsIn(await assume(doomed.admin, 'arn:aws:iam::333333333333:role/Any')));
    expect((await session.sts('GetCallerIdentity')).status).toBe(200);
    expect((await admin.ledger('close-account', { AccountId: '333333333333' })).status).toBe(200);
    for (const client of [doomed.root, doomed.admin, session])
      expect(await client.sts('GetCallerIdentity')).toMatchObject({ status: 403, code: 'InvalidClientTokenId' });
    const { Accounts } = (await admin.ledger('list-accounts')).json() as { Accounts: { AccountId: string; Status: string }[] };
    expect(Accounts.map(({ AccountId, Status }) => `${AccountId} ${Status}`)).toEqual([
      `${accountId} ACTIVE`,
      '222222222222 ACTIVE',
      '333333333333 CLOSED',
    ]);
    expect((await admin.iam('ListUsers')).status).toBe(200);
  });
});

describe('a policy about a role that was deleted and made again', () => {
  it('does not hold for the new one’s trusted users by their name alone', async () => {
    const eve = await createUser(admin, 'Eve');
    await admin.mustIam('CreateRole', { RoleName: 'Vault', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:user/Eve`) });
    const RoleArn = `arn:aws:iam::${accountId}:role/Vault`;
    expect((await assume(eve, RoleArn)).status).toBe(200);
    const keys: TestCredentials[] = [eve.credentials];
    for (const { accessKeyId } of keys) await admin.mustIam('DeleteAccessKey', { UserName: 'Eve', AccessKeyId: accessKeyId });
    await admin.mustIam('DeleteUser', { UserName: 'Eve' });
    const impostor = await createUser(admin, 'Eve');
    expect((await assume(impostor, RoleArn)).code).toBe('AccessDenied');
  });
});
