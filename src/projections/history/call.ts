import type { CallMetadata, UserIdentity } from '../../iam/call-metadata.ts';

/**
 * An event as the history takes it in: a recorded event of the ledger without its `data`, which no audit record shows. Actor and record are text:
 * the text is what a row keeps, and the actor of most calls is that of one before, which then need not be read again.
 */
export interface HistoryEvent {
  readonly position: number;
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** JSON of the metadata's `actor`. */
  readonly actor: string;
  /** JSON of the metadata without `actor`. */
  readonly record: string;
}

/** One call and all events that it made: they stand next to each other in the log and share their metadata. */
export interface Call {
  /** Position of the call's first event; what a cursor points at. */
  readonly position: number;
  readonly lastPosition: number;
  readonly stream: string;
  /** When the call completed, in milliseconds since 1970. Of an imported record: its own eventTime. */
  readonly timeMs: number;
  readonly events: readonly CallEvent[];
  readonly metadata: CallMetadata;
}

export interface CallEvent {
  readonly id: string;
  readonly type: string;
}

/** What stands in a call's row beside its actor. */
export type CallRecord = Omit<CallMetadata, 'actor'>;

/** A call on its way into a segment. */
export interface NewCall {
  readonly position: number;
  lastPosition: number;
  readonly stream: string;
  readonly timeMs: number;
  readonly events: CallEvent[];
  /** JSON of the actor and of the record, as they came. */
  readonly actorText: string;
  readonly recordText: string;
  readonly record: CallRecord;
}

/** The event cannot be applied: the projection stops before it, and the server is not ready until a version that can is started. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** Streams whose events are calls. The others (sagas, slots, leases) only move the checkpoint on. */
export function isCallStream(stream: string): boolean {
  return stream.startsWith('account-') || stream.startsWith('activity-') || stream === 'organization';
}

/**
 * The call that `event` begins.
 * @throws UnreadableEvent the metadata lacks what an audit record cannot do without
 */
export function callOf(event: HistoryEvent): NewCall {
  const record = checkedRecord(event);
  const time = record.importedRecord?.['eventTime'] ?? event.time;
  const timeMs = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  if (!Number.isFinite(timeMs)) throw unreadable(event, 'its time is not RFC 3339');
  return {
    position: event.position,
    lastPosition: event.position,
    stream: event.stream,
    timeMs,
    events: [{ id: event.id, type: event.type }],
    actorText: event.actor,
    recordText: event.record,
    record,
  };
}

/** Whether `event` is a further event of `call` (a batch of the subscription may end in the middle of a call). */
export function continues(call: NewCall, event: HistoryEvent): boolean {
  if (event.position !== call.lastPosition + 1 || event.stream !== call.stream) return false;
  if (event.record === call.recordText) return true;
  if (!event.record.includes(call.record.requestId)) return false;
  const record = JSON.parse(event.record) as CallRecord;
  return (
    record.requestId === call.record.requestId &&
    record.eventName === call.record.eventName &&
    record.eventSource === call.record.eventSource &&
    // Several imported records may share one requestID: AWS writes one record for every service that had a part in the request.
    record.importedRecord?.['eventID'] === call.record.importedRecord?.['eventID']
  );
}

/** CloudTrail's eventID of a call: the id of its first event, or what the imported record says. */
export function eventIdOf({ events, metadata }: Pick<Call, 'events' | 'metadata'>): string {
  return importedEventId(metadata) ?? events[0]?.id ?? '';
}

export function importedEventId({ importedRecord }: Pick<CallMetadata, 'importedRecord'>): string | undefined {
  const id = importedRecord?.['eventID'];
  return typeof id === 'string' ? id : undefined;
}

/** The call's actor. */
export function actorOf(call: NewCall): UserIdentity {
  return JSON.parse(call.actorText) as UserIdentity;
}

const requiredTexts = ['requestId', 'eventName', 'eventSource', 'recipientAccountId'] as const;

function checkedRecord(event: HistoryEvent): CallRecord {
  if (!event.actor.startsWith('{')) throw unreadable(event, 'its metadata has no actor');
  const record = JSON.parse(event.record) as CallRecord;
  for (const member of requiredTexts) {
    if (typeof record[member] !== 'string') throw unreadable(event, `its metadata has no ${member}`);
  }
  return record;
}

function unreadable(event: HistoryEvent, reason: string): UnreadableEvent {
  return new UnreadableEvent(`event ${event.position} (${event.type} in ${event.stream}) cannot be applied to the history: ${reason}`);
}
