import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { verifyLog } from '../../libs/ledger/index.ts';
import { createAdministrator, createUser, temporaryDirectory } from '../support/server.ts';
import { processTestMsMax, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { SignedClient, type TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(2 * processTestMsMax);

const program = join(import.meta.dirname, '..', 'support', 'saga-server.mjs');
const directories: string[] = [];
let running: ServerProcess | undefined;
afterEach(async () => {
  await running?.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const start = (directory: string, more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> =>
  startServerProcess({
    directory,
    program,
    settings: { IAM_LEDGER_SAGAS_STARTS_PERCENT_PER_RUN_MAX: '100', DEMO_NOTICES: join(directory, 'notices'), ...more },
  });

interface Listed {
  readonly Sagas: readonly { readonly Status: string; readonly LastFailure?: string; readonly State: { readonly phase: string } }[];
}

const listed = async (client: SignedClient): Promise<Listed> => JSON.parse((await client.ledger('list-sagas', { Show: 'All' })).body) as Listed;

/** A server in whose account a run has begun one instance, for ann; `dyingAt` is where it dies. */
async function begun(dyingAt: string, more: Readonly<Record<string, string>> = {}): Promise<{ directory: string; admin: TestCredentials }> {
  const directory = temporaryDirectory();
  directories.push(directory);
  running = await start(directory, { DEMO_DIES_AT: dyingAt, ...more });
  const admin = await createAdministrator(new SignedClient(running.url, running.root!)); // the first start
  const client = new SignedClient(running.url, admin);
  await createUser(client, 'ann');
  await client.ledger('put-saga-settings', { Name: 'demo', Settings: { exceptUsers: ['admin'] }, Reason: 'a test' });
  await client.ledger('plan-saga-run', { Kind: 'demo' });
  await client.ledger('start-saga-run', { Kind: 'demo' }).catch(() => {}); // it may die before it has answered
  client.close();
  expect(await running.ended).toEqual({ code: null, signal: 'SIGKILL' });
  return { directory, admin };
}

async function keysOf(client: SignedClient): Promise<number> {
  return (await client.mustIam('ListAccessKeys', { UserName: 'ann' })).body.match(/<AccessKeyId>/g)?.length ?? 0;
}

const points = ['create', 'tell', 'deactivate', 'delete'].flatMap((step) => [`issued ${step}`, `carried out ${step}`, `recorded ${step}`]);

describe('a server that is killed between any two steps of a saga', () => {
  it('goes on where it was, start after start, and does every step once', async () => {
    const [first, ...others] = points;
    const { directory, admin } = await begun(first!); // there are points
    for (const point of others) {
      running = await start(directory, { DEMO_DIES_AT: point });
      expect({ point, ...(await running.ended) }).toEqual({ point, code: null, signal: 'SIGKILL' });
    }
    running = await start(directory);
    const client = new SignedClient(running.url, admin);
    while ((await listed(client)).Sagas[0]?.Status !== 'Over') await sleep(100);
    expect(await keysOf(client)).toBe(1);
    const notices = readFileSync(join(directory, 'notices'), 'utf8').split('\n').filter(Boolean);
    expect(new Set(notices).size).toBe(1);
    client.close();
    expect(await running.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(verifyLog(join(directory, 'ledger')).problems).toEqual([]);
  });

  it('would make a second key without the ids of commands', async () => {
    const { directory, admin } = await begun('carried out create', { DEMO_WITHOUT_IDS: '1' });
    running = await start(directory, { DEMO_WITHOUT_IDS: '1' });
    const client = new SignedClient(running.url, admin);
    let found = (await listed(client)).Sagas[0];
    while (found?.LastFailure === undefined) {
      await sleep(100);
      found = (await listed(client)).Sagas[0];
    }
    client.close();
    expect(found.LastFailure).toContain('LimitExceeded');
  });
});
