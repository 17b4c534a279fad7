import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PersistentMap } from './persistent-map.ts';

type Step = { readonly key: number; readonly remove: boolean; readonly keep: boolean };

const steps = (keysMax: number) =>
  fc.array(fc.record({ key: fc.nat(keysMax), remove: fc.boolean(), keep: fc.integer({ min: 0, max: 39 }).map((n) => n === 0) }), { maxLength: 1500 });

const inOrder = (entries: ReadonlyMap<string, number>): [string, number][] => [...entries].sort(([a], [b]) => (a < b ? -1 : 1));

/** Does the steps on a map of ours and on one of the language, and compares what both have at every moment that is kept, once all is done. */
function compare(
  todo: readonly Step[],
  run: (work: () => void) => void,
  onKeep: () => void,
  start: readonly (readonly [string, number])[] = [],
): void {
  let ours = PersistentMap.of(start);
  const theirs = new Map(start.map(([name, value]) => [name.toLowerCase(), value]));
  const kept: [PersistentMap<number>, [string, number][]][] = [];
  todo.forEach(({ key, remove, keep }, index) => {
    const name = `Name-${key}`;
    run(() => (ours = remove ? ours.delete(name) : ours.set(name, index)));
    if (remove) theirs.delete(name.toLowerCase());
    else theirs.set(name.toLowerCase(), index);
    expect(ours.get(name)).toBe(theirs.get(name.toLowerCase()));
    if (!keep) return;
    kept.push([ours, inOrder(theirs)]);
    onKeep();
  });
  kept.push([ours, inOrder(theirs)]);
  for (const [map, entries] of kept) {
    expect([...map.entries()]).toEqual(entries);
    expect(map.size).toBe(entries.length);
    const middle = entries[entries.length >> 1]?.[0] ?? 'name-';
    expect([...map.entries(middle)]).toEqual(entries.filter(([key]) => key > middle));
  }
}

describe('a persistent map', () => {
  it.each([10, 100, 2000])('has what a map has, in order, and so do all its earlier values (%i keys)', (keysMax) => {
    fc.assert(
      fc.property(steps(keysMax), (todo) =>
        compare(
          todo,
          (work) => work(),
          () => {},
        ),
      ),
      { numRuns: 30 },
    );
  });

  it.each([10, 100, 2000])('made of entries in any order is as good as one that grew (%i keys)', (keysMax) => {
    const entry = fc.tuple(
      fc.nat(keysMax).map((key) => `Name-${key}`),
      fc.integer({ min: -1000, max: -1 }),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 600 }), fc.boolean(), steps(keysMax), (entries, sorted, todo) => {
        const start = sorted ? entries.toSorted(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)) : entries;
        compare(
          todo,
          (work) => work(),
          () => {},
          start,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('of entries has them', () => {
    const names = Array.from({ length: 500 }, (_, index) => `N${(index * 7919) % 500}`);
    const map = PersistentMap.of(names.map((name) => [name, name] as const));
    expect([...map.values()]).toEqual(names.toSorted((a, b) => (a < b ? -1 : 1)));
  });

  it('finds names without regard to case and may hold undefined', () => {
    const map = PersistentMap.empty<string | undefined>().set('Alice', undefined);
    expect(map.has('ALICE')).toBe(true);
    expect(map.delete('aLICE')).toBe(PersistentMap.empty());
    expect(map.delete('bob')).toBe(map);
  });
});
