import { uuidv5, type Ledger, type NewEvent } from '../../../libs/ledger/index.ts';
import { activityStream, evolve, type Account } from '../../iam/account.ts';
import type { AccountOf } from '../../iam/import/cloudtrail-call.ts';
import { foldSecond, isFolded, isUnknownChange, type FoldedRecord } from '../../iam/import/cloudtrail-fold.ts';
import { metadataOfRecord, type CloudTrailRecord } from '../../iam/import/cloudtrail-record.ts';
import { schemaVersions } from '../../iam/events.ts';
import type { Boundary, Decision } from '../boundary.ts';
import type { KnownGap, KnownPast } from './import-known.ts';
import type { SpooledImport, SpooledRecord } from './import-spool.ts';

/** Calls of one second that are decided, and bytes of records that are appended, at once: bounded so that others of the account are not held up. */
const callsAtOnceMax = 64;
const appendBytesMax = 2 * 1024 * 1024;
/** Records that change nothing, in one append. */
const activityEventsMax = 512;
/** Appends that are waited for together: half of what the log takes into its queue, at the sizes above. */
const appendsInFlightMax = 8;

/** An account that records are imported into. */
export interface ImportInto {
  readonly boundary: Boundary<Account>;
  readonly known: KnownPast;
}

export interface RunParts {
  readonly ledger: Ledger;
  readonly into: ReadonlyMap<string, ImportInto>;
  readonly accountOf: AccountOf;
}

/** Changes of one name that were kept in the history and not folded into the state. */
export interface NotFolded {
  readonly EventName: string;
  readonly Reason: string;
  readonly Records: number;
}

export interface RunReport {
  readonly imported: ReadonlyMap<string, number>;
  readonly gaps: readonly KnownGap[];
  readonly notFolded: readonly NotFolded[];
  /** Of the last event; 0 where there was none. */
  readonly position: number;
}

type Reading = SpooledRecord & { readonly call: CloudTrailRecord };

/**
 * Writes records into the log, one second after another, oldest first: a crash leaves a beginning of them, and a second run adds the rest. The ids
 * of the events are derived from the records'.
 */
export class CloudTrailRun {
  readonly #parts: RunParts;
  readonly #spool: SpooledImport;
  readonly #imported = new Map<string, number>();
  readonly #gaps: KnownGap[] = [];
  readonly #notFolded = new Map<string, { EventName: string; Reason: string; Records: number }>();
  #activity = new Map<string, NewEvent[]>();
  #waiting = { events: 0, bytes: 0 };
  /** Appends of activity that are under way. The log takes them in the order in which they were asked for. */
  readonly #writing = new Set<Promise<void>>();
  #position = 0;

  constructor(parts: RunParts, spool: SpooledImport) {
    this.#parts = parts;
    this.#spool = spool;
  }

