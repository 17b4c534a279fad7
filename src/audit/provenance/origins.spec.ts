import { beforeAll, describe, expect, it } from '@jest/globals';
import { walk } from '../../../test/support/account-walk.ts';
import type { AccountLog } from '../../../test/support/account-log.ts';
import type { RecordedEvent } from '../../../libs/ledger/index.ts';
import { accountStream, emptyAccount, evolve, type Account } from '../../iam/account.ts';
import { AccountPast } from '../../pipeline/past/account-past.ts';
import { attachmentFact, boundaryFact, inlinePolicyFact, membershipFact, versionFact } from './account-facts.ts';
import { Origins, type AccountFact } from './origins.ts';

/** Facts that come and go in the walks. */
const facts: readonly AccountFact[] = ['u0', 'u1', 'u2'].flatMap((userName) => [
  attachmentFact('arn:aws:iam::123456789012:policy/p0')({ userName }),
  inlinePolicyFact('own')({ userName }),
  membershipFact({ userName, groupName: 'g0' }),
  boundaryFact({ userName }),
  versionFact('arn:aws:iam::123456789012:policy/p1', 'v2')({}),
]);

const saidIn = (account: Account, { member, key, value }: AccountFact): unknown =>
  value(member === undefined ? account : (account[member] as Account['users']).get(key));

describe.each([
  ['every version is kept', 1_000_000],
  ['the versions of older events were forgotten', 20],
])('the origin of a fact, where %s', (_case, exactEventsMax) => {
  let log: AccountLog;
  let states: Account[];
  let past: AccountPast;
  beforeAll(async () => {
    ({ log, states } = await walk(5, 250));
    const events: RecordedEvent[] = [];
    for await (const batch of log.ledger.read(accountStream(log.id))) events.push(...batch);
    past = new AccountPast(emptyAccount(log.id), exactEventsMax, 8);
    events.reduce((state, event) => past.fold(state, event), emptyAccount(log.id));
  });

  it('is the last event after which it said something else than before, whenever it is asked for', async () => {
    const origins = new Origins({ past: () => past, at: (id, moment) => log.states.at(id, moment) }, log.ledger);
    let held = 0;
    for (let at = 0; at < states.length; at += 7) {
      for (const fact of facts) {
        const said = saidIn(states[at]!, fact);
        if (said === undefined) continue;
        held += 1;
        let position = at;
        while (saidIn(states[position - 1]!, fact) === said) position -= 1;
        expect((await origins.lastChange(states[at]!, fact))?.position).toBe(position);
      }
    }
    expect(held).toBeGreaterThan(10);
  });
});

it('the account before an event is the one that it happened to', async () => {
  const { log, states } = await walk(6, 40);
  const origins = new Origins(log.states, log.ledger);
  for await (const batch of log.ledger.read(accountStream(log.id))) {
    for (const event of batch) expect(evolve(await origins.before(log.account, event), event).position).toBe(states[event.position]!.position);
  }
});
