import { appendFileSync, mkdtempSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openMemoryLedger, uuidv7, type Ledger } from '../../../libs/ledger/index.ts';
import { accountStream, emptyAccount, evolve, type Account } from '../../iam/account.ts';
import { dumpAccount } from '../../iam/account-dump.ts';
import { fact } from '../../iam/events.ts';
import { readSnapshot, writeSnapshot, type CheckedLog } from './account-snapshots.ts';
import { AccountStates } from '../account-states.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';

const id = '123456789012';
const user = (index: number) =>
  fact('UserCreated', {
    userName: `User${index}`,
    userId: `AIDA${index}`,
    path: '/',
    createDate: '2026-01-01T00:00:00Z',
    tags: [{ Key: 'n', Value: String(index) }],
  });

/** A log with an account in it; leaf hashes stand for the bytes of the events. */
async function logWith(users: number): Promise<{ ledger: Ledger & CheckedLog; account: Account }> {
  const memory = openMemoryLedger();
  const facts = [
    fact('AccountOpened', { accountId: id, partition: 'aws', name: 'n', email: 'e@example.com' }),
    fact('GroupCreated', { groupName: 'Team', groupId: 'AGPA1', path: '/', createDate: '2026-01-01T00:00:00Z' }),
    ...Array.from({ length: users }, (_, index) => user(index)),
    fact('UserAddedToGroup', { groupName: 'team', userName: 'user0' }),
    fact('UserPolicyPut', { userName: 'User0', policyName: 'P', policyDocument: '{"Version":"2012-10-17","Statement":[]}' }),
  ];
  let account = emptyAccount(id);
  for (const { type, data } of facts) {
    const event = { id: uuidv7(Date.now()), type, schemaVersion: 1, time: '2026-01-01T00:00:00.000Z', data, metadata: {} };
    const { revision, lastPosition } = await memory.append(accountStream(id), account.revision, [event]);
    account = evolve(account, { ...event, revision, position: lastPosition });
  }
  const leaf = (position: number) => (position >= 1 && position <= memory.head() ? new TextEncoder().encode(`leaf ${position}`) : undefined);
  return { ledger: { ...memory, leaf }, account };
}

const directory = (): string => join(mkdtempSync(join(tmpdir(), 'iam-ledger-snapshots-')), 'snapshots');
const fileIn = (folder: string): string => join(folder, readdirSync(folder)[0]!);

describe('snapshots of account states', () => {
  it('give back exactly the state that was written', async () => {
    const { ledger, account } = await logWith(700);
    const folder = directory();
    await writeSnapshot(folder, ledger, { position: ledger.head(), accounts: [account] });
    const snapshot = readSnapshot(folder, ledger);
    expect(snapshot!.position).toBe(704);
    expect(dumpAccount(snapshot!.accounts[0]!)).toBe(dumpAccount(account));
    expect(snapshot!.accounts[0]!.users.get('USER0')!.userName).toBe('User0');
  });

  it.each([
    ['cut', (file: string) => truncateSync(file, readFileSync(file).length - 10)],
    ['changed', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('User0', 'Eve00'))],
    ['longer', (file: string) => appendFileSync(file, '{}\n')],
    ['not JSON', (file: string) => writeFileSync(file, 'x')],
    ['of another log', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(/"leaf":"../, '"leaf":"ff'))],
    ['ahead of the log', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(/"position":\d+/, '"position":9999'))],
    ['of another version', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(/"stateVersion":\d+/, '"stateVersion":0'))],
  ])('are ignored and deleted when they are %s', async (_what, spoil) => {
    const { ledger, account } = await logWith(3);
    const folder = directory();
    await writeSnapshot(folder, ledger, { position: ledger.head(), accounts: [account] });
    spoil(fileIn(folder));
    expect(readSnapshot(folder, ledger)).toBeUndefined();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are proved by the log in the background, which gives back the past before them', async () => {
    const { ledger, account } = await logWith(40);
    const folder = directory();
    await writeSnapshot(folder, ledger, { position: ledger.head(), accounts: [account] });
    const states = new AccountStates(ledger, { exactEventsMax: 1000 });
    const disproved: Error[] = [];
    const keeper = new SnapshotKeeper({ directory: folder, ledger, states, intervalEvents: 1, onDisproved: (error) => disproved.push(error) });
    expect(keeper.start()).toBe(ledger.head());
    keeper.watch();
    await keeper.proved();
    expect(disproved).toEqual([]);
    expect(states.past(id)!.at({ position: 10 })).toEqual({ account: expect.objectContaining({ position: 10 }) });
    expect((await states.at(id, { position: 12 }))!.users.size).toBe(10);
  });

  it('are disproved where they are well formed but wrong, and thrown away', async () => {
    const { ledger, account } = await logWith(5);
    const folder = directory();
    const forged = { ...account, users: account.users.set('User1', { ...account.users.get('User1')!, path: '/forged/' }) };
    await writeSnapshot(folder, ledger, { position: ledger.head(), accounts: [forged] });
    const states = new AccountStates(ledger, { exactEventsMax: 1000 });
    const disproved: Error[] = [];
    const keeper = new SnapshotKeeper({ directory: folder, ledger, states, intervalEvents: 1, onDisproved: (error) => disproved.push(error) });
    keeper.start();
    keeper.watch();
    await keeper.proved();
    expect(disproved).toEqual([expect.objectContaining({ message: expect.stringContaining(id) })]);
    expect(readSnapshot(folder, ledger)).toBeUndefined();
  });
});
