import type { Call } from './call.ts';
import type { CallRow } from './segment-file.ts';

/** One value, or several of which any will do. */
export type OneOf = string | readonly string[];

export function valuesOf(values: OneOf): readonly string[] {
  return typeof values === 'string' ? [values] : values;
}

/** What calls to find; every filter given must hold. Values are compared exactly, case included. */
export interface HistoryQuery {
  /** Account ids (12 digits) that the call acted in. */
  readonly account?: OneOf;
  /** ARN, user name, unique id or, of a role's sessions, the role's ARN or id. */
  readonly actor?: OneOf;
  /** LookupEvents' Username: of a role session the session's name. */
  readonly userName?: OneOf;
  readonly accessKeyId?: OneOf;
  readonly eventName?: OneOf;
  readonly eventSource?: OneOf;
  readonly readOnly?: boolean;
  readonly errorCode?: OneOf;
  readonly outcome?: 'succeeded' | 'failed';
  /** ARN of the person or service at the start of the session chain. */
  readonly sessionRoot?: OneOf;
  readonly sourceIPAddress?: OneOf;
  /** Name, ARN or unique id of a resource that the call is about or speaks of. */
  readonly resource?: OneOf;
  /** As `resource`, but only those that LookupEvents lists. */
  readonly listedResource?: OneOf;
  readonly resourceType?: OneOf;
  /** Type of one of the call's events: `UserPolicyAttached`. */
  readonly eventType?: OneOf;
  /** Id of one of the call's events, or eventID of an imported record. */
  readonly eventId?: string;
  /** Milliseconds since 1970, both ends included. */
  readonly fromTimeMs?: number;
  readonly toTimeMs?: number;
  /** Positions, both ends included. */
  readonly fromPosition?: number;
  readonly toPosition?: number;
  /** Stands, without regard to case, in a value of the request parameters. */
  readonly text?: string;
  /**
   * `newest` and `oldest` go by position, which is total and never changes. `latest` goes by time, the latest first, and by position where
   * times tie: imported calls then stand at their own time. Default: `newest`.
   */
  readonly order?: 'newest' | 'oldest' | 'latest';
  /** Calls in a page: 1 … `pageCallsMax`; default 50. */
  readonly limit?: number;
  /** Continue after this call: `next` of the page before, with the same filters and order. */
  readonly after?: HistoryCursor;
}

export interface HistoryCursor {
  readonly position: number;
  /** Counts in the order `latest` only. */
  readonly timeMs: number;
}

export interface HistoryPage {
  readonly calls: readonly Call[];
  /** Where to go on; absent at the end. A page may have few calls, or none, and still go on: the work for one page is limited. */
  readonly next?: HistoryCursor;
  /** The history was complete up to this position of the log. */
  readonly position: number;
}

/** A page as the reader finds it: rows still as text, so that they cross to the main thread as cheaply as can be. */
export interface RowPage extends Omit<HistoryPage, 'calls'> {
  readonly rows: readonly CallRow[];
}

export const pageCallsMax = 1_000;
export const pageCallsDefault = 50;
/** Rows that one page reads at most where a filter has no index (`text`): about a tenth of a second. */
export const rowsScannedMax = 20_000;
