import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accountId, allow, policyOf, startServer, trust, type TestServer } from '../support/server.ts';
import { runCommand, unusable } from '../support/commands.ts';
import type { TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(120_000);

// The answers of the command have the shapes of every operation: what a test expects of them it asserts.
// oxlint-disable-next-line no-explicit-any
type Answered = Record<string, any>;

const missing = unusable('aws', '--version');

(missing === '' ? describe : describe.skip)(`the AWS CLI${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  let server: TestServer;
  let administrator: TestCredentials;
  beforeAll(async () => {
    server = await startServer();
    administrator = (await server.admin()).credentials;
  });
  afterAll(() => server.stop());

  const aws = (parameters: readonly string[], credentials: TestCredentials = administrator) =>
    runCommand('aws', parameters, { url: server.url, credentials });

  /** What the command answers; fails with what it says. */
  async function answer(parameters: readonly string[], credentials?: TestCredentials): Promise<Answered> {
    const { exitCode, stdout, stderr } = await aws(parameters, credentials);
    if (exitCode !== 0) throw new Error(`aws ${parameters.join(' ')}: ${stderr}`);
    return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Answered);
  }

  it('makes users, groups and policies, lets them in by what was written, and lists them page by page', async () => {
    const created = await answer(['iam', 'create-user', '--user-name', 'alice', '--path', '/staff/', '--tags', 'Key=team,Value=blue']);
    expect(created['User']).toMatchObject({ UserName: 'alice', Path: '/staff/', Arn: `arn:aws:iam::${accountId}:user/staff/alice` });
    await answer(['iam', 'wait', 'user-exists', '--user-name', 'alice']);
    await answer(['iam', 'create-group', '--group-name', 'readers']);
    const { Policy } = await answer([
      'iam',
      'create-policy',
      '--policy-name',
      'read',
      '--policy-document',
      policyOf(allow(['iam:Get*', 'iam:List*'])),
    ]);
    await answer(['iam', 'wait', 'policy-exists', '--policy-arn', Policy.Arn as string]);
    await answer(['iam', 'attach-group-policy', '--group-name', 'readers', '--policy-arn', Policy.Arn as string]);
    const { AccessKey } = await answer(['iam', 'create-access-key', '--user-name', 'alice']);
    const alice = { accessKeyId: AccessKey.AccessKeyId as string, secretAccessKey: AccessKey.SecretAccessKey as string };
    const refused = await aws(['iam', 'list-users'], alice);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain(
      'An error occurred (AccessDenied) when calling the ListUsers operation: User: arn:aws:iam::000000000001:user/staff/alice is not authorized',
    );
    await answer(['iam', 'add-user-to-group', '--group-name', 'readers', '--user-name', 'alice']);
    const { Users } = await answer(['iam', 'list-users', '--page-size', '1'], alice);
    expect(Users.map(({ UserName }: { UserName: string }) => UserName)).toEqual(['admin', 'alice']);
    expect(
      (await answer(['iam', 'get-policy-version', '--policy-arn', Policy.Arn as string, '--version-id', 'v1'])).PolicyVersion.Document.Statement,
    ).toEqual([{ Effect: 'Allow', Action: ['iam:Get*', 'iam:List*'], Resource: '*' }]);
  });

  it('assumes a role and acts as its session', async () => {
    await answer(['iam', 'create-role', '--role-name', 'deploy', '--assume-role-policy-document', trust(`arn:aws:iam::${accountId}:root`)]);
    await answer(['iam', 'wait', 'role-exists', '--role-name', 'deploy']);
    await answer(['iam', 'put-role-policy', '--role-name', 'deploy', '--policy-name', 'own', '--policy-document', policyOf(allow('iam:ListRoles'))]);
    const { Credentials } = await answer(['sts', 'assume-role', '--role-arn', `arn:aws:iam::${accountId}:role/deploy`, '--role-session-name', 'cli']);
    const session = {
      accessKeyId: Credentials.AccessKeyId as string,
      secretAccessKey: Credentials.SecretAccessKey as string,
      sessionToken: Credentials.SessionToken as string,
    };
    expect((await answer(['sts', 'get-caller-identity'], session)).Arn).toBe(`arn:aws:sts::${accountId}:assumed-role/deploy/cli`);
    expect((await answer(['iam', 'list-roles'], session)).Roles).toHaveLength(1);
    expect((await aws(['iam', 'list-users'], session)).stderr).toContain('(AccessDenied)');
  });

  it('takes a user away in AWS’s order', async () => {
    expect((await aws(['iam', 'delete-user', '--user-name', 'alice'])).stderr).toContain('(DeleteConflict)');
    const { AccessKeyMetadata } = await answer(['iam', 'list-access-keys', '--user-name', 'alice']);
    await answer([
      'iam',
      'update-access-key',
      '--user-name',
      'alice',
      '--access-key-id',
      AccessKeyMetadata[0].AccessKeyId as string,
      '--status',
      'Inactive',
    ]);
    await answer(['iam', 'delete-access-key', '--user-name', 'alice', '--access-key-id', AccessKeyMetadata[0].AccessKeyId as string]);
    await answer(['iam', 'remove-user-from-group', '--group-name', 'readers', '--user-name', 'alice']);
    await answer(['iam', 'delete-user', '--user-name', 'alice']);
    expect((await aws(['iam', 'get-user', '--user-name', 'alice'])).stderr).toContain(
      'An error occurred (NoSuchEntity) when calling the GetUser operation: The user with name alice cannot be found.',
    );
  });

  it('looks up what it did', async () => {
    const { Events } = await answer([
      'cloudtrail',
      'lookup-events',
      '--lookup-attributes',
      'AttributeKey=EventName,AttributeValue=DeleteUser',
      '--max-results',
      '10',
    ]);
    const records = Events.map(({ CloudTrailEvent }: { CloudTrailEvent: string }) => JSON.parse(CloudTrailEvent) as Record<string, unknown>);
    expect(records.map(({ errorCode }: Record<string, unknown>) => errorCode)).toEqual([undefined, 'DeleteConflictException']);
    expect(records[0]).toMatchObject({
      eventName: 'DeleteUser',
      requestParameters: { userName: 'alice' },
      userAgent: expect.stringContaining('aws-cli'),
    });
  });
});
