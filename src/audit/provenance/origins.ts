import type { Ledger, RecordedEvent } from '../../../libs/ledger/index.ts';
import { accountStream, emptyAccount, evolve, type Account } from '../../iam/account.ts';
import type { PersistentMap } from '../../iam/persistent-map.ts';
import type { AccountStates } from '../../pipeline/account-states.ts';
import type { MapMember } from '../../pipeline/past/past-segment.ts';

/** A fact about one entity of an account, such as "alice is in the group admins". */
export interface AccountFact {
  /** The map that the entity stands in; `undefined`: the account itself, without its maps. */
  readonly member: MapMember | undefined;
  /** Its name there. */
  readonly key: string;
  /** What the fact says, to be compared by `===`; `undefined` where it does not hold. */
  readonly value: (entity: unknown) => unknown;
}

/** The state before an event. */
export interface Step {
  readonly event: RecordedEvent;
  readonly before: Account;
  readonly after: Account;
}

/**
 * Finds the event that made a fact. The past of an account keeps every version of whatever changed, so the versions of one entity are looked through and
 * one event is read, however long the log is. Only what is so old that its versions were forgotten is folded again.
 */
export class Origins {
  readonly #states: Pick<AccountStates, 'past' | 'at'>;
  readonly #ledger: Pick<Ledger, 'read' | 'readAll'>;

  constructor(states: Pick<AccountStates, 'past' | 'at'>, ledger: Pick<Ledger, 'read' | 'readAll'>) {
    this.#states = states;
    this.#ledger = ledger;
  }

  /** The last event up to `account` that made `fact` say what it says there; `undefined` where no event did. */
  async lastChange(account: Account, fact: AccountFact): Promise<RecordedEvent | undefined> {
    const said = fact.value(entityOf(account, fact));
    for (const { segment, end } of this.#states.past(account.id)?.segmentsBefore(account.revision) ?? []) {
      const { base } = segment;
      const until = end === undefined || end.revision > account.revision ? account : end;
      if (!segment.isExact) {
        const event = await this.#scan(base, until, fact);
        if (event !== undefined) return event;
        continue;
      }
      let since: number | undefined;
      for (const { revision, value } of segment.versionsOf(fact.member, fact.key, account.revision)) {
        if (fact.value(value) !== said) break;
        since = revision;
      }
      const first = [...segment.versionsOf(fact.member, fact.key, account.revision)].at(-1)?.revision;
      if (since !== undefined && (since !== first || fact.value(entityOf(base, fact)) !== said)) return this.#eventAt(segment.positionOf(since));
    }
    return this.#beforeAll(account, fact);
  }

  /** The account right before an event of its own. */
  async before(account: Account, event: RecordedEvent): Promise<Account> {
    return (await this.#states.at(account.id, { position: event.position - 1 })) ?? emptyAccount(account.id);
  }

  async #eventAt(position: number): Promise<RecordedEvent | undefined> {
    for await (const [event] of this.#ledger.readAll({ after: position - 1, until: position })) return event;
    return undefined;
  }

  /** While the past behind a snapshot is still being folded, what lies there is read. */
  async #beforeAll(account: Account, fact: AccountFact): Promise<RecordedEvent | undefined> {
    let oldest: Account = account;
    for (const { segment } of this.#states.past(account.id)?.segmentsBefore(account.revision) ?? []) oldest = segment.base;
    return oldest.revision < 0 ? undefined : this.#scan(emptyAccount(account.id), oldest, fact);
  }

  async #scan(base: Account, until: Account, fact: AccountFact): Promise<RecordedEvent | undefined> {
    let found: RecordedEvent | undefined;
    for await (const { before, after, event } of stepsBetween(this.#ledger, base, until)) {
      if (fact.value(entityOf(before, fact)) !== fact.value(entityOf(after, fact))) found = event;
    }
    return found;
  }
}

function entityOf(account: Account, { member, key }: AccountFact): unknown {
  return member === undefined ? account : (account[member] as PersistentMap<unknown>).get(key);
}

/** Every event after `base` up to `until`, two states of one account, with the account around it. */
export async function* stepsBetween(ledger: Pick<Ledger, 'read'>, base: Account, until: Account): AsyncGenerator<Step> {
  let before = base;
  if (base.revision >= until.revision) return;
  for await (const batch of ledger.read(accountStream(base.id), { fromRevision: base.revision + 1 })) {
    for (const event of batch) {
      const after = evolve(before, event);
      yield { event, before, after };
      before = after;
      if (after.revision >= until.revision) return;
    }
  }
}
