import type { Ledger } from '../../libs/ledger/index.ts';
import { ValidationError } from '../../libs/aws/index.ts';
import { accountStream, emptyAccount, evolve, type Account } from '../iam/account.ts';
import { Edit } from '../iam/persistent-map.ts';

/** A moment to look back at: a position of the log, or a time. Position beats time: times tie, positions do not. */
export type Moment = { readonly position: number } | { readonly time: string };

/** Past states kept per account; beyond it every second one is let go, so that memory stays bounded however long the log is. */
const retainedMax = 8192;

/**
 * The past of one account. Every `everyEvents` events its state is kept: an immutable value that shares almost all of its structure with its
 * neighbours. A moment in between is that state and a few events folded in.
 */
export class PastStates {
  #retained: Account[];
  #everyEvents: number;

  constructor(first: Account, everyEvents: number) {
    this.#retained = [first];
    this.#everyEvents = everyEvents;
  }

  /** Keeps the state if it is far enough from the last one kept. @returns whether it did */
  note(state: Account): boolean {
    if (state.revision - this.#retained.at(-1)!.revision < this.#everyEvents) return false; // there is always the first
    this.#retained.push(state);
    if (this.#retained.length > retainedMax) {
      this.#retained = this.#retained.filter((_, index) => index % 2 === 0);
      this.#everyEvents *= 2;
    }
    return true;
  }

  /** Puts the states of a longer past before those that are kept. */
  prepend(earlier: readonly Account[]): void {
    const first = this.#retained[0]!.revision;
    this.#retained = [...earlier.filter((state) => state.revision < first), ...this.#retained];
  }

  /** The last kept state that is not after the moment. */
  before(moment: Moment): Account | undefined {
    return this.#retained[this.#firstAfter(moment) - 1];
  }

  /** The first kept state that is after the moment. */
  after(moment: Moment): Account | undefined {
    return this.#retained[this.#firstAfter(moment)];
  }

  /**
   * The last kept state before `position` of which `holds` is true. It must be true of the states up to some moment and false of all later ones; then
   * a few looks suffice.
   */
  lastWhere(position: number, holds: (state: Account) => boolean): Account | undefined {
    let low = 0;
    let high = this.#firstAfter({ position: position - 1 });
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.#retained[middle]!))
        low = middle + 1; // it is below the length
      else high = middle;
    }
    return this.#retained[low - 1];
  }

  #firstAfter(moment: Moment): number {
    let low = 0;
    let high = this.#retained.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.#retained[middle]!, moment)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The account as it was at a moment: all events up to it folded in. */
export async function accountAt(ledger: Ledger, current: Account, past: PastStates, moment: Moment): Promise<Account> {
  if (!isAfter(current, moment)) return current;
  let state = past.before(moment) ?? emptyAccount(current.id);
  // Nothing past the next state that is kept is of interest, so it is not read.
  const next = (past.after(moment) ?? current).position;
  const until = 'position' in moment ? Math.min(moment.position, next) : next;
  const edit = new Edit();
  for await (const events of ledger.read(accountStream(current.id), { fromRevision: state.revision + 1, until })) {
    const due = events.filter((event) => !isAfter(event, moment));
    state = edit.run(() => due.reduce(evolve, state));
    if (due.length < events.length) break;
  }
  return state;
}

function isAfter(at: { readonly position: number; readonly time: string }, moment: Moment): boolean {
  return 'position' in moment ? at.position > moment.position : at.time > moment.time;
}

/**
 * Reads a moment as clients write it: a position (`42`) or a time with zone (RFC 3339: `2026-01-01T00:00:00Z`).
 *
 * @throws ValidationError for anything else, and for a moment that has not come yet
 */
export function parseMoment(text: string, now: Date, head: number): Moment {
  if (/^(0|[1-9][0-9]{0,15})$/.test(text)) {
    const position = Number(text);
    if (position > head) throw new ValidationError(`Position ${text} is not in the log yet: its last position is ${head}.`);
    return { position };
  }
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const date = found === null ? undefined : new Date(text);
  const isReal =
    found !== null && date !== undefined && !Number.isNaN(date.getTime()) && Number(found[3]) <= daysIn(Number(found[1]), Number(found[2]));
  if (!isReal) throw new ValidationError(`'${text.slice(0, 64)}' is neither a position nor a time with a zone, such as 2026-01-01T00:00:00Z.`);
  if (date.getTime() > now.getTime()) throw new ValidationError(`The time ${text} has not come yet.`);
  return { time: /\.\d/.test(text) ? date.toISOString() : new Date(date.getTime() + 999).toISOString() };
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
