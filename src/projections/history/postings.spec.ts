import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { decodePositions, encodePositions } from './postings.ts';

describe('postings', () => {
  it('come back as they were, whatever the distances', () => {
    const distances = fc.array(fc.integer({ min: 1, max: 2 ** 40 }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 }), distances, (first, steps) => {
        const positions = [first];
        for (const step of steps) positions.push((positions.at(-1) as number) + step);
        expect(decodePositions(first, encodePositions(positions))).toEqual(positions);
      }),
    );
  });

  it('take one byte for each call that follows closely', () => {
    expect(encodePositions([7, 8, 135, 136])).toHaveLength(3);
    expect(encodePositions([7])).toHaveLength(0);
  });
});
