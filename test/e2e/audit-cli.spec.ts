import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli, type Ran } from '../support/cli.ts';
import { accountId, allow, createUser, startServer, temporaryDirectory, testEnvironment, type TestServer } from '../support/server.ts';
import type { TestCredentials } from '../support/signed-client.ts';

let directory: string;
let server: TestServer;
let credentials: TestCredentials;
let start: number;
const before = { ...process.env };
const alice = `arn:aws:iam::${accountId}:user/alice`;

beforeAll(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  directory = temporaryDirectory();
  server = await startServer({ directory });
  const admin = await server.admin();
  credentials = admin.credentials;
  start = server.parts.ledger.head();
  await createUser(admin, 'alice', allow('sqs:ListQueues'));
  await admin.mustIam('CreateUser', { UserName: '=1+1' });
  await admin.mustIam('CreateAccessKey', { UserName: '=1+1' });
});
afterAll(async () => {
  await server.stop();
  process.env = before;
  rmSync(directory, { recursive: true, force: true });
});

async function cli(...args: string[]): Promise<Ran> {
  process.env['AWS_CONFIG_FILE'] = process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(directory, 'no-such-file');
  process.env['AWS_ACCESS_KEY_ID'] = credentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = credentials.secretAccessKey;
  return runCli(args, { env: { ...testEnvironment(directory), AWS_ENDPOINT_URL: server.url }, cwd: directory });
}

describe('the command for auditors', () => {
  it('explains, down to the event and who was behind it', async () => {
    const { stdout, exitCode } = await cli('explain', alice, 'sqs:ListQueues');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Allowed\n  Allow  user/alice/inline/own, statement 0, line 1, column ');
    expect(stdout).toMatch(
      /user\/alice has the inline policy own; without it: ImplicitlyDenied\n {6}since \S+ \(position \d+\): PutUserPolicy by \S+:user\/admin/,
    );
    expect(await cli('explain', alice, 'sqs:ListQueues', '--as-of', String(start))).toMatchObject({ exitCode: 1 });
    expect((await cli('explain', alice, 'sqs:DeleteQueue')).stdout).toBe('ImplicitlyDenied by identity\n  no statement applies\n');
  });

  it('tells what changed', async () => {
    const { stdout, stderr } = await cli('diff', String(start), '--entity', 'user/alice', '--level', 'permission');
    expect(stdout).toMatch(/^permission +user\/alice +sqs:ListQueues +may +\d+ +\S+:user\/admin$/m);
    expect(stderr).toMatch(/^1 changes from position \d+ to \d+$/m);
    expect(await cli('diff', '0', '--level', 'shoes')).toMatchObject({ exitCode: 2 });
  });

  it('tells what would be', async () => {
    writeFileSync(
      join(directory, 'commands.json'),
      JSON.stringify([{ Operation: 'DeleteUserPolicy', Input: { UserName: 'alice', PolicyName: 'own' } }]),
    );
    const { stdout, stderr } = await cli('what-if', 'commands.json');
    expect(stdout).toMatch(/^permission +user\/alice +sqs:ListQueues +may$/m);
    expect(stderr).toContain('Nothing was changed.');
    expect(await cli('what-if', 'none.json')).toMatchObject({ exitCode: 1 });
  });

  it('reports credentials: a table, a sheet that no name can turn into a formula, and the file of AWS', async () => {
    expect((await cli('report', 'credentials')).stdout).toMatch(/^alice +AccessKey +AKIA/m);
    const sheet = (await cli('report', 'credentials', '--output', 'csv')).stdout;
    expect(sheet).toMatch(/^User,Kind,Id,/);
    expect(sheet).toContain("\r\n'=1+1,AccessKey,");
    const file = (await cli('report', 'credentials', '--aws')).stdout;
    expect(file).toMatch(/^user,arn,user_creation_time,/);
    expect(file).toContain('\n=1+1,arn:aws:iam::');
    expect(await cli('report', 'credentials', '--aws', '--output', 'csv')).toMatchObject({ exitCode: 2 });
  });

  it('writes the history as OCSF events, one a line', async () => {
    const { stdout } = await cli('audit', '--event-name', 'CreateUser', '--resource', 'alice', '--output', 'ocsf');
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type_uid: number }).type_uid)).toEqual([300101]);
  });

  it('is described where the documentation is', () => {
    const documentation = readFileSync(new URL('../../docs/json-api.md', import.meta.url), 'utf8');
    for (const path of ['explain-access', 'diff-account', 'what-if', 'report-credentials']) expect(documentation).toContain(`/v1/${path}`);
  });
});
