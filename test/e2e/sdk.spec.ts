import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CloudTrailClient, LookupEventsCommand, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import {
  AddUserToGroupCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteConflictException,
  DeleteUserCommand,
  EntityAlreadyExistsException,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListPoliciesCommand,
  NoSuchEntityException,
  PutRolePolicyCommand,
  TagUserCommand,
  paginateListUsers,
  waitUntilRoleExists,
  waitUntilUserExists,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { accountId, allow, policyOf, startServer, trust, type TestServer } from '../support/server.ts';
import type { TestCredentials } from '../support/signed-client.ts';

let server: TestServer;
let administrator: TestCredentials;
let iam: IAMClient;
beforeAll(async () => {
  server = await startServer();
  administrator = (await server.admin()).credentials;
  iam = new IAMClient(settings());
});
afterAll(() => server.stop());

const settings = (credentials: TestCredentials = administrator, region = 'us-east-1') => ({ endpoint: server.url, region, credentials });

describe('the AWS SDK for JavaScript', () => {
  it('makes a user with a path and tags, and reads back what it wrote, dates included', async () => {
    const { User: created } = await iam.send(
      new CreateUserCommand({ UserName: 'Alice', Path: '/staff/', Tags: [{ Key: 'team', Value: 'blue ü @ home' }] }),
    );
    expect(created?.CreateDate).toBeInstanceOf(Date);
    const { User: read } = await iam.send(new GetUserCommand({ UserName: 'alice' }));
    expect(read).toEqual({ ...created, Tags: [{ Key: 'team', Value: 'blue ü @ home' }] });
    expect(read?.Arn).toBe(`arn:aws:iam::${accountId}:user/staff/Alice`);
  });

  it('gets its own exceptions, with message, request id and status', async () => {
    const missing = await iam.send(new GetUserCommand({ UserName: 'nobody' })).catch((error: unknown) => error);
    expect(missing).toBeInstanceOf(NoSuchEntityException);
    expect(missing).toMatchObject({
      message: 'The user with name nobody cannot be found.',
      $fault: 'client',
      $metadata: { httpStatusCode: 404, attempts: 1, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    await expect(iam.send(new CreateUserCommand({ UserName: 'ALICE' }))).rejects.toBeInstanceOf(EntityAlreadyExistsException);
    await iam.send(new CreateGroupCommand({ GroupName: 'Staff' }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'Staff', UserName: 'Alice' }));
    await expect(iam.send(new DeleteUserCommand({ UserName: 'Alice' }))).rejects.toBeInstanceOf(DeleteConflictException);
    await expect(iam.send(new TagUserCommand({ UserName: 'Alice', Tags: [{ Key: 'aws:x', Value: '' }] }))).rejects.toMatchObject({
      name: 'InvalidInputException',
    });
  });

  it('pages through lists, and its waiters come back', async () => {
    for (let index = 0; index < 7; index += 1) await iam.send(new CreateUserCommand({ UserName: `page-${index}`, Path: '/page/' }));
    const seen: string[] = [];
    let pages = 0;
    for await (const { Users = [] } of paginateListUsers({ client: iam, pageSize: 3 }, { PathPrefix: '/page/' })) {
      pages += 1;
      seen.push(...Users.map(({ UserName }) => UserName!));
    }
    expect({ pages, seen }).toEqual({ pages: 3, seen: ['page-0', 'page-1', 'page-2', 'page-3', 'page-4', 'page-5', 'page-6'] });
    expect((await waitUntilUserExists({ client: iam, maxWaitTime: 10 }, { UserName: 'Alice' })).state).toBe('SUCCESS');
  });

  it('assumes a role with a session policy and tags, and acts as it may', async () => {
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'Deploy',
        AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:root`, { actions: ['sts:AssumeRole', 'sts:TagSession'] }),
      }),
    );
    await waitUntilRoleExists({ client: iam, maxWaitTime: 10 }, { RoleName: 'Deploy' });
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: 'Deploy',
        PolicyName: 'blue',
        PolicyDocument: policyOf(allow(['iam:Get*', 'iam:List*'], '*', { StringEquals: { 'aws:PrincipalTag/team': 'blue' } })),
      }),
    );
    const sts = new STSClient(settings());
    const assume = async (team: string, Policy?: string): Promise<IAMClient> => {
      const { Credentials: found, AssumedRoleUser } = await sts.send(
        new AssumeRoleCommand({
          RoleArn: `arn:aws:iam::${accountId}:role/Deploy`,
          RoleSessionName: 'sdk',
          Tags: [{ Key: 'team', Value: team }],
          DurationSeconds: 900,
          ...(Policy === undefined ? {} : { Policy }),
        }),
      );
      expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${accountId}:assumed-role/Deploy/sdk`);
      expect(found!.Expiration!.getTime()).toBeGreaterThan(Date.now());
      return new IAMClient(
        settings({ accessKeyId: found!.AccessKeyId!, secretAccessKey: found!.SecretAccessKey!, sessionToken: found!.SessionToken! }),
      );
    };
    expect((await (await assume('blue')).send(new GetUserCommand({ UserName: 'Alice' }))).User?.UserName).toBe('Alice');
    await expect((await assume('red')).send(new GetUserCommand({ UserName: 'Alice' }))).rejects.toMatchObject({ name: 'AccessDenied' });
    const narrow = await assume('blue', policyOf(allow('iam:GetUser')));
    expect((await narrow.send(new GetUserCommand({ UserName: 'Alice' }))).User?.UserName).toBe('Alice');
    await expect(narrow.send(new ListPoliciesCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('session policy'),
    });
  });

  it('reads policy documents and booleans as AWS sends them', async () => {
    const document = policyOf(allow('s3:*', 'arn:aws:s3:::a b/+%&<>'));
    const { Policy: policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'Read', PolicyDocument: document }));
    expect(policy).toMatchObject({ DefaultVersionId: 'v1', AttachmentCount: 0, IsAttachable: true, Arn: `arn:aws:iam::${accountId}:policy/Read` });
    const { Policies = [], IsTruncated } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
    expect({ names: Policies.map(({ PolicyName }) => PolicyName), IsTruncated }).toEqual({ names: ['Read'], IsTruncated: false });
  });

  it('looks up what happened, page by page, newest first', async () => {
    const trail = new CloudTrailClient(settings());
    const names: string[] = [];
    for await (const { Events = [] } of paginateLookupEvents(
      { client: trail, pageSize: 4 },
      { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateUser' }] },
    )) {
      names.push(...Events.map(({ Resources = [] }) => Resources.find(({ ResourceType }) => ResourceType === 'AWS::IAM::User')?.ResourceName ?? '?'));
      expect(Events.every(({ EventTime }) => EventTime instanceof Date)).toBe(true);
    }
    expect(names.slice(0, 3)).toEqual(['page-6', 'page-5', 'page-4']);
    await expect(trail.send(new LookupEventsCommand({ StartTime: new Date(2000), EndTime: new Date(1000) }))).rejects.toMatchObject({
      name: 'InvalidTimeRangeException',
    });
  });

  it('signs for any region of the partition, and is refused with a key that was deleted', async () => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'page-0' }));
    const own = new STSClient(settings({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }, 'eu-central-1'));
    expect((await own.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${accountId}:user/page/page-0`);
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'page-0', AccessKeyId: AccessKey!.AccessKeyId }));
    await expect(own.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('retries a change whose answer it did not get, and it ran once', async () => {
    let drops = 1;
    const flaky = new IAMClient(settings());
    // Loses the first answer on its way back, below the retries of the SDK.
    flaky.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        if ((drops -= 1) >= 0) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
        return result;
      },
      { step: 'deserialize', priority: 'low', name: 'loseAnswer' },
    );
    const { AccessKey, $metadata } = await flaky.send(new CreateAccessKeyCommand({ UserName: 'page-1' }));
    expect($metadata.attempts).toBe(2);
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: 'page-1' }));
    expect(AccessKeyMetadata.map(({ AccessKeyId }) => AccessKeyId)).toEqual([AccessKey?.AccessKeyId]);
    const own = new STSClient(settings({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }));
    expect((await own.send(new GetCallerIdentityCommand({}))).UserId).toMatch(/^AIDA/);
  });
});
