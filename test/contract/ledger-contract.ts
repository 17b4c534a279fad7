import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Ledger, NewEvent, RecordedEvent, Upcast } from '../../libs/ledger/index.ts';
import { uuidv7, WrongExpectedRevision } from '../../libs/ledger/index.ts';

/** A store under test. */
export interface LedgerUnderTest {
  /** A ledger with nothing in it. */
  open(options: { readonly upcast?: Upcast }): Promise<Ledger>;
  /** The same one, closed and opened again; absent where it does not outlive its process. */
  reopen?(options: { readonly upcast?: Upcast }): Promise<Ledger>;
  /** Closes it and removes what it left. */
  dispose(): Promise<void>;
}

let made = 0;

export function newEvent(changes: Partial<NewEvent> = {}): NewEvent {
  made += 1;
  return {
    id: uuidv7(Date.now()),
    type: 'UserCreated',
    schemaVersion: 1,
    time: '2026-01-02T03:04:05.678Z',
    data: { userName: `user-${made}` },
    metadata: { requestId: `request-${made}` },
    ...changes,
  };
}

export function newEvents(count: number): NewEvent[] {
  return Array.from({ length: count }, () => newEvent());
}

async function all(batches: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const batch of batches) events.push(...batch);
  return events;
}

/** The first `count` events of a subscription. */
async function take(batches: AsyncIterable<readonly RecordedEvent[]>, count: number): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const batch of batches) {
    events.push(...batch);
    if (events.length >= count) break;
  }
  return events;
}

