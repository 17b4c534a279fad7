import type { Ledger, RecordedEvent } from '../../../libs/ledger/index.ts';
import { accountStream, emptyAccount, evolve, type Account } from '../../iam/account.ts';
import type { AccountStates } from '../../pipeline/account-states.ts';

/** A fact that holds in an account, such as "alice is in the group admins". */
export interface AccountFact {
  /**
   * The smallest immutable part of the account that the fact stands in: another object after every event that touched it.
   *
   * INVARIANT: while the fact holds, the part is no object that the account had before the last change of it; only then can that change be found by bisection.
   */
  readonly part: (account: Account) => unknown;
  /** What the fact says, to be compared by `===`; `undefined` where it does not hold. */
  readonly value: (account: Account) => unknown;
}

/** An event that changed a fact, with the account right before and right after it. */
export interface Origin {
  readonly event: RecordedEvent;
  readonly before: Account;
  readonly after: Account;
}

/** The events between two states that are kept, folded one by one. */
interface Chunk {
  readonly events: readonly RecordedEvent[];
  /** The states after 0, 1, 2 … of the events. */
  readonly states: readonly Account[];
}

/** Chunks that are kept, the latest used last. Each holds some hundred states, which share nearly everything. */
const chunksMax = 64;
/** Longer stretches are folded without keeping every state: only while the server still folds the past that lies before a snapshot. */
const chunkEventsMax = 8_192;

/**
 * Finds the event that made a fact. The past states that are kept of an account are bisected for the last one in which the fact's part was another
 * object; the events from there to the next state that is kept are read and folded. An answer so costs the reading of some hundred events, however long the
 * log is.
 */
export class Origins {
  readonly #states: Pick<AccountStates, 'past'>;
  readonly #ledger: Pick<Ledger, 'read'>;
  readonly #chunks = new Map<string, Promise<Chunk>>();

  constructor(states: Pick<AccountStates, 'past'>, ledger: Pick<Ledger, 'read'>) {
    this.#states = states;
    this.#ledger = ledger;
  }

  /** The last event up to `account`, in which `fact` holds, that made it say what it says; `undefined` where no event did. */
  async lastChange(account: Account, fact: AccountFact): Promise<Origin | undefined> {
    let at = account;
    for (;;) {
      const part = fact.part(at);
      const past = this.#states.past(at.id);
      const base = past?.lastWhere(at.position, (state) => fact.part(state) !== part) ?? emptyAccount(at.id);
      const next = past?.after({ position: base.position });
      const until = next === undefined || next.position > at.position ? at : next;
      const origin = await this.#lastBetween(base, until, fact);
      if (origin !== undefined || base.revision < 0) return origin;
      at = base;
    }
  }

  async #lastBetween(base: Account, until: Account, fact: AccountFact): Promise<Origin | undefined> {
    if (until.revision - base.revision > chunkEventsMax) return this.#scan(base, until, fact);
    const { events, states } = await this.#chunk(base, until);
    for (let index = events.length - 1; index >= 0; index -= 1) {
      const [before, after] = [states[index]!, states[index + 1]!]; // one state more than events
      if (fact.value(before) !== fact.value(after)) return { event: events[index]!, before, after };
    }
    return undefined;
  }

  #chunk(base: Account, until: Account): Promise<Chunk> {
    const key = `${base.id} ${base.revision} ${until.revision}`;
    const chunk = this.#chunks.get(key) ?? this.#read(base, until);
    this.#chunks.delete(key);
    this.#chunks.set(key, chunk);
    chunk.catch(() => this.#chunks.delete(key));
    if (this.#chunks.size > chunksMax) this.#chunks.delete(this.#chunks.keys().next().value!); // it has some
    return chunk;
  }

  async #read(base: Account, until: Account): Promise<Chunk> {
    const events: RecordedEvent[] = [];
    const states = [base];
    for await (const step of stepsBetween(this.#ledger, base, until)) {
      events.push(step.event);
      states.push(step.after);
    }
    return { events, states };
  }

  async #scan(base: Account, until: Account, fact: AccountFact): Promise<Origin | undefined> {
    let found: Origin | undefined;
    for await (const step of stepsBetween(this.#ledger, base, until)) {
      if (fact.value(step.before) !== fact.value(step.after)) found = step;
    }
    return found;
  }
}

/** Every event after `base` up to `until`, two states of one account, with the account around it. */
export async function* stepsBetween(ledger: Pick<Ledger, 'read'>, base: Account, until: Account): AsyncGenerator<Origin> {
  let before = base;
  for await (const batch of ledger.read(accountStream(base.id), { fromRevision: base.revision + 1, until: until.position })) {
    for (const event of batch) {
      const after = evolve(before, event);
      yield { event, before, after };
      before = after;
    }
  }
}