  async run(): Promise<RunReport> {
    for (const second of bySecond(this.#spool.records)) await this.#importSecond(second);
    await this.#flush();
    await Promise.all(this.#writing);
    return { imported: this.#imported, gaps: this.#gaps, notFolded: [...this.#notFolded.values()], position: this.#position };
  }

  async #importSecond(second: readonly SpooledRecord[]): Promise<void> {
    const { known } = this.#parts.into.get(second[0]!.accountId)!; // of one account, which was opened
    const changes: Reading[] = [];
    for (const spooled of second) {
      if (known.present.has(spooled.key)) continue;
      const reading = { ...spooled, call: this.#spool.read(spooled) };
      this.#imported.set(spooled.accountId, (this.#imported.get(spooled.accountId) ?? 0) + 1);
      const unfolded = isFolded(reading.call) ? known.isLate(reading.call) : isUnknownChange(reading.call) ? 'not part of the state' : undefined;
      if (unfolded !== undefined) this.#noteNotFolded(reading.call.eventName, unfolded);
      if (unfolded === undefined && isFolded(reading.call)) changes.push(reading);
      else await this.#noteActivity(reading, []);
    }
    for (const part of partsOf(changes)) await this.#change(part);
  }

  async #change(changes: readonly Reading[]): Promise<void> {
    await this.#flush();
    const { boundary } = this.#parts.into.get(changes[0]!.accountId)!; // as above
    const { answer, events, position } = await boundary.submit((draft) => decide(changes, draft, this.#parts.accountOf));
    if (events > 0) this.#position = Math.max(this.#position, position);
    for (const { from, missing, events: facts } of answer) {
      const { eventTime: EventTime, eventName: EventName } = from.call;
      for (const Missing of missing) this.#gaps.push({ EventID: from.key, EventTime, EventName, Missing });
      if (facts.length === 0) await this.#noteActivity(from, missing);
    }
  }

  /** A record that changes no state: it goes into the activity of its account, with the time that it says. */
  async #noteActivity(reading: Reading, missing: readonly string[]): Promise<void> {
    const { accountId, key, call, bytes } = reading;
    const event = {
      id: eventId(accountId, key, 0),
      type: 'ActivityImported',
      schemaVersion: 1,
      time: timeOf(call),
      data: {},
      metadata: metadataOf(reading, missing),
    };
    const events = this.#activity.get(accountId);
    if (events === undefined) this.#activity.set(accountId, [event]);
    else events.push(event);
    this.#waiting = { events: this.#waiting.events + 1, bytes: this.#waiting.bytes + bytes };
    if (this.#waiting.events >= activityEventsMax || this.#waiting.bytes >= appendBytesMax) await this.#flush();
  }

  async #flush(): Promise<void> {
    const activity = this.#activity;
    this.#activity = new Map();
    this.#waiting = { events: 0, bytes: 0 };
    for (const [accountId, events] of activity) {
      if (this.#writing.size >= appendsInFlightMax) await Promise.race(this.#writing);
      const written: Promise<void> = this.#parts.ledger.append(activityStream(accountId), 'any', events).then(({ lastPosition }) => {
        this.#position = Math.max(this.#position, lastPosition);
        this.#writing.delete(written);
      });
      written.catch(() => {}); // the run meets it where it waits for all
      this.#writing.add(written);
    }
  }

  #noteNotFolded(EventName: string, Reason: string): void {
    const noted = this.#notFolded.get(`${EventName}/${Reason}`);
    if (noted === undefined) this.#notFolded.set(`${EventName}/${Reason}`, { EventName, Reason, Records: 1 });
    else noted.Records++;
  }
}

/** Calls of one second as events on a draft. Times never go back within an account. */
function decide(changes: readonly Reading[], draft: Account, accountOf: AccountOf): Decision<Account, FoldedRecord<Reading>[]> {
  const folded = foldSecond(changes, draft, accountOf);
  const events: NewEvent[] = [];
  let state = draft;
  for (const { from, events: facts, missing } of folded) {
    const metadata = metadataOf(from, missing);
    const time = timeOf(from.call) > state.time ? timeOf(from.call) : state.time;
    for (const [ordinal, { type, data }] of facts.entries()) {
      const event = { id: eventId(from.accountId, from.key, ordinal), type, schemaVersion: schemaVersions[type] ?? 1, time, data, metadata };
      events.push(event);
      state = evolve(state, { ...event, revision: state.revision + 1, position: draft.position + events.length });
    }
  }
  return { events, state, answer: folded };
}

/** Ids of imported events are derived, so that the same record always makes the same event. This is the name space that they are derived in. */
const importNamespace = '5f2b6a0e-9d5c-4a7e-8c3f-1b7d0a4e62c9';
const eventId = (accountId: string, key: string, ordinal: number): string => uuidv5(importNamespace, `${accountId}/${key}/${ordinal}`);

const timeOf = ({ eventTime }: CloudTrailRecord): string => new Date(eventTime).toISOString();

const metadataOf = ({ call, accountId, key }: Reading, missing: readonly string[]) => ({
  ...metadataOfRecord(call, accountId, key),
  ...(missing.length === 0 ? {} : { importedGaps: missing }),
});

/** Neighbours of the same second and account. */
function* bySecond(records: readonly SpooledRecord[]): Generator<readonly SpooledRecord[]> {
  let start = 0;
  for (let end = 1; end <= records.length; end++) {
    const [first, next] = [records[start]!, records[end]]; // start is before end
    if (next !== undefined && next.second === first.second && next.accountId === first.accountId) continue;
    yield records.slice(start, end);
    start = end;
  }
}

/** Cut into what is decided at once; hardly ever into more than one part. */
function* partsOf(changes: readonly Reading[]): Generator<readonly Reading[]> {
  let part: Reading[] = [];
  let bytes = 0;
  for (const change of changes) {
    if (part.length >= callsAtOnceMax || (part.length > 0 && bytes + change.bytes > appendBytesMax)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(change);
    bytes += change.bytes;
  }
  if (part.length > 0) yield part;
}
