import type { Call } from '../projections/history/call.ts';
import type { History } from '../projections/history/history.ts';
import { pageCallsDefault, valuesOf, type HistoryQuery } from '../projections/history/history-query.ts';

import { errorCodeSpellings } from './cloudtrail-error-code.ts';
import { cloudTrailRecord } from './cloudtrail-record.ts';
import { pageToken, placeOf } from './page-token.ts';

/** Filters of the audit search: any may be combined with any, and all must hold. */
export type AuditFilters = Omit<HistoryQuery, 'after' | 'limit' | 'order' | 'listedResource'>;

export interface AuditQuery extends AuditFilters {
  /** By position in the log. Default: `newest`. */
  readonly order?: 'newest' | 'oldest';
  /** 1 … 1,000; default 50. */
  readonly pageSize?: number;
  /** `nextCursor` of the page before, with the same filters and order. */
  readonly cursor?: string;
}

/** A call as the audit search answers it: CloudTrail's record, and what the log knows beyond it. */
export interface AuditEntry {
  readonly position: number;
  readonly lastPosition: number;
  /** Ids of all events that the call made. */
  readonly eventIds: readonly string[];
  readonly eventTypes: readonly string[];
  /** ARN of the person or service at the start of the session chain. */
  readonly sessionRoot?: string;
  /** Event ids of the session issuances, first to last, that led to the session. */
  readonly sessionChain?: readonly string[];
  readonly record: Readonly<Record<string, unknown>>;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Absent at the end. A page may be short, or empty, and still go on: the work for one page is limited. */
  readonly nextCursor?: string;
  /** The history was complete up to this position. */
  readonly position: number;
}

export interface AuditScope {
  readonly history: Pick<History, 'search'>;
  readonly tokenKey: Uint8Array;
}

/**
 * One page of the calls that fulfil `query`. The cursor names a position, so pages neither repeat nor skip a call while events arrive.
 * @throws InvalidNextToken the cursor was not made for these filters
 */
export async function searchAudit({ history, tokenKey }: AuditScope, query: AuditQuery): Promise<AuditPage> {
  const { cursor, pageSize = pageCallsDefault, order = 'newest', ...filters } = query;
  const question = JSON.stringify(['AuditSearch', order, Object.entries(filters).sort(([one], [other]) => (one < other ? -1 : 1))]);
  const after = cursor === undefined ? undefined : placeOf(tokenKey, question, cursor);
  const errorCode = filters.errorCode === undefined ? undefined : valuesOf(filters.errorCode).flatMap(errorCodeSpellings);
  const page = await history.search({ ...filters, ...(errorCode && { errorCode }), order, limit: pageSize, ...(after && { after }) });
  return {
    entries: page.calls.map(auditEntry),
    position: page.position,
    ...(page.next && { nextCursor: pageToken(tokenKey, question, page.next) }),
  };
}

/** All calls that fulfil `query`, page by page; for exports. Ends after `entriesMax`. */
export async function* allEntries(scope: AuditScope, query: AuditQuery, entriesMax = Number.POSITIVE_INFINITY): AsyncGenerator<AuditEntry> {
  let left = entriesMax;
  let cursor = query.cursor;
  for (;;) {
    const page = await searchAudit(scope, { ...query, ...(cursor !== undefined && { cursor }) });
    for (const entry of page.entries) {
      if (left <= 0) return;
      left -= 1;
      yield entry;
    }
    if (page.nextCursor === undefined) return;
    cursor = page.nextCursor;
  }
}

function auditEntry(call: Call): AuditEntry {
  const { sessionRoot, sessionChain } = call.metadata.actor.sessionContext ?? {};
  return {
    position: call.position,
    lastPosition: call.lastPosition,
    eventIds: call.events.map(({ id }) => id),
    eventTypes: call.events.map(({ type }) => type),
    ...(sessionRoot !== undefined && { sessionRoot }),
    ...(sessionChain !== undefined && { sessionChain }),
    record: { ...cloudTrailRecord(call) },
  };
}
