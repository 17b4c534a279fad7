import type { HistoryQuery, RowPage } from './history-query.ts';
import { isLater, type LastUsed, type LastUsedKind } from './last-used.ts';
import { searchCalls } from './search-calls.ts';
import { segmentPath } from './segment-file.ts';
import { openSegmentReader, type SegmentReader } from './segment-reader.ts';

/** Answers questions from the segments of one directory, beside the writer. */
export interface HistoryReader {
  /** `segments`: how many there are, as the writer says. */
  search(query: HistoryQuery, segments: number): RowPage;
  /** The last use of each id that has one. */
  lastUsed(kind: LastUsedKind, ids: readonly string[], segments: number): ReadonlyMap<string, LastUsed>;
  close(): void;
}

/** Segments that are open at the same time at most: about a quarter of a billion calls. Past it a search opens files again and again. */
const segmentsOpenMax = 256;

export function openHistoryReader(directory: string): HistoryReader {
  /** By number; the one used last stands last. */
  const opened = new Map<number, { readonly reader: SegmentReader; readonly sealed: boolean }>();

  function open(number: number, segments: number): SegmentReader {
    const sealed = number < segments;
    const known = opened.get(number);
    opened.delete(number);
    if (known !== undefined && known.sealed === sealed) {
      opened.set(number, known);
      return known.reader;
    }
    known?.reader.close();
    for (const [oldest, { reader }] of opened) {
      if (opened.size < segmentsOpenMax) break;
      reader.close();
      opened.delete(oldest);
    }
    const reader = openSegmentReader(segmentPath(directory, number), sealed);
    opened.set(number, { reader, sealed });
    return reader;
  }

  return {
    search(query, segments) {
      const { position } = open(segments, segments).checkpoint();
      return searchCalls({ count: segments, open: (number) => open(number, segments) }, query, position);
    },
    lastUsed(kind, ids, segments) {
      const last = new Map<string, LastUsed>();
      for (let number = segments; number >= 1; number--) {
        const reader = open(number, segments);
        for (const id of ids) {
          const used = reader.lastUsed(kind, id);
          if (used !== undefined && isLater(used, last.get(id))) last.set(id, used);
        }
      }
      return last;
    },
    close() {
      for (const { reader } of opened.values()) reader.close();
      opened.clear();
    },
  };
}
