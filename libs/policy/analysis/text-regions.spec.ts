import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RequestContext } from '../request.ts';
import { matchesWildcard } from '../wildcard.ts';
import { arnTextPattern, stringPattern } from './text-patterns.ts';
import { RUN, regionStatesMax, textRegions, type TextPattern } from './text-regions.ts';

const reading = { variables: true, values: new RequestContext() };
const like = (text: string): TextPattern => stringPattern(text, true, reading)!; // no variables
const signature = (patterns: readonly string[], text: string): string => patterns.map((pattern) => (matchesWildcard(pattern, text) ? 1 : 0)).join('');

describe('The regions of patterns', () => {
  it('have a text for every combination that a random text finds', () => {
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
    const sample = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ':'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), fc.array(sample, { minLength: 30, maxLength: 30 }), (patterns, samples) => {
        const { texts, complete } = textRegions(patterns.map(like), [RUN]);
        const found = new Set(texts.map((text) => signature(patterns, text)));
        expect(complete).toBe(true);
        expect(found.size).toBe(texts.length);
        expect(samples.filter((text) => !found.has(signature(patterns, text)))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('are only those of the universe', () => {
    expect(textRegions([like('*b')], like('a*')).texts.toSorted()).toEqual(['a', 'ab']);
  });

  it('know that a wildcard of an ARN does not reach over a colon before the resource', () => {
    const arn = (text: string): TextPattern => arnTextPattern(text, reading)!; // no variables
    expect(textRegions([arn('arn:aws:*:::x')], arn('arn:aws:sns:eu:1:*')).texts).toHaveLength(1);
    expect(textRegions([arn('arn:aws:*:*:*:x')], arn('arn:aws:sns:eu:1:*')).texts).toHaveLength(2);
  });

  it('are given up, and say so, where there are too many', () => {
    const patterns = Array.from({ length: 12 }, (_, index) => like(`*${String.fromCodePoint(0x61 + index)}????????*`));
    const { complete } = textRegions(patterns, [RUN]);
    expect(complete).toBe(false);
    expect(regionStatesMax).toBeGreaterThan(1000);
  });
});
