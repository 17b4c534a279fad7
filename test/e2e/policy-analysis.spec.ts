import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AccessAnalyzerClient,
  CheckAccessNotGrantedCommand,
  CheckNoNewAccessCommand,
  CheckNoPublicAccessCommand,
} from '@aws-sdk/client-accessanalyzer';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../support/cli.ts';
import { accountId, startServer, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

const document = (...Statement: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource = '*'): object => ({ Effect: 'Allow', Action, Resource });
const userArn = (name: string): string => `arn:aws:iam::${accountId}:user/${name}`;
const roleArn = `arn:aws:iam::${accountId}:role/App`;

let server: TestServer;
let admin: SignedClient;
let analyzer: AccessAnalyzerClient;
let directory: string;
let beforeCarol: string;
const environment = { ...process.env };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-analysis-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  server = await startServer();
  admin = await server.admin();
  await admin.mustIam('CreateUser', { UserName: 'Alice' });
  await admin.mustIam('PutUserPolicy', {
    UserName: 'Alice',
    PolicyName: 'Home',
    PolicyDocument: document(allow('s3:*', 'arn:aws:s3:::homes/${aws:username}/*')),
  });
  await admin.mustIam('CreateUser', { UserName: 'Bob' });
  await admin.mustIam('CreateRole', {
    RoleName: 'App',
    AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { AWS: userArn('Bob') }, Action: 'sts:AssumeRole' }),
  });
  await admin.mustIam('PutRolePolicy', {
    RoleName: 'App',
    PolicyName: 'Queues',
    PolicyDocument: document(allow('sqs:SendMessage'), { ...allow('s3:GetObject'), Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }),
  });
  beforeCarol = String(server.parts.ledger.head());
  await admin.mustIam('CreateUser', { UserName: 'Carol' });
  await admin.mustIam('PutUserPolicy', { UserName: 'Carol', PolicyName: 'Send', PolicyDocument: document(allow('sqs:SendMessage')) });
  const { accessKeyId, secretAccessKey } = admin.credentials;
  process.env['AWS_ACCESS_KEY_ID'] = accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = secretAccessKey;
  analyzer = new AccessAnalyzerClient({ endpoint: server.url, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } });
});
afterAll(async () => {
  process.env = environment;
  analyzer.destroy();
  rmSync(directory, { recursive: true });
  await server.stop();
});

const ask = async (operation: string, input: object): Promise<Record<string, unknown>> =>
  JSON.parse((await admin.ledger(operation, input as Record<string, unknown>)).body) as Record<string, unknown>;
const arns = ({ Principals }: Record<string, unknown>): string[] =>
  (Principals as { PrincipalArn: string }[]).map(({ PrincipalArn }) => PrincipalArn);

describe('Who can', () => {
  it('names users and roles, now and as it was', async () => {
    const now = await ask('who-can', { Action: 'sqs:SendMessage' });
    expect(now).toMatchObject({ Allowed: 3, Asked: 5 });
    expect(arns(now)).toEqual([userArn('admin'), userArn('Carol'), roleArn]);
    expect(arns(await ask('who-can', { Action: 'sqs:SendMessage', AsOf: beforeCarol }))).toEqual([userArn('admin'), roleArn]);
    expect(await ask('who-can', { Action: 'sqs:SendMessage', MaxResults: 1 })).toMatchObject({ Allowed: 3, Principals: [{ Type: 'User' }] });
  });

  it('knows who asks, and what is given', async () => {
    const Resource = 'arn:aws:s3:::homes/Alice/x';
    expect(arns(await ask('who-can', { Action: 's3:GetObject', Resource }))).toEqual([userArn('admin'), userArn('Alice')]);
    expect(arns(await ask('who-can', { Action: 's3:GetObject', Resource, Context: { 'aws:SourceIp': '10.1.2.3' } }))).toEqual([
      userArn('admin'),
      userArn('Alice'),
      roleArn,
    ]);
    expect(await ask('who-can', { Action: 's3:GetObject', Context: { 'aws:username': 'Alice' } })).toMatchObject({
      message: expect.stringContaining('the server knows it'),
    });
  });

  it('heeds the trust policy of a role', async () => {
    expect(arns(await ask('who-can', { Action: 'sts:AssumeRole', Resource: roleArn }))).toEqual([userArn('Bob')]);
  });
});