const ids = (events: readonly { readonly id: string }[]): string[] => events.map(({ id }) => id);
const positions = (events: readonly RecordedEvent[]): number[] => events.map(({ position }) => position);
const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** What every store must do: the contract of `libs/ledger/ledger.ts`, sentence by sentence. */
export function ledgerContract(name: string, underTest: () => LedgerUnderTest): void {
  describe(`the ledger contract, kept by ${name}`, () => {
    let store: LedgerUnderTest;
    let ledger: Ledger;

    beforeEach(async () => {
      store = underTest();
      ledger = await store.open({});
    });
    afterEach(() => store.dispose());

    describe('append', () => {
      it('gives positions from 1 on over all streams, and revisions from 0 on in each', async () => {
        await ledger.append('a', 'no-stream', newEvents(2));
        await ledger.append('b', 'no-stream', newEvents(1));
        const result = await ledger.append('a', 1, newEvents(2));
        expect(result).toEqual({ firstPosition: 4, lastPosition: 5, revision: 3 });
        const events = await all(ledger.readAll());
        expect(events.map(({ stream, revision, position }) => [stream, revision, position])).toEqual([
          ['a', 0, 1], ['a', 1, 2], ['b', 0, 3], ['a', 2, 4], ['a', 3, 5],
        ]); // prettier-ignore
      });

      it('stores an event as JSON has it, whatever its text', async () => {
        const data = { text: 'ü \u{1F600} \ud800 \u0000 "\\', empty: '', nested: [{ deep: [null, true, 1.5e300, -0.25] }], absent: undefined };
        const event = newEvent({ data, type: 'Ünïcode' });
        await ledger.append('strom-ü', 'no-stream', [event]);
        const [stored] = await all(ledger.read('strom-ü'));
        expect(stored).toEqual({ ...JSON.parse(JSON.stringify(event)), stream: 'strom-ü', revision: 0, position: 1 });
      });

      it('takes a copy: what the caller changes afterwards is not stored', async () => {
        const data = { userName: 'before' };
        const appended = ledger.append('a', 'no-stream', [newEvent({ data })]);
        data.userName = 'after';
        await appended;
        const [stored] = await all(ledger.read('a'));
        expect(stored!.data).toEqual({ userName: 'before' });
      });

      it('refuses when the stream is not at the expected revision, says where it is, and writes nothing', async () => {
        await ledger.append('a', 'no-stream', newEvents(3));
        for (const expected of ['no-stream', 0, 1, 3, 7] as const) {
          const error = await ledger.append('a', expected, newEvents(1)).catch((caught: unknown) => caught);
          expect(error).toBeInstanceOf(WrongExpectedRevision);
          expect(error).toMatchObject({ stream: 'a', expected, actual: 2 });
        }
        await expect(ledger.append('b', 0, newEvents(1))).rejects.toMatchObject({ stream: 'b', expected: 0, actual: -1 });
        expect(ledger.head()).toBe(3);
        expect(ledger.revision('b')).toBe(-1);
      });

      it("takes 'no-stream' once: of two who race, one wins", async () => {
        const outcomes = await Promise.allSettled([ledger.append('a', 'no-stream', newEvents(1)), ledger.append('a', 'no-stream', newEvents(1))]);
        expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
        expect(ledger.revision('a')).toBe(0);
      });

      it("takes 'any' whatever the revision", async () => {
        await ledger.append('a', 'any', newEvents(1));
        expect((await ledger.append('a', 'any', newEvents(2))).revision).toBe(2);
      });

      it('lets appends follow one another without waiting for the disk', async () => {
        const appends = upTo(50, 0).map((index) => ledger.append('a', index === 0 ? 'no-stream' : index - 1, newEvents(1)));
        const results = await Promise.all(appends);
        expect(results.map(({ revision }) => revision)).toEqual(upTo(50, 0));
      });

      it('keeps the events of one append next to each other, however many append at once', async () => {
        const appends = upTo(40).map((index) => ({ stream: `s${index % 7}`, events: newEvents(1 + (index % 5)) }));
        await Promise.all(appends.map(({ stream, events }) => ledger.append(stream, 'any', events)));
        const stored = await all(ledger.readAll());
        expect(positions(stored)).toEqual(upTo(stored.length));
        for (const { stream, events } of appends) {
          const first = stored.findIndex(({ id }) => id === events[0]!.id);
          const own = stored.slice(first, first + events.length);
          expect(ids(own)).toEqual(ids(events));
          expect(own.every((event) => event.stream === stream)).toBe(true);
        }
      });

      it('needs at least one event', async () => {
        await expect(ledger.append('a', 'any', [])).rejects.toThrow(RangeError);
      });

      it('writes all of an append or, if one event has no JSON, none', async () => {
        await expect(ledger.append('a', 'no-stream', [newEvent(), newEvent({ data: { big: 1n } })])).rejects.toThrow(TypeError);
        expect(ledger.revision('a')).toBe(-1);
        const result = await ledger.append('a', 'no-stream', newEvents(1));
        expect(result).toEqual({ firstPosition: 1, lastPosition: 1, revision: 0 });
      });
    });

    describe('append again', () => {
      it('returns the original result for events that stand where they would go, and writes nothing', async () => {
        const events = newEvents(3);
        const original = await ledger.append('a', 'no-stream', events);
        await ledger.append('a', 2, newEvents(1));
        await ledger.append('b', 'any', newEvents(1));
        expect(await ledger.append('a', 'no-stream', events)).toEqual(original);
        expect(await ledger.append('a', -1, events)).toEqual(original);
        expect(ledger.head()).toBe(5);
      });

      it("does so with 'any'", async () => {
        const events = newEvents(2);
        await ledger.append('a', 'any', newEvents(1));
        const original = await ledger.append('a', 'any', events);
        expect(await ledger.append('a', 'any', events)).toEqual(original);
        expect(ledger.head()).toBe(3);
      });

      it('does so while the original is still on its way', async () => {
        const events = newEvents(2);
        const [first, second] = await Promise.all([ledger.append('a', 'no-stream', events), ledger.append('a', 'no-stream', events)]);
        expect(second).toEqual(first);
        expect(ledger.head()).toBe(2);
      });

      it('refuses events that stand elsewhere, in another order, in another stream, or only in part', async () => {
        const [one, two, three] = newEvents(3) as [NewEvent, NewEvent, NewEvent];
        await ledger.append('a', 'no-stream', [one, two]);
        await ledger.append('b', 'no-stream', [three]);
        for (const events of [[two], [two, one], [one, three], [one, two, newEvent()], [three]]) {
          await expect(ledger.append('a', 'no-stream', events)).rejects.toThrow(WrongExpectedRevision);
        }
        await expect(ledger.append('a', 0, [one])).rejects.toThrow(WrongExpectedRevision);
        expect(ledger.head()).toBe(3);
      });
    });

    describe('read', () => {
      it('gives the events of one stream in order, from a revision on', async () => {
        await ledger.append('a', 'no-stream', newEvents(5));
        await ledger.append('b', 'no-stream', newEvents(5));
        await ledger.append('a', 4, newEvents(5));
        expect((await all(ledger.read('a'))).map(({ revision }) => revision)).toEqual(upTo(9, 0));
        const later = await all(ledger.read('a', { fromRevision: 4 }));
        expect(later.map(({ stream, revision, position }) => [stream, revision, position])).toEqual([
          ['a', 4, 5], ['a', 5, 11], ['a', 6, 12], ['a', 7, 13], ['a', 8, 14], ['a', 9, 15],
        ]); // prettier-ignore
        expect(await all(ledger.read('a', { fromRevision: 10 }))).toEqual([]);
      });

      it('gives nothing of a stream that does not exist', async () => {
        expect(await all(ledger.read('a'))).toEqual([]);
        expect(ledger.revision('a')).toBe(-1);
      });
    });

    describe('readAll', () => {
      it('gives what is after one position and up to another', async () => {
        await ledger.append('a', 'no-stream', newEvents(10));
        expect(positions(await all(ledger.readAll({ after: 3, until: 7 })))).toEqual([4, 5, 6, 7]);
        expect(positions(await all(ledger.readAll({ after: 8 })))).toEqual([9, 10]);
        expect(positions(await all(ledger.readAll({ until: 2 })))).toEqual([1, 2]);
        expect(await all(ledger.readAll({ after: 10 }))).toEqual([]);
        expect(await all(ledger.readAll({ after: 99 }))).toEqual([]);
      });

      it('ends at the head that was there when it was called', async () => {
        await ledger.append('a', 'no-stream', newEvents(3));
        const reading = ledger.readAll();
        await ledger.append('a', 2, newEvents(3));
        expect(positions(await all(reading))).toEqual([1, 2, 3]);
      });

      it('gives only one stream if asked to', async () => {
        for (const stream of ['a', 'b', 'c', 'a', 'b', 'a']) await ledger.append(stream, 'any', newEvents(2));
        expect(positions(await all(ledger.readAll({ stream: 'a' })))).toEqual([1, 2, 7, 8, 11, 12]);
        expect(positions(await all(ledger.readAll({ stream: 'a', after: 2, until: 11 })))).toEqual([7, 8, 11]);
        expect(positions(await all(ledger.readAll({ stream: 'a', after: 7 })))).toEqual([8, 11, 12]);
        expect(await all(ledger.readAll({ stream: 'x' }))).toEqual([]);
      });

      it('reads thousands in batches, complete and in order', async () => {
        for (let index = 0; index < 5; index += 1) await ledger.append(`s${index % 2}`, 'any', newEvents(1001));
        const sizes: number[] = [];
        const read: RecordedEvent[] = [];
        for await (const batch of ledger.readAll()) {
          sizes.push(batch.length);
          read.push(...batch);
        }
        expect(positions(read)).toEqual(upTo(5005));
        expect(sizes.length).toBeGreaterThan(1);
        expect((await all(ledger.read('s0'))).map(({ revision }) => revision)).toEqual(upTo(3002, 0));
      });
    });

    describe('subscribe', () => {
      it('gives what is there, then what comes, without a gap and without a duplicate', async () => {
        await ledger.append('a', 'no-stream', newEvents(10));
        const taken = take(ledger.subscribe({ after: 4 }), 60);
        for (let index = 0; index < 54; index += 1) await ledger.append(`s${index % 3}`, 'any', newEvents(1));
        expect(positions(await taken)).toEqual(upTo(64, 5));
      });

      it('gives all subscribers the same, whenever they start', async () => {
        const early = take(ledger.subscribe({ after: 0 }), 30);
        for (let index = 0; index < 15; index += 1) await ledger.append('a', 'any', newEvents(1));
        const late = take(ledger.subscribe({ after: 0 }), 30);
        for (let index = 0; index < 15; index += 1) await ledger.append('a', 'any', newEvents(1));
        expect(await late).toEqual(await early);
      });

      it('shows an event only when it is durable', async () => {
        const seen = take(ledger.subscribe({ after: 0 }), 20);
        let headSeen = 0;
        const watch = (async () => {
          for await (const batch of ledger.subscribe({ after: 0 })) {
            expect(batch.at(-1)!.position).toBeLessThanOrEqual(ledger.head());
            headSeen = batch.at(-1)!.position;
            if (headSeen === 20) return;
          }
        })();
        await Promise.all(upTo(20).map(() => ledger.append('a', 'any', newEvents(1))));
        await Promise.all([seen, watch]);
        expect(headSeen).toBe(20);
      });

      it('ends when it is aborted, in mid-wait or before it began', async () => {
        await ledger.append('a', 'no-stream', newEvents(3));
        const abort = new AbortController();
        const seen: number[] = [];
        for await (const batch of ledger.subscribe({ after: 0, signal: abort.signal })) {
          seen.push(...positions(batch));
          setTimeout(() => abort.abort(), 10);
        }
        expect(seen).toEqual([1, 2, 3]);
        expect(await all(ledger.subscribe({ after: 0, signal: abort.signal }))).toEqual([]);
      });

      it('ends when the ledger is closed', async () => {
        await ledger.append('a', 'no-stream', newEvents(1));
        const seen: number[] = [];
        for await (const batch of ledger.subscribe({ after: 0 })) {
          seen.push(...positions(batch));
          setTimeout(() => void ledger.close(), 10);
        }
        expect(seen).toEqual([1]);
      });

      it('refuses a position that the log has not reached: that reader has seen another log', async () => {
        await ledger.append('a', 'no-stream', newEvents(3));
        expect(() => ledger.subscribe({ after: 4 })).toThrow(RangeError);
      });
    });

    describe('head and revision', () => {
      it('say what is durable, and never go back', async () => {
        expect([ledger.head(), ledger.revision('a')]).toEqual([0, -1]);
        const heads: number[] = [];
        await Promise.all(
          upTo(30).map(async () => {
            const { lastPosition, revision } = await ledger.append('a', 'any', newEvents(1));
            expect(ledger.head()).toBeGreaterThanOrEqual(lastPosition);
            expect(ledger.revision('a')).toBeGreaterThanOrEqual(revision);
            heads.push(ledger.head());
          }),
        );
        expect(heads).toEqual(heads.toSorted((left, right) => left - right));
        expect([ledger.head(), ledger.revision('a')]).toEqual([30, 29]);
      });
    });

    describe('streams', () => {
      it('names the streams that begin with a prefix and have a durable event', async () => {
        await ledger.append('saga-a-1', 'no-stream', newEvents(1));
        await ledger.append('saga-a-2', 'no-stream', newEvents(2));
        await ledger.append('saga-b-1', 'no-stream', newEvents(1));
        await ledger.append('saga-a-3', 4, newEvents(1)).catch(() => undefined);
        expect(ledger.streams('saga-a-').toSorted()).toEqual(['saga-a-1', 'saga-a-2']);
        expect(ledger.streams('other-')).toEqual([]);
        expect(ledger.streams('').length).toBe(3);
      });
    });

    describe('close', () => {
      it('waits for the appends that were taken, and refuses later ones', async () => {
        const taken = ledger.append('a', 'no-stream', newEvents(3));
        const closed = ledger.close();
        await expect(ledger.append('a', 2, newEvents(1))).rejects.toThrow('closed');
        await closed;
        expect((await taken).lastPosition).toBe(3);
        await ledger.close();
      });
    });

    it('brings older events up to date on every way of reading', async () => {
      await store.dispose();
      const upcast: Upcast = (event) =>
        event.schemaVersion === 1 ? { ...event, schemaVersion: 2, data: { ...(event.data as object), path: '/' } } : event;
      store = underTest();
      ledger = await store.open({ upcast });
      await ledger.append('a', 'no-stream', [
        newEvent({ data: { userName: 'old' } }),
        newEvent({ schemaVersion: 2, data: { userName: 'new', path: '/x/' } }),
      ]);
      const expected = [
        { userName: 'old', path: '/' },
        { userName: 'new', path: '/x/' },
      ];
      for (const reading of [ledger.read('a'), ledger.readAll(), ledger.readAll({ stream: 'a' }), ledger.subscribe({ after: 0 })]) {
        const events = await take(reading, 2);
        expect(events.map(({ data }) => data)).toEqual(expected);
        expect(events.map(({ schemaVersion }) => schemaVersion)).toEqual([2, 2]);
      }
    });

    it('has the same events after it was closed and opened, and goes on behind them', async () => {
      if (store.reopen === undefined) return;
      const retried = newEvents(2);
      await ledger.append('a', 'no-stream', newEvents(3));
      const original = await ledger.append('a', 2, retried);
      await ledger.append('b', 'no-stream', newEvents(2));
      const before = await all(ledger.readAll());
      ledger = await store.reopen({});
      expect(await all(ledger.readAll())).toEqual(before);
      expect([ledger.head(), ledger.revision('a'), ledger.revision('b')]).toEqual([7, 4, 1]);
      expect(await ledger.append('a', 2, retried)).toEqual(original);
      await expect(ledger.append('a', 1, newEvents(1))).rejects.toThrow(WrongExpectedRevision);
      await expect(ledger.append('a', 2, [retried[0]!, newEvent()])).rejects.toThrow(WrongExpectedRevision);
      expect(await ledger.append('a', 4, newEvents(1))).toEqual({ firstPosition: 8, lastPosition: 8, revision: 5 });
      expect((await all(ledger.read('a'))).map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 8]);
    });
  });
}
