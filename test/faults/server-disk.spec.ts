import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { verifyLog } from '../../libs/ledger/index.ts';
import { accountId, allow, createAdministrator, policyOf, temporaryDirectory } from '../support/server.ts';
import { processTestMsMax, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { allUsers, createUsers } from '../support/load.ts';
import { noStrace } from '../support/ledger/processes.ts';
import { SignedClient, send, type TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(processTestMsMax);

const directories: string[] = [];
const mounted: string[] = [];
let running: ServerProcess | undefined;
afterEach(async () => {
  await running?.kill('SIGKILL');
  for (const directory of mounted.splice(0)) spawnSync('umount', ['-l', directory]);
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function newDirectory(): string {
  const directory = temporaryDirectory();
  directories.push(directory);
  return directory;
}

const adminOf = async ({ url, root }: ServerProcess): Promise<TestCredentials> => createAdministrator(new SignedClient(url, root!)); // the first start
const isReady = async (url: string): Promise<number> =>
  (await send(url, { method: 'GET', target: '/ready', headers: { host: 'a' }, body: new Uint8Array() })).status;

/** Waits for something that comes by itself; gives up after half a minute. */
async function eventually(what: string, happens: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await happens()) return;
    await sleep(100);
  }
  throw new Error(`it never came: ${what}`);
}

const isRoot = process.getuid?.() === 0;

(isRoot ? describe : describe.skip)(`a server whose disk is full${isRoot ? '' : ' (SKIPPED: only root can mount a small disk)'}`, () => {
  it('answers ServiceUnavailable to changes, goes on answering reads, and takes changes again when there is room, without a restart', async () => {
    const directory = newDirectory();
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', directory], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    mounted.push(directory);
    running = await startServerProcess({ directory });
    const admin = await adminOf(running);
    const client = new SignedClient(running.url, admin);
    const PolicyDocument = policyOf(
      allow(
        's3:GetObject',
        Array.from({ length: 5 }, () => `arn:aws:s3:::${'b'.repeat(1100)}`),
      ),
    );
    const create = (index: number) => client.iam('CreatePolicy', { PolicyName: `p${index}`, PolicyDocument });
    const arn = (index: number): string => `arn:aws:iam::${accountId}:policy/p${index}`;
    let made = 0;
    let refusal = await create(made);
    while (refusal.status === 200) refusal = await create((made += 1));
    expect(refusal).toMatchObject({ status: 503, code: 'ServiceUnavailable', message: expect.stringContaining('no room') });
    expect((await client.iam('GetPolicy', { PolicyArn: arn(made) })).code).toBe('NoSuchEntity');
    expect((await client.iam('GetPolicy', { PolicyArn: arn(made - 1) })).status).toBe(200);
    expect(running.process.exitCode).toBeNull();

    spawnSync('mount', ['-o', 'remount,size=64m', directory]);
    expect((await create(made)).status).toBe(200);
    // The histories, which may have run out of room themselves, go on where they stood.
    await eventually('readiness', async () => (await isReady(running!.url)) === 200);
    const found = () => client.ledger('search-audit', { EventName: ['CreatePolicy'], Outcome: 'succeeded', Resource: [`p${made}`] });
    await eventually('the last call in the history', async () => ((await found()).json()['Events'] as unknown[]).length === 1);
    expect((await running.kill('SIGTERM')).code).toBe(0);
    running = await startServerProcess({ directory });
    await eventually('readiness after a restart', async () => (await isReady(running!.url)) === 200);
    const again = new SignedClient(running.url, admin);
    expect(
      (await again.ledger('search-audit', { EventName: ['CreatePolicy'], Outcome: 'succeeded', Resource: [`p${made}`] })).json()['Events'],
    ).toHaveLength(1);
    expect((await again.mustIam('GetAccountSummary')).body).toContain(`<key>Policies</key><value>${made + 1}</value>`);
    await running.kill('SIGTERM');
    expect(verifyLog(join(directory, 'ledger')).problems).toEqual([]);
  });
});

(noStrace === '' ? describe : describe.skip)(`a server whose disk fails${noStrace === '' ? '' : ` (SKIPPED: ${noStrace})`}`, () => {
  const inject = (what: string): string[] => [
    'strace',
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    'trace=fsync,fdatasync',
    '-e',
    `inject=fsync,fdatasync:${what}`,
  ];

  it('says that the outcome is unknown, ends with an error, and the next start has all that was acknowledged', async () => {
    const directory = newDirectory();
    running = await startServerProcess({ directory });
    const admin = await adminOf(running);
    await running.kill('SIGTERM');
    running = await startServerProcess({ directory, below: inject('error=EIO:when=25+') });
    const client = new SignedClient(running.url, admin);
    const load = createUsers(client, 'eio', 4);
    const { code } = await running.ended;
    await load.ended;
    expect(code).toBe(70);
    expect(running.printed()).toContain('its next start finds out');
    expect(load.unknown.size).toBeGreaterThan(0);
    expect([...new Set(load.refused.values())].filter((answer) => !answer.startsWith('503'))).toEqual([]);
    running = await startServerProcess({ directory });
    const users = await allUsers(new SignedClient(running.url, admin));
    expect([...load.acknowledged.keys()].filter((name) => users.get(name) !== load.acknowledged.get(name))).toEqual([]);
    expect(
      [...users.keys()].filter((name) => name !== 'admin' && !load.acknowledged.has(name) && !load.unknown.has(name) && !load.refused.has(name)),
    ).toEqual([]);
    await running.kill('SIGTERM');
    expect(verifyLog(join(directory, 'ledger')).problems).toEqual([]);
  });

  it('answers many reads while one write waits for a disk that takes 200 ms', async () => {
    const directory = newDirectory();
    running = await startServerProcess({ directory });
    const admin = await adminOf(running);
    await running.kill('SIGTERM');
    running = await startServerProcess({ directory, below: inject('delay_enter=200000'), settings: { IAM_LEDGER_ACTIVITY_RECORD_READS: 'false' } });
    const [writer, reader] = [new SignedClient(running.url, admin), new SignedClient(running.url, admin)];
    await reader.iam('GetUser', { UserName: 'admin' });
    const answeredDuring: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      let written = false;
      const write = writer.iam('CreateUser', { UserName: `slow-${round}` }).then((answer) => {
        written = true;
        return answer.status;
      });
      let answered = 0;
      while (!written) {
        expect((await reader.iam('GetUser', { UserName: 'admin' })).status).toBe(200);
        if (!written) answered += 1;
      }
      expect(await write).toBe(200);
      answeredDuring.push(answered);
    }
    // A server that waited for its disk would answer one read at most per write.
    expect(Math.min(...answeredDuring)).toBeGreaterThan(3);
  });
});
