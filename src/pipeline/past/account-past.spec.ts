import { describe, expect, it } from '@jest/globals';
import { openMemoryLedger, uuidv7 } from '../../../libs/ledger/index.ts';
import { dumpAccount } from '../../iam/account-dump.ts';
import { accountStream, emptyAccount, type Account } from '../../iam/account.ts';
import { fact, type AccountEvent } from '../../iam/events.ts';
import { AccountPast, accountAt } from './account-past.ts';

const id = '123456789012';
const start = Date.parse('2026-01-01T00:00:00.000Z');

function factAt(index: number): AccountEvent {
  const userName = `User${index % 7}`;
  const isThere = index % 14 >= 7;
  if (index % 5 === 4) return fact('AccountAliasCreated', { accountAlias: `alias-${index}` });
  return isThere
    ? fact('UserDeleted', { userName, userId: `AIDA${index % 7}`, path: '/' })
    : fact('UserCreated', { userName, userId: `AIDA${index % 7}`, path: '/', createDate: '2026-01-01T00:00:00Z', tags: [] });
}

/** An account that something happens to every second; twice in the last one. Events of other streams lie between. */
async function accountWith(count: number, exactEventsMax: number, segmentEventsMax: number) {
  const ledger = openMemoryLedger();
  let account: Account = emptyAccount(id);
  const past = new AccountPast(account, exactEventsMax, segmentEventsMax);
  const states = [account];
  for (let index = 0; states.length <= count; index++) {
    const { type, data } = factAt(index);
    const userName = (data as { userName?: string }).userName;
    if (userName !== undefined && account.users.has(userName) !== (type === 'UserDeleted')) continue; // the alias took its turn
    const second = Math.min(states.length - 1, count - 2);
    const event = { id: uuidv7(start + index), type, schemaVersion: 1, time: new Date(start + second * 1000).toISOString(), data, metadata: {} };
    const { revision, lastPosition } = await ledger.append(accountStream(id), account.revision, [event]);
    account = past.fold(account, { ...event, stream: accountStream(id), revision, position: lastPosition });
    states.push(account);
    await ledger.append('activity-other', 'any', [{ ...event, id: uuidv7(start + index + 1) }]);
  }
  return { ledger, account, past, states };
}

const same = (ours: Account, theirs: Account): void => {
  expect(dumpAccount(ours)).toBe(dumpAccount(theirs));
  expect(ours.users.size).toBe(theirs.users.size);
  expect([...ours.users.keys()]).toEqual([...theirs.users.keys()]);
  for (let index = 0; index < 7; index++) expect(ours.users.get(`USER${index}`)).toEqual(theirs.users.get(`user${index}`));
  expect([...ours.users.entries('USER3')]).toEqual([...theirs.users.entries('user3')]);
};

describe('looking back', () => {
  it.each([
    ['all in one segment', 1000, 1000],
    ['many segments', 1000, 7],
    ['the older ones forgotten', 20, 7],
    ['all but the last forgotten', 1, 7],
  ])('gives the account at every position and time: %s', async (_, exactEventsMax, segmentEventsMax) => {
    const { ledger, account, past, states } = await accountWith(60, exactEventsMax, segmentEventsMax);
    for (const [index, state] of states.entries()) {
      same(await accountAt(ledger, account, past, { position: state.position }), state);
      same(await accountAt(ledger, account, past, { position: state.position + 1 }), index === 0 ? states[1]! : state);
    }
    for (let second = 0; second < 58; second++) {
      same(await accountAt(ledger, account, past, { time: new Date(start + second * 1000).toISOString() }), states[second + 1]!);
      same(await accountAt(ledger, account, past, { time: new Date(start + second * 1000 - 1).toISOString() }), states[second]!);
    }
  });

  it('takes all events of a time that ties', async () => {
    const { ledger, account, past, states } = await accountWith(5, 1000, 2);
    expect(account.position).toBe(states.at(-1)!.position);
    same(await accountAt(ledger, account, past, { time: new Date(start + 3000).toISOString() }), states[5]!);
  });

  it('reads nothing where the states are kept, and what lies in one segment where they are not', async () => {
    const { ledger, account, past, states } = await accountWith(60, 20, 7);
    let events = 0;
    const counting: typeof ledger = {
      ...ledger,
      async *readAll(options) {
        for await (const batch of ledger.readAll(options)) {
          events += batch.length;
          yield batch;
        }
      },
    };
    await accountAt(counting, account, past, { position: states[55]!.position });
    expect(events).toBe(0);
    await accountAt(counting, account, past, { position: states[12]!.position });
    expect(events).toBeGreaterThan(0);
    expect(events).toBeLessThanOrEqual(7);
  });

  it('may be put before a shorter past, and gives a state that can be gone on from', async () => {
    const { ledger, account, past, states } = await accountWith(30, 1000, 7);
    const later = new AccountPast(account, 1000, 7);
    later.prepend(past);
    same(await accountAt(ledger, { ...account, position: account.position + 100 }, later, { position: states[9]!.position }), states[9]!);
    const branch = later.at({ position: states[9]!.position }).account;
    const changed = branch.users.set('Zoe', [...states[3]!.users.values()][0]!).delete('user0');
    expect([...changed.keys()]).toEqual([
      ...states[9]!.users
        .set('Zoe', [...states[3]!.users.values()][0]!)
        .delete('user0')
        .keys(),
    ]);
    same(later.at({ position: states[9]!.position }).account, states[9]!);
  });

  it('has times that go back, as events were written', async () => {
    const past = new AccountPast(emptyAccount(id), 1000, 7);
    let state = emptyAccount(id);
    const times = ['2026-01-01T00:00:05.000Z', '2026-01-01T00:00:03.000Z', '2026-01-01T00:00:09Z'];
    for (const [index, time] of times.entries()) {
      const { type, data } = factAt(index);
      state = past.fold(state, {
        id: `${index}`,
        type,
        schemaVersion: 1,
        time,
        data,
        metadata: {},
        stream: accountStream(id),
        revision: index,
        position: index + 1,
      });
    }
    expect(times.map((_, index) => past.at({ position: index + 1 }).account.time)).toEqual(times);
    expect(past.at({ time: '2026-01-01T00:00:04.000Z' }).account.revision).toBe(-1); // the first event is later
    expect(past.at({ time: '2026-01-01T00:00:05.000Z' }).account.revision).toBe(1);
  });
});
