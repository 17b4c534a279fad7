import type { Account, RecordedMoment } from '../../iam/account.ts';
import type { MapChange } from '../../iam/account-map.ts';
import { PersistentMap } from '../../iam/persistent-map.ts';
import { MapAtRevision } from './map-at-revision.ts';
import type { Moment } from './moment.ts';
import { Versions, type Version } from './versions.ts';

/** What an account has besides its maps and its place in the log. */
type Scalars = Omit<Account, keyof RecordedMoment | MapMember>;
export type MapMember = { [K in keyof Account]: Account[K] extends PersistentMap<unknown> ? K : never }[keyof Account];

/** The account before some events in a row, and every version of whatever they changed: the account after each of them. */
export class PastSegment {
  readonly base: Account;
  /** Position of each event; the latest time, in milliseconds, of it and those before. */
  #positions: number[] = [];
  #times: number[] = [];
  /** Times of events, by index, that are not the latest so far or written otherwise than `toISOString` writes. */
  readonly #oddTimes = new Map<number, string>();
  #scalars: Versions<Scalars> | undefined = new Versions();
  #maps: Map<string, Versions<unknown>> | undefined = new Map();

  constructor(base: Account) {
    this.base = base;
  }

  get events(): number {
    return this.#positions.length;
  }

  /** Whether the states between the events are still known. */
  get isExact(): boolean {
    return this.#maps !== undefined;
  }

  /** The state after one more event, which made these changes. */
  note(before: Account, after: Account, changes: readonly MapChange[]): void {
    this.#noteMoment(after);
    for (const { member, key, value } of changes) {
      let versions = this.#maps!.get(member); // notes come before `forget`
      if (versions === undefined) this.#maps!.set(member, (versions = new Versions()));
      versions.note(key, after.revision, value);
    }
    if (scalarsDiffer(before, after)) this.#scalars!.note('', after.revision, scalarsOf(after));
  }

  #noteMoment({ position, time }: RecordedMoment): void {
    const latest = Math.max(Date.parse(time), this.#times.at(-1) ?? 0);
    if (new Date(latest).toISOString() !== time) this.#oddTimes.set(this.#times.length, time);
    this.#positions.push(position);
    this.#times.push(latest);
  }

  /** What an entry of a map — or, without one, the account without its maps — was up to a revision, the newest first. Only where it is exact. */
  versionsOf(member: MapMember | undefined, key: string, revision: number): Iterable<Version<unknown>> {
    if (member === undefined) return this.#scalars!.backwards('', revision); // it is exact
    return this.#maps!.get(member)?.backwards(key.toLowerCase(), revision) ?? []; // as above
  }

  /** Position of the event of a revision. Only where it is exact. */
  positionOf(revision: number): number {
    return this.#positions[revision - this.base.revision - 1]!; // the revision is one of this segment's
  }

  /** Lets go of what lies between: from now on only the state before the first event is known. */
  forget(): void {
    this.#maps = undefined;
    this.#scalars = undefined;
    this.#positions = [];
    this.#times = [];
    this.#oddTimes.clear();
  }

  /** The account after the last of these events that is not after the moment. */
  at(moment: Moment): Account {
    const index = 'position' in moment ? lastUpTo(this.#positions, moment.position) : lastUpTo(this.#times, Date.parse(moment.time));
    if (index < 0) return this.base;
    const revision = this.base.revision + 1 + index;
    const scalars = this.#scalars!.at('', revision)?.value ?? scalarsOf(this.base); // there are events: it is exact
    const maps: Record<string, unknown> = {};
    for (const [member, before] of Object.entries(this.base)) {
      if (!(before instanceof PersistentMap)) continue;
      const versions = this.#maps!.get(member);
      maps[member] = versions === undefined ? before : new MapAtRevision(before, versions, revision);
    }
    const position = this.#positions[index]!; // it is an index
    const time = this.#oddTimes.get(index) ?? new Date(this.#times[index]!).toISOString(); // as above
    return { ...scalars, ...(maps as Pick<Account, MapMember>), revision, position, time };
  }
}

const place: ReadonlySet<string> = new Set<keyof RecordedMoment>(['revision', 'position', 'time']);

function scalarsOf(account: Account): Scalars {
  return Object.fromEntries(Object.entries(account).filter(([member, value]) => !place.has(member) && !(value instanceof PersistentMap))) as Scalars;
}

function scalarsDiffer(before: Account, after: Account): boolean {
  for (const member in after) {
    const value = after[member as keyof Account];
    if (value !== before[member as keyof Account] && !place.has(member) && !(value instanceof PersistentMap)) return true;
  }
  return false;
}

/** Index of the last of these rising numbers that is not greater; -1 where all are. */
function lastUpTo(numbers: readonly number[], most: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! > most)
      high = middle; // it is below its length
    else low = middle + 1;
  }
  return low - 1;
}
