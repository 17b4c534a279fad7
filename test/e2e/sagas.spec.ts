import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli, type Ran } from '../support/cli.ts';
import { demoKind } from '../support/demo-saga.ts';
import { createUser, startServer, temporaryDirectory, testEnvironment, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

let directory: string;
let server: TestServer;
let admin: SignedClient;
const before = { ...process.env };
const settings = { IAM_LEDGER_SAGAS_STARTS_PERCENT_PER_RUN_MAX: '100' };

beforeAll(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  directory = temporaryDirectory();
  server = await startServer({ directory, settings, sagas: { kinds: [demoKind] } });
  admin = await server.admin();
  await createUser(admin, 'ann');
});
afterAll(async () => {
  await server.stop();
  process.env = before;
  rmSync(directory, { recursive: true, force: true });
});

async function cli(...args: string[]): Promise<Ran> {
  process.env['AWS_CONFIG_FILE'] = process.env['AWS_SHARED_CREDENTIALS_FILE'] = join(directory, 'no-such-file');
  process.env['AWS_ACCESS_KEY_ID'] = admin.credentials.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = admin.credentials.secretAccessKey;
  return runCli(args, { env: { ...testEnvironment(directory), AWS_ENDPOINT_URL: server.url }, cwd: directory });
}

async function json<Answer>(...args: string[]): Promise<Answer> {
  const { exitCode, stdout, stderr } = await cli(...args, '--json');
  if (exitCode !== 0) throw new Error(`iam-ledger ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

interface Page {
  readonly Kinds: readonly { readonly Kind: string; readonly UnderWay: number; readonly PausedBecause?: string }[];
  readonly Sagas: readonly {
    readonly Instance: string;
    readonly Status: string;
    readonly State: { readonly userName: string; readonly phase: string };
  }[];
}

/** The instances when they are as wanted. */
async function instancesWhen(holds: (sagas: Page['Sagas']) => boolean, show = 'All'): Promise<Page['Sagas']> {
  for (;;) {
    const { Sagas } = await json<Page>('sagas', 'list', 'demo', '--show', show);
    if (holds(Sagas)) return Sagas;
    await sleep(50);
  }
}

interface Plan {
  readonly Run: { readonly RunId: string; readonly IsDry: boolean; readonly Status: string; readonly Started: number };
  readonly Items: readonly { readonly Action: string; readonly Entity: string; readonly SkipReason?: string }[];
}

describe('iam-ledger sagas', () => {
  it('plans, and the first run begins nothing either', async () => {
    const plan = await json<Plan>('sagas', 'plan', 'demo');
    expect(plan.Run).toMatchObject({ IsDry: true, Status: 'Completed', Started: 0 });
    expect(plan.Items.map(({ Action, Entity }) => `${Action} ${Entity.split('/')[1]}`).toSorted()).toEqual(['start admin', 'start ann']);
    const { stdout, stderr } = await cli('sagas', 'plan', 'demo');
    expect(stdout).toContain('it has one key');
    expect(stderr).toContain('Nothing was begun');
  });

  it('takes settings, tells what is wrong with them, and shows whose they are', async () => {
    const file = join(directory, 'settings.json');
    writeFileSync(file, JSON.stringify({ exceptUsers: 'admin' }));
    const refused = await cli('sagas', 'settings', 'demo', '--put', file, '--reason', 'a test');
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('exceptUsers must be a list of names') });
    writeFileSync(file, JSON.stringify({ exceptUsers: ['admin'] }));
    await json('sagas', 'settings', 'demo', '--put', file, '--reason', 'a test');
    expect(await json('sagas', 'settings', 'demo')).toMatchObject({
      Settings: { exceptUsers: ['admin'] },
      PutBy: 'arn:aws:iam::000000000001:user/admin',
      Reason: 'a test',
    });
  });

  it('begins what is due, which then goes on by itself, through the pipeline, as a role that can be seen', async () => {
    const { Run, Items } = await json<Plan>('sagas', 'run', 'demo');
    expect(Run).toMatchObject({ IsDry: false, Status: 'Completed', Started: 1 });
    expect(Items.find(({ Action }) => Action === 'skip')).toMatchObject({ SkipReason: 'the settings leave it out' });
    const [saga] = await instancesWhen(([first]) => first?.State.phase === 'Told');
    expect(saga?.State.userName).toBe('ann');
    expect((await admin.mustIam('ListAccessKeys', { UserName: 'ann' })).body).toMatch(/<member>[\s\S]*<member>/);
    expect((await admin.mustIam('GetRole', { RoleName: 'IamLedgerDemo' })).body).toContain('/service-role/IamLedgerDemo');
    const shown = await json<{ Events: { Type: string }[] }>('sagas', 'show', 'demo', saga!.Instance); // it was just listed
    expect(shown.Events.map(({ Type }) => Type).slice(0, 3)).toEqual(['DemoPlanned', 'StepIssued', 'StepSucceeded']);
    expect((await cli('sagas', 'show', 'demo', saga!.Instance)).stdout).toContain('StepIssued');
    const audit = await json<{ Events: { SessionRoot?: string }[] }>('audit', '--event-name', 'CreateAccessKey');
    expect(audit.Events.map(({ SessionRoot }) => SessionRoot)).toContain('demo.iam-ledger.internal');
  });

  it('pauses and resumes with a reason that everybody sees, and records who said so', async () => {
    await json('sagas', 'pause', 'demo', '--reason', 'an audit');
    const { Kinds, Sagas } = await json<Page>('sagas', 'list', 'demo');
    expect(Kinds[0]?.PausedBecause).toContain('user/admin');
    expect(Sagas[0]?.Status).toBe('Paused');
    expect((await cli('sagas', 'run', 'demo')).stderr).toContain('an audit');
    await json('sagas', 'resume', 'demo', '--reason', 'it is over');
    expect((await json<Page>('sagas', 'list', 'demo')).Sagas[0]?.Status).toBe('Waiting');
    const audit = await json<{ Events: { Record: { eventName: string } }[] }>('audit', '--event-name', 'PauseSagas');
    expect(audit.Events).toHaveLength(1);
  });

  it('cancels an instance, once', async () => {
    const [saga] = (await json<Page>('sagas', 'list', 'demo')).Sagas;
    await json('sagas', 'cancel', 'demo', saga!.Instance, '--reason', 'done by hand'); // it is under way
    await instancesWhen(([first]) => first?.Status === 'Over', 'Over');
    const again = await cli('sagas', 'cancel', 'demo', saga!.Instance, '--reason', 'done by hand');
    expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is over') });
  });

  it('lists runs, those that did not take place too', async () => {
    const { Runs, Skipped } = await json<{ Runs: { IsDry: boolean }[]; Skipped: { Reason: string }[] }>('sagas', 'runs', 'demo');
    expect(Runs.map(({ IsDry }) => IsDry)).toEqual([false, true, true]);
    expect(Skipped).toEqual([expect.objectContaining({ Reason: expect.stringContaining('an audit') })]);
    expect((await cli('sagas', 'runs')).stderr).toContain('no run, because');
  });

  it('reports what was planned, begun and left alone, with reasons and single items', async () => {
    const { Kinds, Items, ItemsLeftOff } = await json<{ Kinds: object[]; Items: object[]; ItemsLeftOff: number }>(
      'sagas',
      'report',
      'demo',
      '--limit',
      '1',
    );
    expect(Kinds).toEqual([
      expect.objectContaining({
        Kind: 'demo',
        Planned: 2,
        Begun: 1,
        SkippedBecause: [expect.objectContaining({ Reason: 'the settings leave it out', Count: 1 })],
        Runs: { Completed: 1, Dry: 2, Refused: 0, Failed: 0, Skipped: 1 },
      }),
    ]);
    expect(Items).toEqual([expect.objectContaining({ Outcome: 'Begun', Entity: expect.stringContaining('user/ann') })]);
    expect(ItemsLeftOff).toBe(3);
    const { stdout, stderr } = await cli('sagas', 'report', '--since', '1d', '--limit', '1');
    expect(stdout).toMatch(/^planned +2$/m);
    expect(stdout).toContain('the settings leave it out');
    expect(stderr).toContain('3 items more are left off');
    expect((await cli('sagas', 'report', '--since', '2020-01-01')).stderr).toContain('at most 400 days');
  });

  it.each([
    [['sagas', 'report', 'nothing']],
    [['sagas', 'show', 'demo', 'nobody']],
    [['sagas', 'plan', 'nothing']],
    [['sagas', 'run', 'demo', '--plan', '01234567-89ab-4cde-8f01-23456789abcd']],
  ])('says that there is no such thing: %j', async (args) => {
    expect(await cli(...args)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('There is no') });
  });

  it('stands in the status of the server', async () => {
    expect(await json('status')).toMatchObject({ Sagas: { Acting: true, Kinds: [{ Kind: 'demo', UnderWay: 0, Over: 1 }] } });
  });

  it('is the same after a start', async () => {
    await server.stop();
    server = await startServer({ directory, settings, sagas: { kinds: [demoKind] } });
    expect(await instancesWhen(() => true)).toEqual([expect.objectContaining({ Status: 'Over' })]);
    const { Runs } = await json<{ Runs: unknown[] }>('sagas', 'runs', 'demo');
    expect(Runs).toHaveLength(3);
  });
});
