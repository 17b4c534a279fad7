import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { runCli, startFakeServer, testCredentials, type FakeServer, type Ran, type ReceivedCall, type FakeAnswer } from '../../test/support/cli.ts';
import { createProgram } from './main.ts';

let directory: string;
let server: FakeServer | undefined;
const before = { ...process.env };

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'iam-ledger-cli-'));
  // The SDK reads credentials from the process's own environment.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = join(directory, 'aws-config');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(directory, 'aws-credentials');
  process.env['AWS_ACCESS_KEY_ID'] = testCredentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = testCredentials.secretAccessKey;
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
afterAll(() => {
  process.env = before;
  rmSync(directory, { recursive: true });
});

async function withServer(
  answer: (call: ReceivedCall, count: number) => FakeAnswer,
  ...args: readonly string[]
): Promise<Ran & { readonly calls: readonly ReceivedCall[] }> {
  server = await startFakeServer(answer);
  const ran = await runCli(args, { env: { AWS_ENDPOINT_URL: server.endpoint }, cwd: directory });
  return { ...ran, calls: server.calls };
}

const auditEvent = (position: number, more: object = {}) => ({
  Position: position,
  Record: {
    eventTime: '2026-01-01T00:00:00Z',
    eventName: 'CreateUser',
    eventSource: 'iam.amazonaws.com',
    eventID: `id-${position}`,
    userIdentity: { arn: 'arn:aws:iam::000000000001:user/alice' },
    ...more,
  },
});

describe('every command', () => {
  const leaves = (command: Command): Command[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leaves));
  const program = createProgram({ stdout: { write: () => undefined }, stderr: { write: () => undefined }, env: {}, cwd: '/' });
  const paths = leaves(program).map((command) => {
    const path: string[] = [];
    for (let each: Command | null = command; each?.parent; each = each.parent) path.unshift(each.name());
    return path.join(' ');
  });

  it.each(paths)('%s has help with an example and --json', async (path) => {
    const { exitCode, stdout } = await runCli([...path.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:\n  $ ');
    expect(stdout).toContain(`iam-ledger ${path}`);
    expect(stdout).toContain('--json');
  });
});

describe('exit codes', () => {
  it('are told by --help', async () => {
    const { stdout } = await runCli(['--help']);
    for (const code of [0, 1, 2, 3, 4]) expect(stdout).toMatch(new RegExp(`^  ${code}  \\w`, 'm'));
  });

  it.each([
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['status', '--frobnicate']],
    ['options that exclude each other', ['audit', '--read-only', '--write-only']],
    ['a value out of range', ['audit', '--limit', '0']],
    ['formats that contradict each other', ['audit', '--json', '--output', 'csv']],
    ['a profile that is not there', ['status', '--profile', 'absent']],
    ['a data directory without a log', ['verify', '--data', 'absent']],
    ['a wrong setting', ['config', '--config', 'absent.json']],
  ])('2 for %s, and nothing on standard output', async (_case, args) => {
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: directory });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^iam-ledger: /);
  });

  it('3 where the server refuses', async () => {
    const { exitCode, stderr } = await withServer(() => ({ status: 403, body: { __type: 'AccessDenied', message: 'no\u001b[2J' } }), 'status');
    expect([exitCode, stderr]).toEqual([3, 'iam-ledger: AccessDenied: no\\u001b[2J\n']);
  });

  it('4 where no server answers', async () => {
    const { exitCode, stderr } = await runCli(['status', '--endpoint-url', 'http://127.0.0.1:1'], { cwd: directory });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('npm start');
  });

  it('2 with what to do where there are no credentials', async () => {
    delete process.env['AWS_ACCESS_KEY_ID'];
    try {
      const { exitCode, stderr } = await runCli(['status', '--endpoint-url', 'http://127.0.0.1:1'], { cwd: directory });
      expect(exitCode).toBe(2);
      expect(stderr).toContain('Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
    } finally {
      process.env['AWS_ACCESS_KEY_ID'] = testCredentials.accessKeyId;
    }
  });
});

