import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesWildcard } from '../wildcard.ts';
import { PatternComparison } from './patterns.ts';

const meet = (one: string, other: string): boolean => {
  const comparison = new PatternComparison();
  return comparison.meet(comparison.tokens(one), comparison.tokens(other));
};
const cover = (outer: string, inner: string): boolean => {
  const comparison = new PatternComparison();
  return comparison.cover(comparison.tokens(outer), comparison.tokens(inner));
};

const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 5 });
/** Every text of a and b up to the length that tells any two of these patterns apart. */
const texts = Array.from({ length: 9 }, (_, length) =>
  Array.from({ length: 2 ** length }, (__, bits) => Array.from({ length }, (___, at) => ((bits >> at) & 1 ? 'a' : 'b')).join('')),
).flat();

describe('two patterns', () => {
  it.each([
    ['*', '', true],
    ['a*', '*b', true],
    ['a?c', 'abc', true],
    ['a*', 'b*', false],
    ['a*b', 'a*c', false],
    ['?', '', false],
    ['arn:aws:s3:::${aws:username}-*', 'arn:aws:s3:::alice-x', true],
  ])('%s and %s meet: %s', (one, other, met) => {
    expect(meet(one, other)).toBe(met);
  });

  it('meet exactly where a text matches both', () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        expect(meet(one, other)).toBe(texts.some((text) => matchesWildcard(one, text) && matchesWildcard(other, text)));
      }),
      { numRuns: 300 },
    );
  });

  it('cover each other only where every text of the inner is one of the outer', () => {
    fc.assert(
      fc.property(pattern, pattern, (outer, inner) => {
        if (cover(outer, inner)) expect(texts.filter((text) => matchesWildcard(inner, text) && !matchesWildcard(outer, text))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['s3:*', 's3:Get*', true],
    ['*', 'a*b?', true],
    ['a*', 'a*', true],
    ['s3:Get*', 's3:*', false],
    ['a?', 'a*', false],
  ])('%s covers %s: %s', (outer, inner, covered) => {
    expect(cover(outer, inner)).toBe(covered);
  });

  it('of a resource type stop at a slash where its name has none', () => {
    const comparison = new PatternComparison();
    const meets = (text: string, arn: string): boolean => comparison.meet(comparison.tokens(text), comparison.typeTokens(arn));
    expect(meets('b/*', '${BucketName}')).toBe(false);
    expect(meets('b*', '${BucketName}')).toBe(true);
    expect(meets('b/*', '${BucketName}/${ObjectName}')).toBe(true);
  });

  it('are no longer compared when the work has no end', () => {
    const comparison = new PatternComparison();
    const long = comparison.tokens('*a'.repeat(2000));
    for (let round = 0; round < 5; round += 1) comparison.cover(long, long);
    expect(comparison.cover(long, long)).toBe(false);
    expect(comparison.meet(long, long)).toBe(true);
  });
});
