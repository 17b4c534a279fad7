import { eventIdOf } from './call.ts';
import { listedResources, resourceNames } from './call-resources.ts';
import { actorNames, lookupUserName } from './call-terms.ts';
import { valuesOf, type HistoryCursor, type HistoryQuery, type OneOf } from './history-query.ts';
import { callOfRow, type CallRow } from './segment-file.ts';
import type { SegmentReader } from './segment-reader.ts';

/** The segments of a history: opened when they are asked for. */
export interface Segments {
  readonly count: number;
  /** Segment `number`, from 1, the oldest. */
  open(number: number): SegmentReader;
}

export interface Bounds {
  /** Positions, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** Position up to which the history is complete. */
  readonly position: number;
}

/** The filters that no index decides, or decides only nearly. A row is read as a call only where there is such a filter. */
export function rowFilter(query: HistoryQuery): (row: CallRow) => boolean {
  const { eventId } = query;
  const text = query.text?.toLowerCase();
  const actor = anyIn(query.actor);
  const userName = anyIn(query.userName);
  const resource = anyIn(query.resource);
  const listed = anyIn(query.listedResource);
  const eventType = anyIn(query.eventType);
  if (![eventId, text, actor, userName, resource, listed, eventType].some((filter) => filter !== undefined)) return () => true;
  return (row) => {
    const call = callOfRow(row);
    const { metadata } = call;
    if (eventId !== undefined && eventIdOf(call) !== eventId && !call.events.some(({ id }) => id === eventId)) return false;
    if (eventType !== undefined && !call.events.some(({ type }) => eventType(type))) return false;
    if (actor !== undefined && !actorNames(metadata.actor).some(actor)) return false;
    if (userName !== undefined && !userName(lookupUserName(metadata.actor) ?? '')) return false;
    if (listed !== undefined && !listedResources(metadata).some(({ name }) => listed(name))) return false;
    if (resource !== undefined && !resourceNames(metadata).some(resource)) return false;
    return text === undefined || containsText(metadata.requestParameters, text);
  };
}

function anyIn(values: OneOf | undefined): ((name: string) => boolean) | undefined {
  if (values === undefined) return undefined;
  const wanted = new Set(valuesOf(values));
  return (name) => wanted.has(name);
}

/** Whether a text in `value`, however deep, contains `text` (in lower case). */
function containsText(value: unknown, text: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(text);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value).includes(text);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => containsText(member, text));
}

/** Whether `call` comes after `cursor` in the order `latest`. */
export function isAfter(call: HistoryCursor, cursor: HistoryCursor): boolean {
  return call.timeMs < cursor.timeMs || (call.timeMs === cursor.timeMs && call.position < cursor.position);
}
