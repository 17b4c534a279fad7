import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli, type Ran } from '../support/cli.ts';
import { createUser, startServer, temporaryDirectory, testEnvironment, type TestServer } from '../support/server.ts';
import type { TestCredentials } from '../support/signed-client.ts';

const project = fileURLToPath(new URL('../../', import.meta.url));
const shared = process.env['IAM_LEDGER_SHARED'] ?? join(project, '..', 'shared');
const trailDirectory = join(shared, 'data', 'invictus-aws-dataset', 'CloudTrail');
const detailsFile = join(shared, 'data', 'cloudsplaining', 'example.json');
const describeIf = (there: boolean) => (there ? describe : describe.skip);

let directory: string;
let server: TestServer;
let administrator: TestCredentials;
const before = { ...process.env };

beforeAll(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  directory = temporaryDirectory();
  server = await startServer({ directory });
  const admin = await server.admin();
  administrator = admin.credentials;
  await createUser(admin, 'alice');
});
afterAll(async () => {
  await server.stop();
  process.env = before;
  rmSync(directory, { recursive: true, force: true });
});

/** The command as the administrator, or as whom `credentials` are of. */
async function cli(args: string, credentials: TestCredentials = administrator): Promise<Ran> {
  process.env['AWS_CONFIG_FILE'] = process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(directory, 'no-such-file');
  process.env['AWS_ACCESS_KEY_ID'] = credentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = credentials.secretAccessKey;
  return runCli(args.split(' '), { env: { ...testEnvironment(directory), AWS_ENDPOINT_URL: server.url }, cwd: directory });
}

