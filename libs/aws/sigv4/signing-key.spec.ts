import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatAmzDate, parseAmzDate } from './signing-key.ts';

describe('the date of a signature', () => {
  it('is read and written in one form only', () => {
    expect(parseAmzDate('20240229T235959Z')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59));
    expect(formatAmzDate(new Date('2024-02-29T23:59:59.999Z'))).toBe('20240229T235959Z');
    for (const text of ['20230229T000000Z', '20240229T235960Z', '20240229t000000z', '20240229T000000', '00000101T000000Z', ' 20240229T000000Z'])
      expect(parseAmzDate(text)).toBeUndefined();
  });

  it('comes back as the moment it was made from, to the second', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
        expect(parseAmzDate(formatAmzDate(date))).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });
});
