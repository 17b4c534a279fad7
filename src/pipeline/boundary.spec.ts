import { describe, expect, it } from '@jest/globals';
import { openMemoryLedger, uuidv7, type Ledger, type NewEvent, type RecordedEvent } from '../../libs/ledger/index.ts';
import { Boundary, type Decision } from './boundary.ts';

/** A counter: its events add. */
interface Sum {
  readonly revision: number;
  readonly position: number;
  readonly time: string;
  readonly value: number;
}

const empty: Sum = { revision: -1, position: 0, time: '', value: 0 };
const fold = (sum: Sum, event: Pick<RecordedEvent, 'data' | 'revision' | 'position' | 'time'>): Sum => ({
  revision: event.revision,
  position: event.position,
  time: event.time,
  value: sum.value + (event.data as { add: number }).add,
});

const added = (add: number): NewEvent => ({
  id: uuidv7(Date.now()),
  type: 'Added',
  schemaVersion: 1,
  time: '2026-01-01T00:00:00.000Z',
  data: { add },
  metadata: {},
});

const add =
  (...amounts: number[]) =>
  (sum: Sum): Decision<Sum, number> => {
    const events = amounts.map(added);
    const state = events.reduce(
      (folded, event, index) => fold(folded, { ...event, revision: folded.revision + 1, position: sum.position + index + 1 }),
      sum,
    );
    return { events, state, answer: state.value };
  };

const boundaryOn = (ledger: Ledger): Boundary<Sum> => new Boundary(ledger, 'sum', empty, fold);

/** A ledger that counts its appends. */
function counting(ledger: Ledger): { ledger: Ledger; appends: () => number } {
  let count = 0;
  return { ledger: { ...ledger, append: (...parameters) => (count++, ledger.append(...parameters)) }, appends: () => count };
}

describe('a consistency boundary', () => {
  it('decides commands one after another and commits all that wait in one append', async () => {
    const { ledger, appends } = counting(openMemoryLedger());
    const boundary = boundaryOn(ledger);
    const committed = await Promise.all([boundary.submit(add(1)), boundary.submit(add(2)), boundary.submit(add(3, 4))]);
    expect(committed.map(({ answer }) => answer)).toEqual([1, 3, 10]);
    expect(committed.map(({ position, revisionBefore, events }) => [position, revisionBefore, events])).toEqual([
      [1, -1, 1],
      [2, 0, 1],
      [4, 1, 2],
    ]);
    expect(appends()).toBe(1);
    expect(boundary.state).toMatchObject({ value: 10, revision: 3, position: 4 });
  });

  it('refuses one command without disturbing the others, and appends nothing for it', async () => {
    const ledger = openMemoryLedger();
    const boundary = boundaryOn(ledger);
    const refused = boundary.submit(() => {
      throw new Error('no');
    });
    const allowed = boundary.submit(add(5));
    await expect(refused).rejects.toThrow('no');
    expect((await allowed).answer).toBe(5);
    expect(ledger.head()).toBe(1);
  });

  it('decides again on what another node appended, once, and never appends for a command it has refused', async () => {
    const ledger = openMemoryLedger();
    const boundary = boundaryOn(ledger);
    await ledger.append('sum', 'no-stream', [added(100)]);
    let refusals = 0;
    const refused = boundary.submit((sum) => {
      refusals++;
      if (sum.value > 0) throw new Error('too late');
      return add(1)(sum);
    });
    const committed = boundary.submit(add(1));
    await expect(refused).rejects.toThrow('too late');
    expect((await committed).answer).toBe(101);
    expect(refusals).toBe(2);
    expect(boundary.state.value).toBe(101);
    expect(ledger.head()).toBe(2);
  });

  it('gives up with ConcurrentModification when another node is faster every time', async () => {
    const ledger = openMemoryLedger();
    const racing: Ledger = {
      ...ledger,
      append: async (stream, expected, events) => {
        await ledger.append('sum', 'any', [added(1)]);
        return ledger.append(stream, expected, events);
      },
    };
    await expect(boundaryOn(racing).submit(add(1))).rejects.toMatchObject({ code: 'ConcurrentModification' });
  });

  it('shows nobody a state that is not durable', async () => {
    const ledger = openMemoryLedger();
    let release = (): void => {};
    const durable = new Promise<void>((resolve) => (release = resolve));
    const slow: Ledger = { ...ledger, append: async (...parameters) => (await durable, ledger.append(...parameters)) };
    const boundary = boundaryOn(slow);
    const committed = boundary.submit(add(7));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(boundary.state.value).toBe(0);
    release();
    await committed;
    expect(boundary.state.value).toBe(7);
  });

  it('passes on what the ledger throws, to everybody in the group, and goes on with the next', async () => {
    const ledger = openMemoryLedger();
    let broken = true;
    const failing: Ledger = { ...ledger, append: (...parameters) => (broken ? Promise.reject(new Error('disk')) : ledger.append(...parameters)) };
    const boundary = boundaryOn(failing);
    const both = await Promise.allSettled([boundary.submit(add(1)), boundary.submit(add(2))]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    expect((await boundary.submit(add(3))).answer).toBe(3);
  });

  it('tells of the events that others appended, and not of its own', async () => {
    const ledger = openMemoryLedger();
    const foreign: number[] = [];
    const boundary = new Boundary(ledger, 'sum', empty, fold, ({ data }) => void foreign.push((data as { add: number }).add));
    await boundary.submit(add(1));
    await boundaryOn(ledger)
      .submit(add(20))
      .catch(() => undefined); // of another node: behind by one event, so it catches up first
    await boundary.submit(add(300));
    expect([boundary.state.value, foreign]).toEqual([321, [20]]);
  });
});
