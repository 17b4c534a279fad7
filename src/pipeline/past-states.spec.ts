import { describe, expect, it } from '@jest/globals';
import { openMemoryLedger, uuidv7 } from '../../libs/ledger/index.ts';
import { accountStream, emptyAccount, evolve, type Account } from '../iam/account.ts';
import { PastStates, accountAt, parseMoment } from './past-states.ts';

const id = '123456789012';
const start = Date.parse('2026-01-01T00:00:00.000Z');

/** An account that gets a user every second; two in the last one. */
async function accountWithUsers(count: number, retainedEveryEvents: number) {
  const ledger = openMemoryLedger();
  let account: Account = emptyAccount(id);
  const past = new PastStates(account, retainedEveryEvents);
  for (let index = 0; index < count; index++) {
    const second = index === count - 1 ? index - 1 : index;
    const event = {
      id: uuidv7(start + index),
      type: 'UserCreated',
      schemaVersion: 1,
      time: new Date(start + second * 1000).toISOString(),
      data: { userName: `u${index}`, userId: `AIDA${index}`, path: '/', createDate: '2026-01-01T00:00:00Z', tags: [] },
      metadata: {},
    };
    const { revision, lastPosition } = await ledger.append(accountStream(id), account.revision, [event]);
    account = evolve(account, { ...event, revision, position: lastPosition });
    past.note(account);
    await ledger.append('activity-other', 'any', [{ ...event, id: uuidv7(start + index + 1) }]);
  }
  return { ledger, account, past };
}

describe('looking back', () => {
  it.each([1, 3, 1000])('gives the account at every position and time, with a state kept every %i events', async (every) => {
    const { ledger, account, past } = await accountWithUsers(20, every);
    for (let users = 0; users <= 20; users++) {
      const position = users === 0 ? 0 : users * 2 - 1;
      expect((await accountAt(ledger, account, past, { position })).users.size).toBe(users);
      expect((await accountAt(ledger, account, past, { position: position + 1 })).users.size).toBe(users === 20 ? 20 : position === 0 ? 1 : users);
    }
    for (let second = 0; second < 18; second++) {
      expect((await accountAt(ledger, account, past, { time: new Date(start + second * 1000).toISOString() })).users.size).toBe(second + 1);
      expect((await accountAt(ledger, account, past, { time: new Date(start + second * 1000 - 1).toISOString() })).users.size).toBe(second);
    }
  });

  it('takes all events of a time that ties', async () => {
    const { ledger, account, past } = await accountWithUsers(5, 2);
    expect((await accountAt(ledger, account, past, { time: new Date(start + 3000).toISOString() })).users.size).toBe(5);
  });

  it('keeps a bounded number of states however many events there are', () => {
    const past = new PastStates(emptyAccount(id), 1);
    for (let revision = 0; revision < 50_000; revision++)
      past.note({ ...emptyAccount(id), revision, position: revision + 1, time: '2026-01-01T00:00:00.000Z' });
    const at = past.before({ position: 30_000 });
    expect(at!.position).toBeLessThanOrEqual(30_000);
    expect(at!.position).toBeGreaterThan(29_900);
  });
});

describe('a moment as clients write it', () => {
  const now = new Date('2026-06-01T00:00:00.000Z');

  it.each([
    ['42', { position: 42 }],
    ['0', { position: 0 }],
    ['2026-01-01T00:00:00Z', { time: '2026-01-01T00:00:00.999Z' }],
    ['2026-01-01T02:00:00.250+02:00', { time: '2026-01-01T00:00:00.250Z' }],
  ])('reads %s', (text, moment) => {
    expect(parseMoment(text, now, 100)).toEqual(moment);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:60Z',
    '1970',
    'yesterday',
    '2026-01-01T00:00:00',
    '-1',
    '1e3',
    '00',
    '9999-12-31T00:00:00Z',
    '101',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseMoment(text, now, 100)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
  });
});
