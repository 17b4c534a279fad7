import type { AppendResult, NewEvent } from '../ledger.ts';
import type { StreamHead } from './heads.ts';

/** The ids of the last events of the log, for idempotence without a look on the disk. */
export interface RecentIds {
  /** Remembers an event that is durable or on its way, and forgets the oldest one. */
  add(id: string, position: number, stream: StreamHead, revision: number): void;
  /** Forgets everything after `position`: it was not written. */
  forgetAfter(position: number): void;
  /**
   * Where exactly these events stand, one after the other, in `stream`: from `revision` on, or anywhere for `'any'`. `undefined` if they do not,
   * or are forgotten.
   */
  find(events: readonly NewEvent[], stream: StreamHead, revision: number | 'any'): AppendResult | undefined;
}

/** A ring of `size` slots: the event at `position` is in slot `position % size`. */
export function recentIds(size: number): RecentIds {
  const ids: (string | undefined)[] = new Array<string | undefined>(size).fill(undefined);
  const streams: (StreamHead | undefined)[] = new Array<StreamHead | undefined>(size).fill(undefined);
  const revisions = new Int32Array(size);
  const positions = new Map<string, number>();
  let last = 0;

  function forget(slot: number, position: number): void {
    const id = ids[slot];
    if (id === undefined) return;
    if (positions.get(id) === position) positions.delete(id);
    ids[slot] = undefined;
    streams[slot] = undefined;
  }

  return {
    add(id, position, stream, revision) {
      const slot = position % size;
      const forgotten = streams[slot];
      if (forgotten !== undefined) forgotten.rememberedFrom = revisions[slot]! + 1;
      forget(slot, position - size);
      ids[slot] = id;
      streams[slot] = stream;
      revisions[slot] = revision;
      positions.set(id, position);
      last = position;
    },

    forgetAfter(position) {
      for (; last > position; last -= 1) forget(last % size, last);
    },

    find(events, stream, revision) {
      const first = positions.get(events[0]!.id);
      if (first === undefined) return undefined;
      const firstRevision = revisions[first % size]!;
      if (streams[first % size] !== stream || (revision !== 'any' && firstRevision !== revision)) return undefined;
      let position = first;
      for (const [index, { id }] of events.entries()) {
        const found = positions.get(id);
        if (found === undefined || found < position) return undefined;
        if (streams[found % size] !== stream || revisions[found % size] !== firstRevision + index) return undefined;
        position = found;
      }
      return { firstPosition: first, lastPosition: position, revision: firstRevision + events.length - 1 };
    },
  };
}
