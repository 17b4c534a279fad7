import type { HistoryCursor, HistoryQuery, RowPage } from './history-query.ts';
import type { PositionCursor } from './position-cursor.ts';
import { isAfter, rowFilter, type Bounds, type Segments } from './row-filter.ts';
import type { CallRow } from './segment-file.ts';
import type { SegmentReader, TimeBlock } from './segment-reader.ts';

/**
 * The order `latest`. The log is in the order of time but for two things: clocks differ by a little, and an import brings old times to new
 * positions. So the log falls into *stretches* within which time goes (nearly) up: usually one for each segment, and one for each import. Stretches are
 * visited by their latest time, each from its end; what is found goes into a list of the `limit` latest, and what cannot enter that list any more —
 * a segment, a stretch, a block — is not visited.
 */
export function searchByTime(segments: Segments, query: HistoryQuery, { from, to, limit, position }: Bounds): RowPage {
  const found = latestFound(limit + 1);
  const fulfils = rowFilter(query);
  const after = query.after;
  const latest = Math.min(query.toTimeMs ?? Number.POSITIVE_INFINITY, after?.timeMs ?? Number.POSITIVE_INFINITY);
  const earliest = query.fromTimeMs ?? Number.NEGATIVE_INFINITY;

  /** Whether calls between these times can be part of the answer. */
  function matters({ timeMin, timeMax }: { readonly timeMin: number; readonly timeMax: number }): boolean {
    return timeMin <= latest && timeMax >= earliest && timeMax >= found.bound();
  }

  for (const { number, timeMin, timeMax } of byLatestTime(segments)) {
    if (!matters({ timeMin, timeMax })) continue;
    const segment = segments.open(number);
    for (const stretch of stretchesOf(segment.blocks())) {
      if (!matters(stretch)) continue;
      const cursor = segment.find(query, true);
      if (cursor === undefined) break;
      for (const candidate of positionsOf(stretch, cursor, matters)) {
        if (candidate > to) continue;
        if (candidate < from) break;
        const timeMs = segment.timeMs(candidate);
        if (timeMs === undefined || timeMs > latest || timeMs < earliest) continue;
        const place = { position: candidate, timeMs };
        if (after === undefined || isAfter(place, after)) found.add(place, segment, fulfils);
      }
    }
  }

  const places = found.sorted();
  const page = places.slice(0, limit);
  const last = page.at(-1);
  const rows = page.map(({ row }) => row);
  return { rows, position, ...(places.length > limit && last !== undefined && { next: { position: last.position, timeMs: last.timeMs } }) };
}

interface SegmentTimes {
  readonly number: number;
  readonly timeMin: number;
  readonly timeMax: number;
}

/** The segments that have calls, that with the latest time first; the newer one where times tie. */
function byLatestTime(segments: Segments): SegmentTimes[] {
  const times: SegmentTimes[] = [];
  for (let number = segments.count; number >= 1; number--) {
    const { timeMin, timeMax } = segments.open(number).checkpoint();
    if (timeMin !== null && timeMax !== null) times.push({ number, timeMin, timeMax });
  }
  return times.sort((one, other) => other.timeMax - one.timeMax);
}

interface Stretch {
  readonly blocks: TimeBlock[];
  timeMin: number;
  timeMax: number;
}

/** A block that ends this much before the latest time already seen begins a new stretch: clocks do not differ by so much, imports do. */
const goesBackMsMax = 60_000;

/** The stretches of a segment, that with the latest time first. */
function stretchesOf(blocks: readonly TimeBlock[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const block of blocks) {
    const current = stretches.at(-1);
    if (current === undefined || block.timeMax < current.timeMax - goesBackMsMax) {
      stretches.push({ blocks: [block], timeMin: block.timeMin, timeMax: block.timeMax });
      continue;
    }
    current.blocks.push(block);
    current.timeMin = Math.min(current.timeMin, block.timeMin);
    current.timeMax = Math.max(current.timeMax, block.timeMax);
  }
  return stretches.sort((one, other) => other.timeMax - one.timeMax);
}

/** The positions that `cursor` finds in the blocks that matter, from the end of the stretch. */
function* positionsOf(stretch: Stretch, cursor: PositionCursor, matters: (block: TimeBlock) => boolean): Generator<number> {
  let seek = Number.MAX_SAFE_INTEGER;
  for (let index = stretch.blocks.length - 1; index >= 0; index--) {
    const block = stretch.blocks[index] as TimeBlock;
    if (block.first > seek || !matters(block)) continue;
    seek = Math.min(seek, block.last);
    while (seek >= block.first) {
      const position = cursor.seek(seek);
      if (position === undefined) return;
      if (position < block.first) {
        seek = position;
        break;
      }
      yield position;
      seek = position - 1;
    }
  }
}

interface Place extends HistoryCursor {
  readonly row: CallRow;
}

/** Keeps the `limit` latest of what is added. */
function latestFound(limit: number) {
  const places: Place[] = [];
  return {
    /** Nothing before this time can enter any more. */
    bound: (): number => (places.length < limit ? Number.NEGATIVE_INFINITY : (places.at(-1) as Place).timeMs),
    add(place: HistoryCursor, segment: SegmentReader, fulfils: (row: CallRow) => boolean): void {
      const worst = places.at(-1);
      if (places.length === limit && worst !== undefined && isAfter(place, worst)) return;
      const row = segment.row(place.position);
      if (row === undefined || !fulfils(row)) return;
      let index = places.length;
      while (index > 0 && isAfter(places[index - 1] as Place, place)) index -= 1;
      places.splice(index, 0, { ...place, row });
      if (places.length > limit) places.pop();
    },
    sorted: (): readonly Place[] => places,
  };
}
