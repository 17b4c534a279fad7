import { expect, it } from '@jest/globals';
import { DueHeap } from './due-heap.ts';

it('gives what is due, the earliest first, and keeps the rest', () => {
  const heap = new DueHeap();
  const moments = Array.from({ length: 500 }, (_, index) => (index * 7919) % 500);
  for (const at of moments) heap.push(`at ${at}`, at);
  const popped: string[] = [];
  for (let name = heap.popDue(249); name !== undefined; name = heap.popDue(249)) popped.push(name);
  expect(popped).toEqual(Array.from({ length: 250 }, (_, at) => `at ${at}`));
  expect(heap.size).toBe(250);
  expect(heap.popDue(10_000)).toBe('at 250');
});

it('gives nothing where nothing was put in', () => {
  expect(new DueHeap().popDue(Number.POSITIVE_INFINITY)).toBeUndefined();
});
