import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateRoleCommand,
  GenerateServiceLastAccessedDetailsCommand,
  GetAccessKeyLastUsedCommand,
  GetRoleCommand,
  GetServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsWithEntitiesCommand,
  GetUserCommand,
  IAMClient,
  ListPoliciesGrantingServiceAccessCommand,
  NoSuchEntityException,
  type GetServiceLastAccessedDetailsResponse,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { runCli, type Ran } from '../support/cli.ts';
import { accountId, allow, createUser, startServer, temporaryDirectory, trust, type TestServer } from '../support/server.ts';
import type { SignedClient, TestCredentials } from '../support/signed-client.ts';

const arn = (resource: string): string => `arn:aws:iam::${accountId}:${resource}`;

let directory: string;
let server: TestServer;
let admin: SignedClient;
let alice: SignedClient;
let iam: IAMClient;
const before = { ...process.env };

beforeAll(async () => {
  directory = temporaryDirectory();
  server = await startServer({ directory });
  admin = await server.admin();
  iam = new IAMClient(settings());
  alice = await createUser(admin, 'alice', allow(['iam:GetUser', 'sts:AssumeRole', 's3:GetObject']));
  await iam.send(new CreateRoleCommand({ RoleName: 'deploy', AssumeRolePolicyDocument: trust(arn('user/alice')) }));
});
afterAll(async () => {
  process.env = before;
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

const settings = (credentials: TestCredentials = admin.credentials) => ({ endpoint: server.url, region: 'us-east-1', credentials });

/** Everything that was done is in the history. */
async function settled(): Promise<void> {
  await server.parts.activity.flush();
  await server.parts.accessHistory.waitFor(server.parts.ledger.head());
}

/** The command as the administrator; it reads its credentials from the environment of the process. */
async function run(...args: readonly string[]): Promise<Ran> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: admin.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: admin.credentials.secretAccessKey });
  return runCli(args, { env: { AWS_ENDPOINT_URL: server.url } });
}

interface Uses {
  readonly Uses: readonly Readonly<Record<string, unknown>>[];
  readonly NextCursor?: string;
}

async function uses(operation: 'used-by' | 'who-used', input: object): Promise<Uses> {
  const answer = await admin.ledger(operation, input as never);
  expect(answer.status).toBe(200);
  return answer.json() as unknown as Uses;
}

