import { WrongExpectedRevision, type AppendResult, type Ledger, type NewEvent, type RecordedEvent } from '../../libs/ledger/index.ts';
import { ConcurrentModification } from '../../libs/aws/index.ts';

/** What a consistency boundary folds: an account, the organization. */
export interface Folded {
  /** Of the last event folded in; -1 before the first. */
  readonly revision: number;
  readonly position: number;
  readonly time: string;
}

/** What one command comes to on a state: its events, the state after them, and the answer that tells of them. */
export interface Decision<S extends Folded, R> {
  readonly events: readonly NewEvent[];
  readonly state: S;
  readonly answer: R;
}

/** A decision that is durable. */
export interface Committed<R> {
  readonly answer: R;
  /** Revision before its first event, and how many there are. */
  readonly revisionBefore: number;
  readonly events: number;
  /** Position of its last event; of the state it was decided on where it changed nothing. */
  readonly position: number;
}

/** Commands that one append takes at most: bounds the time that the event loop decides without a pause. */
const batchCommandsMax = 128;
/** How often a batch is decided again because another node was faster. */
const attemptsMax = 5;

interface Waiting<S extends Folded> {
  readonly decide: (state: S) => Decision<S, unknown>;
  readonly resolve: (committed: Committed<unknown>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One stream and the state that is folded from it: the place where commands of one consistency boundary queue up and are committed in groups.
 *
 * All that wait are decided one after another on an evolving draft and their events are appended in one append, which holds only if the stream is
 * still where the draft began. Then they are folded into the state and everybody is answered. So throughput grows with load, and nobody ever sees a
 * state that is not durable.
 */
export class Boundary<S extends Folded> {
  readonly stream: string;
  state: S;
  readonly #ledger: Ledger;
  readonly #fold: (state: S, event: RecordedEvent) => S;
  readonly #onForeign: (event: RecordedEvent) => void;
  #queue: Waiting<S>[] = [];
  #draining = false;

  /** `onForeign` is told of every event that was found in the stream and not put there from here. */
  constructor(
    ledger: Ledger,
    stream: string,
    state: S,
    fold: (state: S, event: RecordedEvent) => S,
    onForeign: (event: RecordedEvent) => void = () => {},
  ) {
    this.#ledger = ledger;
    this.stream = stream;
    this.state = state;
    this.#fold = fold;
    this.#onForeign = onForeign;
  }

  /**
   * Decides on the state when the command's turn has come, and answers when its events are durable.
   *
   * @throws what `decide` throws, or what the ledger throws
   */
  submit<R>(decide: (state: S) => Decision<S, R>): Promise<Committed<R>> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ decide, resolve: resolve as (committed: Committed<unknown>) => void, reject });
      if (!this.#draining) void this.#drain();
    });
  }

  /** Folds in what other nodes appended meanwhile. */
  async catchUp(): Promise<void> {
    for await (const events of this.#ledger.read(this.stream, { fromRevision: this.state.revision + 1 })) {
      for (const event of events) {
        this.state = this.#fold(this.state, event);
        this.#onForeign(event);
      }
    }
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    await Promise.resolve(); // lets everything that arrived in this turn of the event loop join the first group
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0, batchCommandsMax);
      try {
        await this.#commit(group);
      } catch (error) {
        for (const waiting of group) waiting.reject(error); // those already answered are not moved by this
      }
    }
    this.#draining = false;
  }

  async #commit(group: readonly Waiting<S>[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const round = this.#decideAll(group);
      try {
        const appended = round.events.length === 0 ? undefined : await this.#ledger.append(this.stream, this.state.revision, round.events);
        this.#publish(round, appended);
        return;
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        if (attempt === attemptsMax)
          throw new ConcurrentModification('The request was rejected because it was made at the same time as another change. Try again.');
        await this.catchUp();
      }
    }
  }

  #decideAll(group: readonly Waiting<S>[]): Round<S> {
    const round: Round<S> = { draft: this.state, events: [], decided: [], refused: [] };
    for (const waiting of group) {
      try {
        const decision = waiting.decide(round.draft);
        round.decided.push({ waiting, decision, revisionBefore: round.draft.revision });
        round.events.push(...decision.events);
        round.draft = decision.state;
      } catch (error) {
        round.refused.push({ waiting, error });
      }
    }
    return round;
  }

  /** The state is folded from what was appended, not taken from the draft: so it is what a replay gives, whoever decided. */
  #publish({ events, decided, refused }: Round<S>, appended: AppendResult | undefined): void {
    if (appended !== undefined) {
      let { firstPosition: position } = appended;
      for (const event of events)
        this.state = this.#fold(this.state, { ...event, stream: this.stream, revision: this.state.revision + 1, position: position++ });
    }
    let position = appended === undefined ? this.state.position : appended.firstPosition - 1;
    for (const { waiting, decision, revisionBefore } of decided) {
      position += decision.events.length;
      waiting.resolve({ answer: decision.answer, revisionBefore, events: decision.events.length, position });
    }
    for (const { waiting, error } of refused) waiting.reject(error);
  }
}

/** A group decided once: the draft after it, the events to append, who is answered and who refused. */
interface Round<S extends Folded> {
  draft: S;
  readonly events: NewEvent[];
  readonly decided: { readonly waiting: Waiting<S>; readonly decision: Decision<S, unknown>; readonly revisionBefore: number }[];
  readonly refused: { readonly waiting: Waiting<S>; readonly error: unknown }[];
}
