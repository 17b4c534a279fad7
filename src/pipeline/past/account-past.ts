import type { Ledger, RecordedEvent } from '../../../libs/ledger/index.ts';
import { accountStream, emptyAccount, evolve, type Account } from '../../iam/account.ts';
import { Edit, journaled } from '../../iam/account-map.ts';
import type { Moment } from './moment.ts';
import { PastSegment } from './past-segment.ts';

/** Events of a segment. A moment whose segment was forgotten costs as many to be read and folded at most. */
const segmentEventsDefault = 32_768;

/**
 * The past of one account: the state after each of its events, kept as the versions of whatever they changed. Looking one up is a search among the
 * versions of the entity that is asked for; nothing is read and nothing folded.
 *
 * It is cut into segments, so that memory stays bounded however long the log is: of the oldest only the state before their first event is kept.
 */
export class AccountPast {
  #segments: PastSegment[];
  readonly #exactEventsMax: number;
  readonly #edit = new Edit();

  readonly #segmentEventsMax: number;

  constructor(first: Account, exactEventsMax: number, segmentEventsMax = segmentEventsDefault) {
    this.#segments = [new PastSegment(first)];
    this.#exactEventsMax = exactEventsMax;
    this.#segmentEventsMax = segmentEventsMax;
  }

  /** Folds one more event in, and keeps the state before it. */
  fold(state: Account, event: RecordedEvent): Account {
    const { result: next, changes } = journaled(() => evolve(state, event));
    this.#note(state, next, changes);
    return next;
  }

  /** As `fold`, for a state that nobody else has: its maps are changed in place. */
  foldInPlace(state: Account, event: RecordedEvent): Account {
    const { result: next, changes } = journaled(() => this.#edit.run(() => evolve(state, event)));
    this.#note(state, next, changes);
    return next;
  }

  #note(state: Account, next: Account, changes: Parameters<PastSegment['note']>[2]): void {
    const segment = this.#segments.at(-1)!; // there is always one
    segment.note(state, next, changes);
    if (segment.events < this.#segmentEventsMax) return;
    this.#edit.seal();
    this.#segments.push(new PastSegment(next));
    this.#forgetOldest();
  }

  #forgetOldest(): void {
    let events = 0;
    const [, ...closed] = this.#segments.toReversed(); // the last one still grows
    for (const segment of closed) {
      events += segment.events;
      if (events > this.#exactEventsMax && segment.isExact) segment.forget();
    }
  }

  /** Puts a longer past before this one: it must end with the state that this one begins with. */
  prepend(earlier: AccountPast): void {
    this.#segments = [...earlier.#segments.filter(({ events, isExact }) => events > 0 || !isExact), ...this.#segments];
    this.#forgetOldest();
  }

  /** The segments that begin before a revision, the newest first, each with where the next one begins. */
  *segmentsBefore(revision: number): Generator<{ readonly segment: PastSegment; readonly end: Account | undefined }> {
    for (let index = this.#segments.length - 1; index >= 0; index -= 1) {
      const segment = this.#segments[index]!; // it is an index
      if (segment.base.revision < revision) yield { segment, end: this.#segments[index + 1]?.base };
    }
  }

  /**
   * The account at a moment. Where only an earlier state is known the rest must be folded: the events up to `foldUntil`, a position, as far as they are
   * not after the moment.
   */
  at(moment: Moment): { readonly account: Account; readonly foldUntil?: number } {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.#segments[middle]!.base, moment))
        high = middle; // it is below its length
      else low = middle + 1;
    }
    const segment = this.#segments[low - 1];
    const account = segment?.at(moment) ?? emptyAccount(this.#segments[0]!.base.id); // there is always one
    const next = this.#segments[low];
    return segment?.isExact === true || next === undefined ? { account } : { account, foldUntil: next.base.position };
  }
}

/** The account as it was at a moment: all events up to it folded in. */
export async function accountAt(ledger: Ledger, current: Account, past: AccountPast, moment: Moment): Promise<Account> {
  if (!isAfter(current, moment)) return current;
  const { account, foldUntil } = past.at(moment);
  if (foldUntil === undefined) return account;
  let state = account;
  for await (const events of ledger.readAll({ stream: accountStream(current.id), after: state.position, until: foldUntil })) {
    const end = events.findIndex((event) => isAfter(event, moment));
    state = (end < 0 ? events : events.slice(0, end)).reduce(evolve, state);
    if (end >= 0) break;
  }
  return state;
}

function isAfter(at: { readonly position: number; readonly time: string }, moment: Moment): boolean {
  return 'position' in moment ? at.position > moment.position : Date.parse(at.time) > Date.parse(moment.time); // of no time: it is not
}