describe('who used what', () => {
  it('is told of a user, refused attempts apart from uses, and of the role behind a session', async () => {
    for (let call = 0; call < 3; call++) expect((await alice.iam('GetUser')).status).toBe(200);
    expect((await alice.iam('ListUsers')).code).toBe('AccessDenied');
    const sts = new STSClient(settings(alice.credentials));
    const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: arn('role/deploy'), RoleSessionName: 'ci' }));
    const session = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    await new STSClient(settings(session)).send(new GetCallerIdentityCommand({}));
    await settled();

    const { Uses } = await uses('used-by', { Principal: 'alice' });
    expect(Uses.map(({ Action, Uses: times, Attempts }) => [Action, times, Attempts])).toEqual([
      ['iam:GetUser', 3, 0],
      ['iam:ListUsers', 0, 1],
      ['sts:AssumeRole', 1, 0],
    ]);
    expect(Uses[0]).toMatchObject({ PrincipalArn: arn('user/alice'), PrincipalType: 'User', AccountId: accountId, SourceIPAddress: '127.0.0.1' });
    expect(Uses[0]).not.toHaveProperty('LastAttempted');
    expect(Uses[1]).not.toHaveProperty('LastUsed');
    for (const Principal of [arn('role/deploy'), `arn:aws:sts::${accountId}:assumed-role/deploy/ci`, 'deploy']) {
      expect((await uses('used-by', { Principal })).Uses).toMatchObject([
        { Action: 'sts:GetCallerIdentity', PrincipalArn: arn('role/deploy'), Uses: 1 },
      ]);
    }
    const { Uses: assumed } = await uses('who-used', { Action: 'sts:assumerole', Resource: arn('role/deploy'), Detail: true });
    expect(assumed).toMatchObject([
      { PrincipalArn: arn('user/alice'), Uses: 1, Resources: [{ Resource: arn('role/deploy'), Uses: 1 }], Days: [{ Uses: 1 }] },
    ]);
  });

  it('counts what applications ask about', async () => {
    const question = { PrincipalArn: arn('user/alice'), Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/2026.csv' };
    const denied = { ...question, Action: 's3:DeleteObject' };
    expect((await admin.ledger('authorize', { Requests: [question, denied] as never })).status).toBe(200);
    await settled();
    const { Uses } = await uses('who-used', { Action: 's3:*' });
    expect(Uses).toMatchObject([
      { Action: 's3:DeleteObject', PrincipalArn: arn('user/alice'), Uses: 0, Attempts: 1 },
      { Action: 's3:GetObject', PrincipalArn: arn('user/alice'), Uses: 1, Attempts: 0 },
    ]);
    expect((await uses('who-used', { Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/2025.csv' })).Uses).toEqual([]);
  });

  it('comes page by page, with a cursor that is good for this question alone', async () => {
    const first = await uses('used-by', { Principal: 'alice', MaxResults: 2 });
    const second = await uses('used-by', { Principal: 'alice', MaxResults: 2, Cursor: first.NextCursor });
    expect(first.Uses).toHaveLength(2);
    expect(second.Uses).not.toContainEqual(first.Uses[1]);
    const other = await admin.ledger('used-by', { Principal: 'admin', MaxResults: 2, Cursor: first.NextCursor as string });
    expect(other).toMatchObject({ status: 400 });
    expect((await admin.ledger('who-used', { Action: 's3:Get Object' })).status).toBe(400);
  });

  it('is told to those who may ask only', async () => {
    expect(await alice.ledger('who-used', { Action: 's3:*' })).toMatchObject({ status: 403 });
    expect(await alice.ledger('used-by', { Principal: 'alice' })).toMatchObject({ status: 403 });
  });

  it('is printed by the command, as a table and as JSON', async () => {
    const table = await run('used-by', 'alice', '--limit', '2');
    expect(table.exitCode).toBe(0);
    expect(table.stdout).toMatch(/user\/alice\s+iam:GetUser\s+3/);
    expect(table.stderr).toContain('--cursor');
    const json = await run('who-used', 'iam:GetUser', '--detail', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ Uses: expect.arrayContaining([expect.objectContaining({ Uses: 3, Days: expect.any(Array) })]) });
    expect((await run('used-by', 'alice', '--limit', '0')).exitCode).not.toBe(0);
  });
});

describe('the reports of last access', () => {
  const get = (JobId: string) => iam.send(new GetServiceLastAccessedDetailsCommand({ JobId }));
  const generate = (Arn: string, Granularity: 'SERVICE_LEVEL' | 'ACTION_LEVEL' = 'SERVICE_LEVEL') =>
    iam.send(new GenerateServiceLastAccessedDetailsCommand({ Arn, Granularity }));

  it('list the services of a user and who used them, as the SDK reads them', async () => {
    await settled();
    const { JobId } = await generate(arn('user/alice'), 'ACTION_LEVEL');
    const report = await get(JobId!);
    expect(report).toMatchObject({ JobStatus: 'COMPLETED', JobType: 'ACTION_LEVEL', JobCreationDate: expect.any(Date), IsTruncated: false });
    expect(
      report.ServicesLastAccessed!.map(({ ServiceNamespace, TotalAuthenticatedEntities }) => [ServiceNamespace, TotalAuthenticatedEntities]),
    ).toEqual([
      ['iam', 1],
      ['s3', 1],
      ['sts', 1],
    ]);
    expect(report.ServicesLastAccessed![0]!.TrackedActionsLastAccessed).toMatchObject([
      { ActionName: 'GetUser', LastAccessedEntity: arn('user/alice') },
    ]);
    const entities = await iam.send(new GetServiceLastAccessedDetailsWithEntitiesCommand({ JobId: JobId!, ServiceNamespace: 's3' }));
    expect(entities.EntityDetailsList).toMatchObject([{ EntityInfo: { Arn: arn('user/alice'), Type: 'USER' }, LastAuthenticated: expect.any(Date) }]);
    const granting = await iam.send(new ListPoliciesGrantingServiceAccessCommand({ Arn: arn('user/alice'), ServiceNamespaces: ['s3', 'sqs'] }));
    expect(granting.PoliciesGrantingServiceAccess).toMatchObject([
      { ServiceNamespace: 's3', Policies: [{ PolicyName: 'own', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'alice' }] },
      { ServiceNamespace: 'sqs' },
    ]);
    await expect(get(JobId!.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))).rejects.toBeInstanceOf(NoSuchEntityException);
  });

  it('have ids that outlive a restart and a history that was thrown away', async () => {
    const { JobId } = await generate(arn('user/alice'));
    const said = withoutRequest(await get(JobId!));
    await server.stop();
    rmSync(join(directory, 'access-history'), { recursive: true });
    server = await startServer({ directory });
    admin = server.client(admin.credentials);
    iam = new IAMClient(settings());
    await server.parts.accessHistory.waitFor(server.parts.ledger.head());
    expect(withoutRequest(await get(JobId!))).toEqual(said);
  });

  function withoutRequest({ $metadata: _metadata, ...report }: GetServiceLastAccessedDetailsResponse & { $metadata: unknown }) {
    return report;
  }
});

describe('the last use of keys, roles and passwords', () => {
  const record = (number: number, eventName: string, more: object) => ({
    eventVersion: '1.11',
    eventTime: `2026-01-0${number}T10:00:00Z`,
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'eu-central-1',
    sourceIPAddress: '192.0.2.7',
    userAgent: 'test',
    requestParameters: null,
    responseElements: null,
    requestID: `00000000-0000-4000-8000-00000000000${number}`,
    eventID: `10000000-0000-4000-8000-00000000000${number}`,
    eventType: 'AwsApiCall',
    readOnly: true,
    recipientAccountId: accountId,
    managementEvent: true,
    eventCategory: 'Management',
    ...more,
  });

  it('is right of what was imported, at once, without a restart', async () => {
    const UserId = (await iam.send(new GetUserCommand({ UserName: 'alice' }))).User!.UserId!;
    const Role = (await iam.send(new GetRoleCommand({ RoleName: 'deploy' }))).Role!;
    await createUser(admin, 'imported');
    const created = (await admin.mustIam('CreateAccessKey', { UserName: 'imported' })).body;
    const AccessKeyId = /<AccessKeyId>(\w+)<\/AccessKeyId>/.exec(created)![1]!;
    const user = { type: 'IAMUser', principalId: UserId, arn: arn('user/alice'), accountId, userName: 'alice', accessKeyId: AccessKeyId };
    const session = {
      type: 'AssumedRole',
      principalId: `${Role.RoleId}:old`,
      arn: `arn:aws:sts::${accountId}:assumed-role/deploy/old`,
      accountId,
      accessKeyId: 'ASIAIMPORTEDIMPORTED',
      sessionContext: { sessionIssuer: { type: 'Role', principalId: Role.RoleId, arn: Role.Arn, accountId, userName: 'deploy' } },
    };
    const file = join(directory, 'records.json');
    writeFileSync(
      file,
      JSON.stringify({
        Records: [
          record(1, 'ListUsers', { userIdentity: user }),
          record(2, 'ListQueues', { userIdentity: session, eventSource: 'sqs.amazonaws.com' }),
          record(3, 'ConsoleLogin', {
            userIdentity: user,
            eventSource: 'signin.amazonaws.com',
            eventType: 'AwsConsoleSignIn',
            responseElements: { ConsoleLogin: 'Success' },
          }),
        ],
      }),
    );
    const { exitCode, stderr } = await run('import', 'cloudtrail', file);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const key = await eventually(
      () => iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId })),
      (answer) => answer.AccessKeyLastUsed?.LastUsedDate !== undefined,
    );
    expect(key).toMatchObject({
      UserName: 'imported',
      AccessKeyLastUsed: { LastUsedDate: new Date('2026-01-03T10:00:00Z'), ServiceName: 'signin', Region: 'eu-central-1' },
    });
    expect((await iam.send(new GetUserCommand({ UserName: 'alice' }))).User!.PasswordLastUsed).toEqual(new Date('2026-01-03T10:00:00Z'));
    expect((await uses('who-used', { Action: 'sqs:ListQueues' })).Uses).toMatchObject([
      { PrincipalArn: Role.Arn, LastUsed: '2026-01-02T10:00:00.000Z' },
    ]);
    // An old record takes nothing back of what was used since.
    expect((await iam.send(new GetRoleCommand({ RoleName: 'deploy' }))).Role!.RoleLastUsed!.LastUsedDate!.getTime()).toBeGreaterThan(
      Date.parse('2026-01-02T10:00:00Z'),
    );
  });

  it('shows that a key which was made inactive is still tried, and that this is no use of it', async () => {
    const bob = await createUser(admin, 'bob', allow('iam:GetUser'));
    const { accessKeyId } = bob.credentials;
    await bob.mustIam('GetUser');
    await admin.mustIam('UpdateAccessKey', { UserName: 'bob', AccessKeyId: accessKeyId, Status: 'Inactive' });
    await settled();
    const used = server.parts.accessHistory.subject('access-key', accessKeyId)!;
    expect(used).toMatchObject({ uses: 1, attempts: 0 });
    for (let attempt = 0; attempt < 3; attempt++) expect((await bob.iam('ListUsers')).code).toBe('InvalidClientTokenId');
    const forged = admin.as({ accessKeyId, secretAccessKey: 'not the secret' });
    expect((await forged.iam('GetUser')).code).toBe('InvalidClientTokenId');
    const tried = await eventually(
      async () => {
        await settled();
        return server.parts.accessHistory.subject('access-key', accessKeyId)!;
      },
      ({ attempts }) => attempts > 0,
    );
    // Once a minute is enough; a forged signature is not the owner's.
    expect(tried).toMatchObject({ last: used.last, uses: 1, attempts: 1, lastAttempt: expect.any(Number) });
    const { Events } = (await admin.ledger('search-audit', { AccessKeyId: [accessKeyId], ErrorCode: ['InvalidClientTokenId'] })).json() as {
      Events: { Record: object }[];
    };
    expect(Events).toMatchObject([{ Record: { eventName: 'ListUsers', eventSource: 'iam.amazonaws.com', userIdentity: { userName: 'bob' } } }]);
  });

  async function eventually<Answer>(ask: () => Promise<Answer>, isRight: (answer: Answer) => boolean): Promise<Answer> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await ask();
      if (isRight(answer)) return answer;
      await sleep(50);
    }
    throw new Error('it never came');
  }
});
