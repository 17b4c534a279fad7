import { describe, expect, it } from '@jest/globals';
import { uuidv5, uuidv7 } from './uuid.ts';

const pattern = (version: number): RegExp => new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);

describe('uuidv7', () => {
  it('carries the time in its first 48 bits, its version and its variant', () => {
    const ms = Date.UTC(2090, 0, 1);
    const id = uuidv7(ms);
    expect(id).toMatch(pattern(7));
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(ms);
  });

  it('grows strictly, within a millisecond beyond its counter, and when the clock goes back', () => {
    const start = Date.UTC(2091, 0, 1);
    const ids = Array.from({ length: 20_000 }, (_, index) => uuidv7(index < 15_000 ? start : start - 5000));
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('takes its random part from the given source', () => {
    const id = uuidv7(Date.UTC(2092, 0, 1), (bytes) => bytes.fill(0xff));
    expect(id.slice(14)).toBe('77ff-bfff-ffffffffffff');
  });
});

describe('uuidv5', () => {
  it("gives the id of RFC 9562's example", () => {
    expect(uuidv5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('is another one for another name or namespace', () => {
    const space = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    const ids = [uuidv5(space, 'a'), uuidv5(space, 'b'), uuidv5(uuidv5(space, 'a'), 'a')];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(pattern(5));
  });

  it('refuses a namespace that is no UUID', () => {
    expect(() => uuidv5('iam-ledger', 'a')).toThrow(RangeError);
  });
});
