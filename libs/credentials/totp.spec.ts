import { describe, expect, it } from '@jest/globals';
import { base32 } from './base32.ts';
import { codeOfStep, stepAt, stepOfCodes } from './totp.ts';

const seed = Buffer.from('12345678901234567890');

describe('a one-time code', () => {
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('is that of RFC 6238, appendix B, %s seconds after 1970', (seconds, code) => {
    expect(codeOfStep(seed, stepAt(new Date(seconds * 1000)), 8)).toBe(code);
    expect(codeOfStep(seed, stepAt(new Date(seconds * 1000)))).toBe(code.slice(2));
  });

  it.each(
    ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'].map((code, step) => [step, code] as const),
  )('is that of RFC 4226, appendix D, for the counter %s', (step, code) => {
    expect(codeOfStep(seed, step)).toBe(code);
  });
});

describe('the step of codes', () => {
  it('is found within the bounds and nowhere else', () => {
    expect(stepOfCodes(seed, ['969429'], 2, 4)).toBe(3);
    expect(stepOfCodes(seed, ['969429'], 3, 3)).toBe(3);
    expect(stepOfCodes(seed, ['969429'], 4, 6)).toBeUndefined();
    expect(stepOfCodes(seed, ['969429'], 0, 2)).toBeUndefined();
    expect(stepOfCodes(seed, ['96942'], 2, 4)).toBeUndefined();
    expect(stepOfCodes(seed, ['9694290'], 2, 4)).toBeUndefined();
  });

  it('needs codes that follow one another', () => {
    expect(stepOfCodes(seed, ['969429', '338314'], 0, 9)).toBe(3);
    expect(stepOfCodes(seed, ['338314', '969429'], 0, 9)).toBeUndefined();
    expect(stepOfCodes(seed, ['969429', '969429'], 0, 9)).toBeUndefined();
    expect(stepOfCodes(seed, ['969429', '254676'], 0, 9)).toBeUndefined();
  });
});

describe('base32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('writes %j as RFC 4648 does, without padding', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded);
  });
});