describe('What can', () => {
  it('names the actions of a principal on a resource, and on some resource or other', async () => {
    const PrincipalArn = userArn('Alice');
    const there = (await ask('what-can', { PrincipalArn, Resource: 'arn:aws:s3:::homes/Alice/x' }))['Actions'] as string[];
    expect(there).toContain('s3:GetObject');
    expect(there.every((action) => action.startsWith('s3:'))).toBe(true);
    expect(await ask('what-can', { PrincipalArn, Resource: 'arn:aws:s3:::homes/Bob/x' })).toMatchObject({ Actions: [] });
    expect(await ask('what-can', { PrincipalArn })).toMatchObject({ Actions: there });
    expect(await ask('what-can', { PrincipalArn: userArn('Bob'), Resource: roleArn })).toMatchObject({ Actions: ['sts:AssumeRole'] });
  });

  it('refuses whoever is not there', async () => {
    expect(await ask('what-can', { PrincipalArn: userArn('Nobody') })).toMatchObject({ message: expect.stringContaining('is not in account') });
  });
});

describe('The difference of policies', () => {
  const Before = document(allow('s3:Get*'));
  const After = document(allow(['s3:GetObject', 's3:PutObject']));

  it('is told both ways', async () => {
    expect(await ask('policy-diff', { Before, After })).toMatchObject({
      NewAccess: { Found: true, Example: { Action: 's3:PutObject' } },
      LostAccess: { Found: true },
    });
    expect(await ask('policy-diff', { Before, After: document(allow('s3:GetObject')) })).toMatchObject({
      NewAccess: { Found: false, Proof: 'exact' },
      LostAccess: { Found: true },
    });
    expect(await ask('policy-diff', { Before: '{', After })).toMatchObject({
      __type: 'MalformedPolicyDocument',
      message: expect.stringContaining('Before: '),
    });
  });

  it("is checked for AWS's own client", async () => {
    const policyType = 'IDENTITY_POLICY' as const;
    const check = (newPolicyDocument: string) =>
      analyzer.send(new CheckNoNewAccessCommand({ existingPolicyDocument: Before, newPolicyDocument, policyType }));
    expect(await check(document(allow('s3:GetObject')))).toMatchObject({ result: 'PASS', reasons: [] });
    expect(await check(After)).toMatchObject({
      result: 'FAIL',
      reasons: [{ statementIndex: 0, description: expect.stringContaining('s3:PutObject') }],
    });
    expect(
      await analyzer.send(new CheckAccessNotGrantedCommand({ policyDocument: After, access: [{ actions: ['s3:Put*'] }], policyType })),
    ).toMatchObject({ result: 'FAIL' });
    expect(
      await analyzer.send(new CheckAccessNotGrantedCommand({ policyDocument: After, access: [{ actions: ['iam:*'] }], policyType })),
    ).toMatchObject({ result: 'PASS' });
    await expect(check('{')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it("is no public access for AWS's own client", async () => {
    const check = (policyDocument: string) => analyzer.send(new CheckNoPublicAccessCommand({ policyDocument, resourceType: 'AWS::S3::Bucket' }));
    expect(await check(document({ ...allow('s3:GetObject', 'arn:aws:s3:::b/*'), Principal: '*' }))).toMatchObject({
      result: 'FAIL',
      reasons: [{ statementIndex: 0 }],
    });
    expect(await check(document({ ...allow('s3:GetObject', 'arn:aws:s3:::b/*'), Principal: { AWS: accountId } }))).toMatchObject({ result: 'PASS' });
  });
});

describe('The command', () => {
  const cli = (...args: string[]) => runCli(['--endpoint-url', server.url, 'policy', ...args], { env: {}, cwd: directory });

  it('tells who can and what can', async () => {
    const who = await cli('who-can', '--action', 'sqs:SendMessage');
    expect(who).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(userArn('Carol')),
      stderr: expect.stringContaining('3 of 5 users and roles'),
    });
    expect(await cli('what-can', '--principal', userArn('Carol'))).toMatchObject({ exitCode: 0, stdout: 'sqs:SendMessage\n' });
  });

  it('tells what a change of a policy allows, and can fail for it', async () => {
    writeFileSync(join(directory, 'before.json'), document(allow('s3:Get*')));
    writeFileSync(join(directory, 'after.json'), document(allow('s3:GetObject')));
    expect(await cli('diff', 'before.json', 'after.json', '--no-new-access')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^no new access\nlost access, for example:\n {2}s3:Get/),
    });
    expect(await cli('diff', 'after.json', 'before.json', '--no-new-access')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('before.json may allow what after.json does not'),
    });
    expect(JSON.parse((await cli('diff', 'before.json', 'after.json', '--json')).stdout)).toMatchObject({
      NewAccess: { Found: false, Proof: 'exact' },
      LostAccess: { Found: true },
    });
    expect(await cli('diff', 'before.json', 'absent.json')).toMatchObject({ exitCode: 2 });
  });
});
