import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runCommand, unusable } from '../support/commands.ts';
import { accountId, createUser, startServer, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

jest.setTimeout(240_000);

const hourMs = 3_600_000;
const settings = { IAM_LEDGER_LOG_FILES_DELIVER: 'true' };
const missing = unusable('aws', '--version');

let server: TestServer;
let admin: SignedClient;
let start: number;
beforeAll(async () => {
  server = await startServer({ settings });
  start = Math.floor(Date.now() / hourMs) * hourMs - hourMs;
  admin = await server.admin();
  await createUser(admin, 'alice');
  await server.parts.activity.flush();
  await server.parts.history.waitFor(server.parts.ledger.head());
  await server.parts.logFiles!.deliverUntil(new Date(Date.now() + 3 * hourMs)); // the setting is on
});
afterAll(() => server.stop());

const keys = (kind: 'CloudTrail' | 'CloudTrail-Digest'): string[] =>
  server.parts.logFiles!.store.list(`AWSLogs/${accountId}/${kind}/`, '', 1000).map(({ key }) => key); // the setting is on
const pathOf = (key: string): string => join(server.directory, 'log-files/objects', key);

describe('delivered log files', () => {
  it('have the calls as CloudTrail writes them, each once', () => {
    const [key, ...others] = keys('CloudTrail');
    expect(others).toEqual([]);
    expect(key).toMatch(
      new RegExp(
        `^AWSLogs/${accountId}/CloudTrail/us-east-1/\\d{4}/\\d\\d/\\d\\d/${accountId}_CloudTrail_us-east-1_\\d{8}T\\d{4}Z_[A-Z0-9]{16}\\.json\\.gz$`,
      ),
    );
    const { Records } = JSON.parse(gunzipSync(readFileSync(pathOf(key!))).toString()) as { Records: { eventName: string; eventVersion: string }[] };
    expect(Records.map(({ eventName }) => eventName).filter((name) => name === 'CreateUser')).toHaveLength(2);
    expect(new Set(Records.map(({ eventVersion }) => eventVersion))).toEqual(new Set(['1.11']));
  });

  it('come with a digest for every hour, also for one in which nothing happened', () => {
    const digests = keys('CloudTrail-Digest').map((key) => JSON.parse(gunzipSync(readFileSync(pathOf(key))).toString()) as Record<string, unknown>);
    expect(digests.length).toBeGreaterThanOrEqual(3);
    expect(digests.map(({ logFiles }) => (logFiles as unknown[]).length).toSorted()).toEqual([...digests.slice(1).map(() => 0), 1]);
    expect(digests[0]).toMatchObject({ previousDigestS3Object: null, previousDigestSignature: null, digestSignatureAlgorithm: 'SHA256withRSA' });
    digests.slice(1).forEach((digest, index) => expect(digest['digestStartTime']).toBe(digests[index]!['digestEndTime'])); // one before each
  });

  it('are the same after a delivery that was cut off and is done again', async () => {
    const before = keys('CloudTrail-Digest').map((key) => [key, readFileSync(pathOf(key)).toString('base64')]);
    renameSync(join(server.directory, 'log-files/progress'), join(server.directory, 'log-files/progress.old'));
    await server.parts.logFiles!.deliverUntil(new Date(Date.now() + 3 * hourMs)); // the setting is on
    expect(keys('CloudTrail-Digest').map((key) => [key, readFileSync(pathOf(key)).toString('base64')])).toEqual(before);
    expect(keys('CloudTrail')).toHaveLength(1);
  });

  it('are not to be read by who may not, nor by another account, and nothing else is', async () => {
    const stranger = await createUser(admin, 'stranger');
    const get = (client: SignedClient, target: string) => client.send(client.sign({ method: 'GET', target }, 's3'));
    const [key] = keys('CloudTrail');
    expect(await get(admin, `/iam-ledger-trail/${key}`)).toMatchObject({ status: 200 });
    expect(await get(stranger, `/iam-ledger-trail/${key}`)).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await get(admin, `/iam-ledger-trail/AWSLogs/${accountId}/none`)).toMatchObject({ status: 404, code: 'NoSuchKey' });
    expect(await get(admin, `/iam-ledger-trail/AWSLogs/${accountId}/%2e%2e/%2e%2e/%2e%2e/keys.json`)).toMatchObject({ code: expect.any(String) });
    const { RootAccessKey } = (await admin.ledger('create-account', { AccountName: 'other' })).json() as {
      RootAccessKey: { AccessKeyId: string; SecretAccessKey: string };
    };
    const other = admin.as({ accessKeyId: RootAccessKey.AccessKeyId, secretAccessKey: RootAccessKey.SecretAccessKey });
    expect(await get(other, `/iam-ledger-trail/${key}`)).toMatchObject({ status: 404, code: 'NoSuchKey' });
    expect((await get(other, '/iam-ledger-trail?prefix=')).body).not.toContain('<Contents>');
    expect((await get(admin, '/iam-ledger-trail?prefix=')).values('Key')).toHaveLength(keys('CloudTrail').length + keys('CloudTrail-Digest').length);
  });
});

(missing === '' ? describe : describe.skip)(`aws cloudtrail validate-logs${missing === '' ? '' : ` (SKIPPED: ${missing})`}`, () => {
  const at = (timeMs: number): string => `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
  async function validate(): Promise<string> {
    const trail = `arn:aws:cloudtrail:us-east-1:${accountId}:trail/iam-ledger`;
    const times = ['--start-time', at(start), '--end-time', at(Date.now() + 4 * hourMs)];
    const { stdout, stderr } = await runCommand('aws', ['cloudtrail', 'validate-logs', '--trail-arn', trail, ...times], {
      url: server.url,
      credentials: admin.credentials,
    });
    return `${stdout}${stderr}`;
  }
  /** What it says while a file is another, or not there. */
  async function validateWith(key: string, change: (path: string) => void): Promise<string> {
    const path = pathOf(key);
    const content = readFileSync(path);
    change(path);
    try {
      return await validate();
    } finally {
      writeFileSync(path, content);
    }
  }
  /** One byte of the content is another. */
  const changeByte = (path: string): void => {
    const content = gunzipSync(readFileSync(path));
    const middle = Math.floor(content.length / 2);
    content[middle] = content[middle]! ^ 1; // it is within
    writeFileSync(path, gzipSync(content));
  };
  const remove = (path: string): void => renameSync(path, `${path}.new`);

  it('finds everything valid', async () => {
    const digests = keys('CloudTrail-Digest').length;
    expect(await validate()).toMatch(new RegExp(`${digests}/${digests} digest files valid\\s+1/1 log files valid`));
  });

  it('finds one byte of a log file changed', async () => {
    const [key] = keys('CloudTrail');
    const text = await validateWith(key!, changeByte);
    expect(text).toContain(`s3://iam-ledger-trail/${key}\tINVALID: hash value doesn't match`);
    expect(text).toContain('0/1 log files valid, 1/1 log files INVALID');
  });

  it('finds a log file removed', async () => {
    const [key] = keys('CloudTrail');
    expect(await validateWith(key!, remove)).toContain(`s3://iam-ledger-trail/${key}\tINVALID: not found`);
  });

  it('finds a digest changed', async () => {
    const [, key] = keys('CloudTrail-Digest');
    expect(await validateWith(key!, changeByte)).toContain(`s3://iam-ledger-trail/${key}\tINVALID`);
  });

  it('finds a digest removed', async () => {
    const [, key] = keys('CloudTrail-Digest');
    expect(await validateWith(key!, remove)).toContain(`s3://iam-ledger-trail/${key}\tINVALID: not found`);
  });
});