describe('accounts', () => {
  const account = { AccountId: '000000000002', AccountName: 'staging', Partition: 'aws', Status: 'ACTIVE', CreatedAt: '2026-01-01T00:00:00Z' };

  it('are created with what was asked, and the key of the root user is shown', async () => {
    const answer = { Account: account, RootAccessKey: { AccessKeyId: 'AKIAX', SecretAccessKey: 'shown once' } };
    const { calls, stdout } = await withServer(() => ({ body: answer }), 'accounts', 'create', 'staging', '--id', '000000000002');
    expect(calls[0]).toMatchObject({ operation: 'create-account', input: { AccountName: 'staging', AccountId: '000000000002' } });
    expect(stdout).toContain('AWS_SECRET_ACCESS_KEY=shown once');
  });

  it('are listed as a table, or with --json as the server said', async () => {
    expect((await withServer(() => ({ body: { Accounts: [account] } }), 'accounts', 'list')).stdout).toContain('000000000002  staging  ACTIVE');
    await server?.close();
    expect(JSON.parse((await withServer(() => ({ body: { Accounts: [account] } }), 'accounts', 'list', '--json')).stdout)).toEqual({
      Accounts: [account],
    });
  });

  it('are closed by their id', async () => {
    const { calls, exitCode } = await withServer(() => ({ body: {} }), 'accounts', 'close', '000000000002');
    expect([calls[0]?.operation, calls[0]?.input, exitCode]).toEqual(['close-account', { AccountId: '000000000002' }, 0]);
  });
});

describe('state', () => {
  it('asks for a moment or a position, and prints canonical JSON untouched with --json', async () => {
    const canonical = '{"account":{"id":"1"}}';
    const { calls, stdout } = await withServer(() => ({ body: canonical }), 'state', '--as-of', '2026-01-01', '--json');
    expect(calls[0]?.input).toEqual({ AsOf: '2026-01-01T00:00:00Z' });
    expect(stdout).toBe(`${canonical}\n`);
    await server?.close();
    expect((await withServer(() => ({ body: canonical }), 'state', '--as-of', '17')).calls[0]?.input).toEqual({ AsOf: 17 });
  });
});

describe('audit', () => {
  it('sends the filters that were given and no others', async () => {
    const { calls } = await withServer(
      () => ({ body: { Events: [] } }),
      ...'audit --actor alice --event-name A --event-name B --error --write-only --since 2026-01-01 --from-position 5 --oldest-first --limit 7 --text x'.split(
        ' ',
      ),
    );
    expect(calls[0]?.input).toEqual({
      Actor: ['alice'],
      EventName: ['A', 'B'],
      Outcome: 'failed',
      ReadOnly: false,
      StartTime: '2026-01-01T00:00:00Z',
      FromPosition: 5,
      Order: 'oldest',
      MaxResults: 7,
      Text: 'x',
    });
  });

  it('takes --error with a code for that code', async () => {
    const { calls } = await withServer(() => ({ body: { Events: [] } }), 'audit', '--error', 'AccessDenied');
    expect(calls[0]?.input).toMatchObject({ ErrorCode: ['AccessDenied'] });
    expect(calls[0]?.input).not.toHaveProperty('Outcome');
  });

  it('goes from page to page up to the limit, an empty page included, and says where to go on', async () => {
    const pages = [
      { Events: [auditEvent(9), auditEvent(8)], NextCursor: 'c1' },
      { Events: [], NextCursor: 'c2' },
      { Events: [auditEvent(7)], NextCursor: 'c3' },
    ];
    const { calls, stdout } = await withServer((_call, count) => ({ body: pages[count - 1] }), 'audit', '--limit', '3', '--json');
    expect(calls.map(({ input }) => [input['Cursor'], input['MaxResults']])).toEqual([
      [undefined, 3],
      ['c1', 1],
      ['c2', 1],
    ]);
    const answer = JSON.parse(stdout) as { Events: { Position: number }[]; NextCursor: string };
    expect([answer.Events.map(({ Position }) => Position), answer.NextCursor]).toEqual([[9, 8, 7], 'c3']);
  });

  it('prints a table that no user agent or name can forge', async () => {
    const { stdout } = await withServer(() => ({ body: { Events: [auditEvent(1, { sourceIPAddress: '1.2.3.4\n2  forged' })] } }), 'audit');
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(stdout).toContain('arn:aws:iam::000000000001:user/alice');
  });

  it('prints CSV that no spreadsheet takes for formulas, and a line of JSON for each event with ndjson', async () => {
    const events = [auditEvent(1, { userIdentity: { userName: '=cmd' }, errorMessage: 'a,b' }), auditEvent(2)];
    const csv = (await withServer(() => ({ body: { Events: events } }), 'audit', '--output', 'csv', '--limit', 'all')).stdout.split('\r\n');
    expect(csv).toHaveLength(4);
    expect(csv[1]).toContain(`,'=cmd,`);
    expect(csv[1]).toContain('"a,b"');
    await server?.close();
    const lines = (await withServer(() => ({ body: { Events: events } }), 'audit', '--output', 'ndjson')).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(events);
  });
});

