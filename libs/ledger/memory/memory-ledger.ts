import { eventFromText, eventText } from '../event-text.ts';
import { follow, HeadSignal } from '../head-signal.ts';
import type { AppendResult, ExpectedRevision, Ledger, NewEvent, RecordedEvent, Upcast } from '../ledger.ts';
import { WrongExpectedRevision } from '../ledger.ts';

const batchEventsMax = 1000;

/** A ledger that lives and dies with the process, for tests of other parts. Its contract is `Ledger`'s but for durability. */
export function openMemoryLedger(options: { readonly upcast?: Upcast } = {}): Ledger {
  const { upcast } = options;
  const signal = new HeadSignal();
  /** Text of the event at each position, from 1 on. */
  const texts: string[] = [];
  /** Positions of each stream's events, by revision. */
  const streams = new Map<string, number[]>();
  const positionsById = new Map<string, number>();

  const head = (): number => texts.length;
  const positionsOf = (stream: string): readonly number[] => streams.get(stream) ?? [];
  const at = (position: number): RecordedEvent => {
    const event = eventFromText(texts[position - 1]!, position);
    return upcast === undefined ? event : upcast(event);
  };

  /** Positions of the events with these ids where they stand one after the other in `stream`; the first at `revision` unless it is `'any'`. */
  function standing(stream: string, revision: number | 'any', events: readonly NewEvent[]): readonly number[] | undefined {
    const positions = positionsOf(stream);
    const known = positionsById.get(events[0]!.id);
    if (known === undefined) return undefined;
    const first = revision === 'any' ? positions.indexOf(known) : revision;
    if (first === -1 || first + events.length > positions.length) return undefined;
    const found = positions.slice(first, first + events.length);
    return found.every((position, index) => positionsById.get(events[index]!.id) === position) ? found : undefined;
  }

  function append(stream: string, expectedRevision: ExpectedRevision, events: readonly NewEvent[]): AppendResult {
    if (signal.closed) throw new Error('the ledger is closed');
    if (events.length === 0) throw new RangeError('an append needs at least one event');
    const expected = expectedRevision === 'no-stream' ? -1 : expectedRevision;
    const positions = streams.get(stream) ?? [];
    const actual = positions.length - 1;
    if (expected !== actual) {
      const found = standing(stream, expected === 'any' ? 'any' : expected + 1, events);
      if (found !== undefined) {
        return { firstPosition: found[0]!, lastPosition: found.at(-1)!, revision: positions.indexOf(found.at(-1)!) };
      }
      if (expected !== 'any') throw new WrongExpectedRevision(stream, expectedRevision, actual);
    }
    const added = events.map((event, index) => eventText(event, stream, actual + 1 + index));
    const firstPosition = texts.length + 1;
    for (const [index, text] of added.entries()) {
      texts.push(text);
      positions.push(texts.length);
      positionsById.set(events[index]!.id, texts.length);
    }
    streams.set(stream, positions);
    signal.grown();
    return { firstPosition, lastPosition: texts.length, revision: positions.length - 1 };
  }

  async function* batches(positions: readonly number[]): AsyncGenerator<readonly RecordedEvent[]> {
    for (let start = 0; start < positions.length; start += batchEventsMax) {
      yield positions.slice(start, start + batchEventsMax).map(at);
    }
  }

  function readAll({ after = 0, until = head(), stream }: { after?: number; until?: number; stream?: string } = {}) {
    const last = Math.min(until, head());
    if (stream !== undefined) return batches(positionsOf(stream).filter((position) => position > after && position <= last));
    return batches(Array.from({ length: Math.max(0, last - after) }, (_, index) => after + 1 + index));
  }

  return {
    // async: what `append` throws becomes a rejection.
    append: async (stream, expectedRevision, events) => append(stream, expectedRevision, events),
    read: (stream, { fromRevision = 0 } = {}) => batches(positionsOf(stream).slice(fromRevision)),
    readAll,
    subscribe: ({ after, signal: abort }) => follow({ head, readAll, signal }, after, abort),
    head,
    revision: (stream) => positionsOf(stream).length - 1,
    streams: (prefix) => [...streams.keys()].filter((name) => name.startsWith(prefix)),
    close: async () => signal.close(),
  };
}
