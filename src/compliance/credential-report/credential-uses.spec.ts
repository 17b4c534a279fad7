import { describe, expect, it } from '@jest/globals';
import { firstOfSpan, reportedSpanMs, type CredentialUse } from './credential-uses.ts';

const minute = 60_000;
/** Uses at these minutes, the latest first. */
const usesAt = (...minutes: number[]): CredentialUse[] =>
  minutes.map((at) => ({ timeMs: at * minute, region: '', serviceName: 'iam' })).toSorted((a, b) => b.timeMs - a.timeMs);
const toldAt = (uses: CredentialUse[], isAll = true): number | undefined => {
  const told = firstOfSpan(uses, isAll, reportedSpanMs.accessKey);
  return told === undefined ? undefined : told.timeMs / minute;
};

describe('the use that AWS tells of', () => {
  it('is the first of those within a quarter of an hour', () => {
    expect(toldAt(usesAt(0, 1, 14))).toBe(0);
  });

  it('is the next one when a quarter of an hour has gone by since the last that was told', () => {
    expect(toldAt(usesAt(0, 10, 15))).toBe(15);
    expect(toldAt(usesAt(0, 10, 20, 29, 36))).toBe(36);
    expect(toldAt(usesAt(0, 10, 20, 29))).toBe(20);
  });

  it('begins anew after a pause, whatever was before', () => {
    expect(toldAt(usesAt(-100, 0, 10), false)).toBe(0);
  });

  it('is not known as long as no pause is seen and there is more to look at', () => {
    expect(toldAt(usesAt(0, 10), false)).toBeUndefined();
    expect(toldAt(usesAt(0, 10), true)).toBe(0);
    expect(toldAt([], true)).toBeUndefined();
  });
});
