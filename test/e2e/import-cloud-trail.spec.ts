import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dumpAccount } from '../../src/iam/account-dump.ts';
import { runCli, type Ran } from '../support/cli.ts';
import { startServer, temporaryDirectory, type TestServer } from '../support/server.ts';
import { recordsIn } from '../support/imports.ts';
import type { SignedClient } from '../support/signed-client.ts';

const shared = process.env['IAM_LEDGER_SHARED'] ?? join(import.meta.dirname, '../../../shared');
const data = join(shared, 'data');
const describeWithData = existsSync(data) ? describe : describe.skip;
const accountId = '123837392027';

describeWithData(`iam-ledger import cloudtrail on a running server (needs ${data})`, () => {
  const [files, directory] = [temporaryDirectory(), temporaryDirectory()];
  let server: TestServer;
  let admin: SignedClient;
  beforeAll(async () => {
    const source = join(data, 'invictus-aws-dataset/CloudTrail');
    mkdirSync(join(files, 'packed'));
    for (const [index, name] of readdirSync(source).sort().entries()) {
      if (index % 2 === 0) copyFileSync(join(source, name), join(files, name));
      else writeFileSync(join(files, 'packed', `${name}.gz`), gzipSync(readFileSync(join(source, name))));
    }
    server = await startServer({ directory });
    admin = await server.admin();
  });
  afterAll(async () => {
    await server.stop();
    for (const each of [files, directory]) rmSync(each, { recursive: true });
  });

  /** The command as the administrator; it reads its credentials from the environment of the process. */
  async function run(...args: readonly string[]): Promise<Ran> {
    const before = { ...process.env };
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: admin.credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: admin.credentials.secretAccessKey });
    try {
      return await runCli(args, { env: { AWS_ENDPOINT_URL: server.url } });
    } finally {
      process.env = before;
    }
  }

  it('brings packed and plain files in, makes the account and tells its key, and names what was missing', async () => {
    const { exitCode, stdout } = await run('import', 'cloudtrail', files);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Imported 2900 records; 0 were there already.');
    expect(stdout).toMatch(/Access key of the root user of 123837392027, shown this once:\n {2}export AWS_ACCESS_KEY_ID=AKIA\w+\n/);
    expect(stdout).toContain('2 gaps');
    expect(stdout).toContain(
      'DetachRolePolicy of arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore from role stratus-red-team-ec2-enumerate-role',
    );
    expect(stdout).toContain('DeleteRolePolicy of inline-policy from role stratus-red-team-leave-org-role');
  });

  it('imports nothing a second time and says so', async () => {
    const { exitCode, stdout } = await run('import', 'cloudtrail', files);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Imported 0 records; 2900 were there already.');
  });

  it('lets the records be found as they were, each once', async () => {
    await server.parts.history.waitFor(server.parts.ledger.head());
    const found = new Map<string, object>();
    for (let after; ;) {
      const page = await server.parts.history.search({ account: accountId, limit: 1000, ...(after === undefined ? {} : { after }) });
      for (const { metadata } of page.calls) {
        const { importedRecord } = metadata;
        if (importedRecord === undefined) continue; // that the account was opened
        expect(found.has(String(importedRecord['eventID']))).toBe(false);
        found.set(String(importedRecord['eventID']), importedRecord);
      }
      if (page.next === undefined) break;
      after = page.next;
    }
    const records = recordsIn(join(data, 'invictus-aws-dataset/CloudTrail')).flat();
    expect(found.size).toBe(2900);
    for (const record of records) expect(found.get(String(record['eventID']))).toEqual(record);
  });

  it('shows the account as it was during the attack, and who gave the attacker everything', async () => {
    const { stdout } = await run('state', '--account', accountId, '--as-of', '2023-07-10T12:25:00Z');
    expect(stdout).toContain('malicious-iam-user');
    const audit = await run('audit', '--account', accountId, '--event-name', 'AttachUserPolicy', '--json');
    expect(JSON.parse(audit.stdout)).toMatchObject({
      Events: [
        {
          Record: {
            eventTime: '2023-07-10T12:24:49Z',
            requestParameters: { userName: 'malicious-iam-user' },
            userIdentity: { userName: 'bert-jan' },
          },
        },
      ],
    });
  });

  it('stays whole over a restart', async () => {
    const before = server.parts.states.account(accountId)!; // imported above
    expect(before.time).toBe('2023-07-10T12:28:41.000Z');
    await server.stop();
    server = await startServer({ directory });
    admin = server.client(admin.credentials);
    expect(dumpAccount(server.parts.states.account(accountId)!)).toBe(dumpAccount(before)); // as above
    const report = JSON.parse((await run('import', 'cloudtrail', files, '--json')).stdout) as object;
    expect(report).toMatchObject({ Imported: 0, Duplicates: 2900, Accounts: [{ AccountId: accountId, Imported: 0 }] });
    expect(server.parts.states.account(accountId)?.revision).toBe(before.revision);
  });

  it('takes the logs of other attacks, of 35 accounts, and knows every change in them', async () => {
    const { exitCode, stdout } = await run('import', 'cloudtrail', join(data, 'stratus-red-team'), '--json');
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout) as {
      Imported: number;
      NotFolded: unknown[];
      Gaps: { EventName: string; Missing: string }[];
      Accounts: unknown[];
    };
    expect([report.Imported, report.NotFolded, report.Accounts.length]).toEqual([310, [], 35]);
    expect(report.Gaps.map(({ EventName, Missing }) => `${EventName}: ${Missing}`)).toEqual([
      'CreateAccessKey: CreateUser of user stratus-red-team-backdoor-u-user',
      'UpdateAssumeRolePolicy: CreateRole of role stratus-red-team-backdoor-r-role',
      'CreateLoginProfile: CreateUser of user stratus-red-team-login-profile-user',
      'UpdateLoginProfile: CreateUser of user stratus-red-team-update-login-profile-user',
    ]);
  });
});
