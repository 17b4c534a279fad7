import { pageCallsDefault, pageCallsMax, rowsScannedMax, type HistoryQuery, type RowPage } from './history-query.ts';
import { rowFilter, type Bounds, type Segments } from './row-filter.ts';
import { searchByTime } from './search-by-time.ts';
import type { CallRow } from './segment-file.ts';
import type { SegmentReader } from './segment-reader.ts';

/**
 * The calls that fulfil `query`, one page of them. `segments` are all segments, oldest first, the last one's checkpoint just read;
 * `position` bounds what is seen, so that a page is of one moment although the writer goes on.
 */
export function searchCalls(segments: Segments, query: HistoryQuery, position: number): RowPage {
  const bounds = boundsOf(query, position);
  const limit = Math.min(Math.max(1, query.limit ?? pageCallsDefault), pageCallsMax);
  if (bounds.from > bounds.to) return { rows: [], position };
  if (query.order === 'latest') return searchByTime(segments, query, { ...bounds, limit, position });
  return searchByPosition(segments, query, { ...bounds, limit, position });
}

function boundsOf(query: HistoryQuery, position: number): { readonly from: number; readonly to: number } {
  let from = Math.max(1, query.fromPosition ?? 1);
  let to = Math.min(position, query.toPosition ?? position);
  if (query.after !== undefined && query.order !== 'latest') {
    if (query.order === 'oldest') from = Math.max(from, query.after.position + 1);
    else to = Math.min(to, query.after.position - 1);
  }
  return { from, to };
}

function searchByPosition(segments: Segments, query: HistoryQuery, { from, to, limit, position }: Bounds): RowPage {
  const descending = query.order !== 'oldest';
  const isInTime = timeFilter(query);
  const fulfils = rowFilter(query);
  const rows: CallRow[] = [];
  let scanned = 0;
  for (let step = 0; step < segments.count; step++) {
    const segment = segments.open(descending ? segments.count - step : step + 1);
    const checkpoint = segment.checkpoint();
    if (descending ? checkpoint.firstPosition > to : checkpoint.position < from) continue;
    if (descending ? checkpoint.position < from : checkpoint.firstPosition > to) break;
    for (const found of positionsIn(segment, query, { from, to, descending })) {
      scanned += 1;
      const row = isInTime(segment, found) ? segment.row(found) : undefined;
      if (row !== undefined && fulfils(row)) rows.push(row);
      if (rows.length === limit || scanned >= rowsScannedMax) return { rows, next: { position: found, timeMs: row?.time ?? 0 }, position };
    }
  }
  return { rows, position };
}

/** Whether the time of a call lies in the range; looked at only where there is one. */
function timeFilter({ fromTimeMs, toTimeMs }: HistoryQuery): (segment: SegmentReader, position: number) => boolean {
  if (fromTimeMs === undefined && toTimeMs === undefined) return () => true;
  return (segment, position) => {
    const timeMs = segment.timeMs(position);
    return timeMs !== undefined && timeMs >= (fromTimeMs ?? timeMs) && timeMs <= (toTimeMs ?? timeMs);
  };
}

/** Positions of one segment that fulfil the indexed filters and may fulfil the time range, in order. */
function* positionsIn(
  segment: SegmentReader,
  query: HistoryQuery,
  { from, to, descending }: { readonly from: number; readonly to: number; readonly descending: boolean },
): Generator<number> {
  const cursor = segment.find(query, descending);
  if (cursor === undefined) return;
  const inTime = query.fromTimeMs === undefined && query.toTimeMs === undefined ? undefined : timeSkip(segment, query, descending);
  let seek = descending ? to : from;
  for (;;) {
    const possible = inTime === undefined ? seek : inTime(seek);
    if (possible === undefined) return;
    const found = cursor.seek(possible);
    if (found === undefined || (descending ? found < from : found > to)) return;
    if (inTime !== undefined && inTime(found) !== found) {
      seek = found;
      continue;
    }
    yield found;
    seek = descending ? found - 1 : found + 1;
  }
}

/** Skips the blocks that lie outside the time range: answers the next position that may be inside, or `undefined`. */
function timeSkip(segment: SegmentReader, query: HistoryQuery, descending: boolean): (position: number) => number | undefined {
  const fromTime = query.fromTimeMs ?? Number.NEGATIVE_INFINITY;
  const toTime = query.toTimeMs ?? Number.POSITIVE_INFINITY;
  const blocks = segment.blocks().filter(({ timeMin, timeMax }) => timeMax >= fromTime && timeMin <= toTime);
  if (descending) blocks.reverse();
  let index = 0;
  return (position) => {
    while (index < blocks.length) {
      const { first, last } = blocks[index] as (typeof blocks)[number];
      if (descending ? first <= position : last >= position) return descending ? Math.min(position, last) : Math.max(position, first);
      index += 1;
    }
    return undefined;
  };
}
