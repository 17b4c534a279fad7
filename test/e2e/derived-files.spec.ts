import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { dumpAccount } from '../../src/iam/account-dump.ts';
import { accountId, createUser, allow, startServer, temporaryDirectory, trust, type TestServer } from '../support/server.ts';

/** Everything in a data directory that the log can give back. */
const derived = ['snapshots', 'history', 'access-history', 'ledger/index.db', 'ledger/index.db-wal', 'ledger/index.db-shm', 'ledger/tiles'];

const dumpOf = (server: TestServer): string => dumpAccount(server.parts.states.account(accountId)!);

/** What the history answers, without when it was asked. */
async function historyOf(server: TestServer): Promise<string> {
  await server.parts.activity.flush();
  await server.parts.history.waitFor(server.parts.ledger.head());
  const page = await server.parts.history.search({ order: 'oldest', limit: 1000 });
  return JSON.stringify(page.calls);
}

it('a server whose derived files were all deleted folds the same state and the same history from its log, byte for byte', async () => {
  const directory = temporaryDirectory();
  let server = await startServer({ directory });
  const admin = await server.admin();
  for (let index = 0; index < 30; index++) await createUser(admin, `user-${index}`, allow('iam:GetUser'));
  await admin.mustIam('CreateGroup', { GroupName: 'Team' });
  for (let index = 0; index < 10; index++) await admin.mustIam('AddUserToGroup', { GroupName: 'team', UserName: `USER-${index}` });
  await admin.mustIam('CreateRole', { RoleName: 'Deploy', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:user/user-1`) });
  await admin.mustIam('UpdateUser', { UserName: 'user-2', NewUserName: 'Renamed', NewPath: '/moved/' });
  await admin.mustIam('TagUser', { UserName: 'renamed', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' });
  await admin.iam('CreateUser', { UserName: 'user-1' });
  const [state, history] = [dumpOf(server), await historyOf(server)];
  const root = server.parts.ledger.lastCheckpoint();
  await server.stop();

  for (const path of derived) rmSync(join(directory, path), { recursive: true, force: true });
  expect(readdirSync(directory).sort()).toEqual(['ledger', 'master-keys.json']);
  server = await startServer({ directory });
  expect(dumpOf(server)).toBe(state);
  expect(await historyOf(server)).toBe(history);
  expect(server.parts.ledger.lastCheckpoint().size).toBeGreaterThanOrEqual(root.size);
  await server.stop();

  server = await startServer({ directory });
  expect(dumpOf(server)).toBe(state);
  await server.parts.snapshots.proved();
  await server.stop();
});
