import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openSqliteLedger, verifyLog } from '../../libs/ledger/index.ts';
import { dumpAccount } from '../../src/iam/account-dump.ts';
import { emptyAccount, evolve, type Account } from '../../src/iam/account.ts';
import { accountId, createAdministrator, startServer, temporaryDirectory } from '../support/server.ts';
import { processTestMsMax, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { allUsers, createUsers } from '../support/load.ts';
import { SignedClient, type TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(processTestMsMax);

const directories: string[] = [];
let running: ServerProcess | undefined;
afterEach(async () => {
  await running?.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

async function startNew(): Promise<{ directory: string; admin: TestCredentials }> {
  const directory = temporaryDirectory();
  directories.push(directory);
  running = await startServerProcess({ directory });
  return { directory, admin: await createAdministrator(new SignedClient(running.url, running.root!)) }; // the first start
}

/** Of what was acknowledged, that which the server does not have, or has otherwise. */
const lost = (acknowledged: ReadonlyMap<string, string>, users: ReadonlyMap<string, string>): string[] =>
  [...acknowledged].filter(([name, id]) => users.get(name) !== id).map(([name]) => name);

/** The account folded from the log alone. */
async function foldLog(directory: string): Promise<Account> {
  const ledger = await openSqliteLedger({ directory: join(directory, 'ledger') });
  let account = emptyAccount(accountId);
  ledger.replay({
    onEvents: (events) => {
      for (const event of events) if (event.stream === `account-${accountId}`) account = evolve(account, event);
    },
  });
  await ledger.close();
  return account;
}

describe('a server that is killed under load', () => {
  it('has every change that it acknowledged, and of the others each wholly or not at all, time after time', async () => {
    const { directory, admin } = await startNew();
    const acknowledged = new Map<string, string>();
    const asked = new Set<string>();
    for (let kill = 0; kill < 4; kill += 1) {
      const client = new SignedClient(running!.url, admin);
      const load = createUsers(client, `kill${kill}`);
      await load.until(30 + Math.floor(Math.random() * 100));
      await running!.kill('SIGKILL');
      await load.ended;
      client.close();
      for (const [name, id] of load.acknowledged) acknowledged.set(name, id);
      for (const name of [...load.acknowledged.keys(), ...load.unknown]) asked.add(name);
      expect([...load.refused]).toEqual([]);
      running = await startServerProcess({ directory });
      const users = await allUsers(new SignedClient(running.url, admin));
      expect(lost(acknowledged, users)).toEqual([]);
      expect([...users.keys()].filter((name) => name !== 'admin' && !asked.has(name))).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThan(120);
    await running!.kill('SIGKILL');
    expect(verifyLog(join(directory, 'ledger')).problems).toEqual([]);
    const folded = await foldLog(directory);
    const server = await startServer({ directory });
    const state = server.parts.states.account(accountId)!; // it has this account
    expect(dumpAccount(state)).toBe(dumpAccount(folded));
    await server.stop();
  });

  it('would be seen to lose: a server that has forgotten a user fails the same comparison', async () => {
    const { admin } = await startNew();
    const client = new SignedClient(running!.url, admin);
    const load = createUsers(client, 'twin', 4);
    await load.until(5);
    await load.stop();
    const [forgotten] = load.acknowledged.keys();
    await client.mustIam('DeleteUser', { UserName: forgotten });
    expect(lost(load.acknowledged, await allUsers(client))).toEqual([forgotten]);
  });
});

describe('a server that is asked to end under load', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('at %s answers what is under way, ends with 0, and has all it acknowledged', async (signal) => {
    const { directory, admin } = await startNew();
    const client = new SignedClient(running!.url, admin);
    const load = createUsers(client, 'drain');
    await load.until(100);
    expect(await running!.kill(signal)).toEqual({ code: 0, signal: null });
    await load.ended;
    expect([...load.refused]).toEqual([]);
    running = await startServerProcess({ directory });
    const again = new SignedClient(running.url, admin);
    expect(lost(load.acknowledged, await allUsers(again))).toEqual([]);
    // What was cut off never ran: nothing that a client was not told of is left behind by an orderly end.
    expect((await allUsers(again)).size).toBe(load.acknowledged.size + 1);
    await running.kill('SIGTERM');
    const { problems, head } = verifyLog(join(directory, 'ledger'));
    expect(problems).toEqual([]);
    expect(head).toBeGreaterThan(load.acknowledged.size);
  });
});