describe('import', () => {
  it('sends the document of authorization-details and tells what came of it', async () => {
    writeFileSync(join(directory, 'details.json'), '{"UserDetailList": []}');
    const report = {
      AccountId: '000000000002',
      Users: 1,
      Groups: 2,
      Roles: 3,
      InstanceProfiles: 0,
      Policies: 4,
      Warnings: ['one thing'],
      RootAccessKey: { AccessKeyId: 'AKIAX', SecretAccessKey: 'shown once' },
    };
    const { calls, stdout, stderr } = await withServer(
      () => ({ body: report }),
      'import',
      'authorization-details',
      'details.json',
      '--account',
      '000000000002',
    );
    expect(calls[0]).toMatchObject({
      operation: 'import-authorization-details',
      input: { AccountId: '000000000002', Document: { UserDetailList: [] } },
    });
    expect(stdout).toContain('Account 000000000002 now has 1 users, 2 groups, 3 roles, 0 instance profiles and 4 policies.\n');
    expect(stdout).toContain('AWS_SECRET_ACCESS_KEY=shown once');
    expect(stderr).toBe('one thing\n');
  });

  it('sends every record of CloudTrail files under one import, then finishes and names the gaps', async () => {
    writeFileSync(join(directory, 'b.json'), JSON.stringify({ Records: [{ eventID: '2' }] }));
    writeFileSync(join(directory, 'a.json'), JSON.stringify({ Records: [{ eventID: '1' }] }));
    writeFileSync(join(directory, 'digest.json'), JSON.stringify({ digestStartTime: 'x' }));
    const report = {
      Imported: 2,
      Duplicates: 0,
      NotFolded: [{ EventName: 'CreateSAMLProvider', Reason: 'not an operation of this server', Records: 1 }],
      Accounts: [{ AccountId: '000000000002', Imported: 2 }],
      Gaps: [{ EventID: '2', EventName: 'DeleteUser', Missing: 'user bob was deleted, but never created' }],
    };
    const { calls, stdout, stderr } = await withServer(
      ({ input }) => ({ body: input['Finish'] === true ? report : {} }),
      'import',
      'cloudtrail',
      'b.json',
      'a.json',
      'digest.json',
      '--progress',
    );
    expect(calls.map(({ input }) => [input['File'], input['Records'], input['Finish']])).toEqual([
      ['a.json', [{ eventID: '1' }], undefined],
      ['b.json', [{ eventID: '2' }], undefined],
      [undefined, undefined, true],
    ]);
    expect(new Set(calls.map(({ input }) => input['ImportId'])).size).toBe(1);
    expect(stdout).toContain('user bob was deleted, but never created');
    expect(stdout).toContain('Skipped 1 digest files');
    expect(stdout).toContain('1  CreateSAMLProvider  not an operation of this server');
    expect(stderr).toContain('files: 100 % (3/3)');
  });
});

describe('config', () => {
  it('explains every setting and shows no secret', async () => {
    const { stdout, exitCode } = await runCli(['config', '--explain'], { env: { IAM_LEDGER_MASTER_KEYS: 'Zm9vYmFy' }, cwd: directory });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('server.port = 4747 (default)\n  TCP port to listen on; 0 takes any free one.\n');
    expect(stdout).toContain('keys.environment = *** (environment)');
    expect(stdout).not.toContain('Zm9vYmFy');
  });
});

describe('status', () => {
  it('shows what the server says, a line for each value', async () => {
    const { stdout } = await withServer(() => ({ body: { Head: 7, History: { Lag: 0, Ready: true } } }), 'status');
    expect(stdout).toBe('What           Value\nHead           7\nHistory.Lag    0\nHistory.Ready  true\n');
  });
});