async function json<Answer>(args: string, credentials?: TestCredentials): Promise<Answer> {
  const { exitCode, stdout, stderr } = await cli(`${args} --json`, credentials);
  if (exitCode !== 0) throw new Error(`iam-ledger ${args} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

interface AuditAnswer {
  readonly Events: readonly {
    readonly Position: number;
    readonly Record: { readonly eventName: string; readonly eventTime: string; readonly errorCode?: string };
  }[];
  readonly NextCursor?: string;
}

describe('accounts of a running server', () => {
  it('are created with a root key that works, listed and closed', async () => {
    const { Account, RootAccessKey } = await json<{
      Account: { AccountId: string };
      RootAccessKey: { AccessKeyId: string; SecretAccessKey: string };
    }>('accounts create staging --email staging@example.com');
    const root = { accessKeyId: RootAccessKey.AccessKeyId, secretAccessKey: RootAccessKey.SecretAccessKey };
    expect((await cli('accounts list')).stdout).toMatch(new RegExp(`^${Account.AccountId}  staging +ACTIVE`, 'm'));
    expect(await json('state', root)).toMatchObject({ id: Account.AccountId });
    expect(await cli(`accounts close ${Account.AccountId}`)).toMatchObject({ exitCode: 0 });
    expect((await cli('accounts list')).stdout).toMatch(new RegExp(`^${Account.AccountId}  staging +CLOSED`, 'm'));
    expect(await cli('state', root)).toMatchObject({ exitCode: 3 });
  });
});

describe('state of a running server', () => {
  it('is the account now, and as it was at a position and at a time', async () => {
    const [{ Events }, now] = [await json<AuditAnswer>('audit --event-name CreateUser --resource alice'), await cli('state --json')];
    const created = Events[0]!; // beforeAll made alice
    expect(now.stdout).toContain('alice');
    expect((await cli(`state --as-of ${created.Position - 1} --json`)).stdout).not.toContain('alice');
    expect((await cli(`state --as-of ${created.Position} --json`)).stdout).toContain('alice');
    expect((await cli('state --as-of 2001-01-01')).stdout).not.toContain('alice');
    expect(await cli('state --as-of 999999999')).toMatchObject({ exitCode: 1 });
    expect((await cli(`state --as-of ${created.Record.eventTime}`)).stdout).toContain('alice');
    expect((await cli('state --json')).stdout).toBe(now.stdout);
  });

  it('is refused to who may not see it', async () => {
    const nobody = await createUser(await server.admin(), 'nobody');
    const { exitCode, stderr, stdout } = await cli('state', nobody.credentials);
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toContain('iam-ledger:GetState');
  });
});

describe('audit of a running server', () => {
  it('combines filters, and its cursor leads through all calls without repeating any', async () => {
    const all = await json<AuditAnswer>('audit --write-only --limit all --oldest-first');
    const paged: number[] = [];
    for (let cursor = ''; ;) {
      const page = await json<AuditAnswer>(`audit --write-only --limit 2 --oldest-first${cursor}`);
      paged.push(...page.Events.map(({ Position }) => Position));
      if (page.NextCursor === undefined) break;
      cursor = ` --cursor ${page.NextCursor}`;
    }
    expect(paged).toEqual(all.Events.map(({ Position }) => Position));
    expect(new Set(all.Events.map(({ Record }) => Record.eventName))).toContain('AttachUserPolicy');
    const combined = await json<AuditAnswer>('audit --write-only --event-name CreateUser --resource alice --actor admin --since 1h');
    expect(combined.Events).toHaveLength(1);
    expect((await json<AuditAnswer>('audit --write-only --event-name CreateUser --resource alice --actor alice')).Events).toEqual([]);
  });

  it('finds refused calls by their error code', async () => {
    const refused = await createUser(await server.admin(), 'refused');
    await cli('status', refused.credentials);
    await server.parts.activity.flush(); // refused calls are written a moment later
    const { Events } = await json<AuditAnswer>('audit --actor refused --error AccessDenied');
    expect(Events.map(({ Record }) => Record.eventName)).toEqual(['GetStatus']);
  });

  it('has the columns of the CSV in their fixed order', async () => {
    const lines = (await cli('audit --event-name CreateUser --resource alice --output csv')).stdout.split('\r\n');
    expect(lines[0]).toMatch(/^position,eventTime,eventName,/);
    expect(lines[1]).toMatch(/^\d+,.*,CreateUser,iam\.amazonaws\.com,/);
  });
});

describe('status of a running server', () => {
  it('tells that it is ready and where its log ends', async () => {
    const status = await json<{ Ready: boolean; Log: { Head: number } }>('status');
    expect(status.Ready).toBe(true);
    expect(status.Log.Head).toBeGreaterThan(0);
  });
});

const details = existsSync(detailsFile);
describeIf(details)(`import authorization-details${details ? '' : ' (skipped: IAM_LEDGER_SHARED has no data/cloudsplaining)'}`, () => {
  it('brings a whole account in', async () => {
    const { UserDetailList, GroupDetailList, RoleDetailList } = JSON.parse(readFileSync(detailsFile, 'utf8')) as Record<string, unknown[]>;
    const report = await json(`import authorization-details ${detailsFile} --account 000000000077`);
    expect(report).toMatchObject({
      AccountId: '000000000077',
      Users: UserDetailList?.length,
      Groups: GroupDetailList?.length,
      Roles: RoleDetailList?.length,
    });
  });

  it('says which file it is that is no such document', async () => {
    writeFileSync(join(directory, 'wrong.json'), '{"Hello": 1}');
    expect((await cli('import authorization-details wrong.json')).exitCode).toBe(1);
    writeFileSync(join(directory, 'wrong.json'), '{');
    expect((await cli('import authorization-details wrong.json')).stderr).toContain('wrong.json');
  });
});

const trail = existsSync(trailDirectory);
describeIf(trail)(`import cloudtrail${trail ? '' : ' (skipped: IAM_LEDGER_SHARED has no data/invictus-aws-dataset)'}`, () => {
  it('brings every record in once, however often it is imported, and names the gaps', async () => {
    const first = await json<{ Imported: number; Duplicates: number; Gaps: readonly unknown[] }>(`import cloudtrail ${trailDirectory}`);
    expect(first.Imported).toBeGreaterThan(100);
    const second = await json<typeof first>(`import cloudtrail ${trailDirectory}`);
    expect(second).toMatchObject({ Imported: 0, Duplicates: first.Imported + first.Duplicates });
    expect(second.Gaps).toEqual(first.Gaps);
  }, 120_000);
});

describe('the offline commands', () => {
  it('init makes what a first start makes, once', async () => {
    const fresh = temporaryDirectory();
    const run = (args: string) => runCli(args.split(' '), { env: testEnvironment(fresh), cwd: fresh });
    const made = JSON.parse((await run('init --json')).stdout) as {
      AccountId: string;
      RootAccessKey: { AccessKeyId: string; SecretAccessKey: string };
    };
    expect(made).toMatchObject({ AccountId: '000000000001', RootAccessKey: { AccessKeyId: expect.stringMatching(/^AKIA/) } });
    expect(await run('init')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('nothing was changed') });
    expect(await run('verify')).toMatchObject({ exitCode: 0 });
    rmSync(fresh, { recursive: true });
  });

  it('verify runs beside the server, rebuild does not; after a rebuild the same search finds the same calls', async () => {
    expect(await cli('verify')).toMatchObject({ exitCode: 0 });
    expect(await cli('rebuild')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('stop it first') });
    const found = await json<AuditAnswer>('audit --write-only --limit all --until-position 40');
    await server.stop();
    expect(await cli('rebuild')).toMatchObject({ exitCode: 0 });
    server = await startServer({ directory });
    expect(await json('audit --write-only --limit all --until-position 40')).toEqual(found);
  }, 120_000);
});

describe('bin.mjs', () => {
  it('runs the command with whatever Node.js started it', () => {
    const { status, stdout } = spawnSync(process.execPath, [join(project, 'src/cli/bin.mjs'), '--version'], { encoding: 'utf8', cwd: directory });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(status).toBe(0);
  }, 120_000);
});
