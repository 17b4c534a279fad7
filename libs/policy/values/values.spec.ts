import { describe, expect, it } from '@jest/globals';
import { parsePolicyDate } from './date.ts';
import { isInRange, parseIpAddress, parseIpRange, type IpAddress, type IpRange } from './ip-address.ts';
import { parsePolicyNumber } from './number.ts';

describe('A date of a policy', () => {
  it.each([
    ['2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1)],
    ['2026-01-01t00:00:00z', Date.UTC(2026, 0, 1)],
    ['2026-01-01', Date.UTC(2026, 0, 1)],
    ['2026-01', Date.UTC(2026, 0, 1)],
    ['2024-02-29T12:30Z', Date.UTC(2024, 1, 29, 12, 30)],
    ['2026-06-01T12:00:00.250+02:00', Date.UTC(2026, 5, 1, 10, 0, 0, 250)],
    ['2026-06-01T12:00:00-0530', Date.UTC(2026, 5, 1, 17, 30)],
    ['1893456000', 1_893_456_000_000],
    ['0', 0],
    ['1467315743431', 1_467_315_743_431],
  ])('%s is %d', (text, milliseconds) => {
    expect(parsePolicyDate(text)).toBe(milliseconds);
  });

  it.each([
    '',
    'now',
    '2026-02-30',
    '2023-02-29',
    '2026-13-01',
    '2026-00-01',
    '2026-01-01T24:00:00Z',
    '2026-01-01T10:60Z',
    '2026-01-01T10:00:00+1',
    '2026-01-01 10:00',
    '1e20',
    '1.5',
    ' 0',
    '9223372036854775808',
    '99999999999999999999',
  ])('%j is none', (text) => {
    expect(parsePolicyDate(text)).toBeNaN();
  });

  it('may lie where JavaScript has no dates', () => {
    expect(parsePolicyDate('-292275054')).toBeLessThan(parsePolicyDate('-200000'));
    expect(parsePolicyDate('9223372036854775807')).toBeGreaterThan(parsePolicyDate('9999-12-31'));
  });
});

describe('A number of a policy', () => {
  it.each([
    ['10', 10],
    ['-1.50', -1.5],
    ['+2', 2],
    ['1e3', 1000],
    ['.5', 0.5],
  ])('%s is %d', (text, value) => {
    expect(parsePolicyNumber(text)).toBe(value);
  });

  it.each(['', ' 1', '1 ', '0x10', '1_0', 'NaN', 'Infinity', '1e400', '-1e400', '1,5', '--1', 'e3'])('%j is none', (text) => {
    expect(parsePolicyNumber(text)).toBeNaN();
  });
});

describe('An IP address of a policy', () => {
  const within = (address: string, range: string): boolean => isInRange(parseIpAddress(address) as IpAddress, parseIpRange(range) as IpRange);

  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.0.0.0', '10.0.0.0/8', false],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['128.0.0.1', '128.0.0.0/1', true],
    ['203.0.113.7', '203.0.113.7', true],
    ['203.0.113.8', '203.0.113.7/32', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['::ffff:a01:203', '10.0.0.0/8', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1', true],
    ['::1', '0.0.0.0/0', false],
    ['10.0.0.1', '::/0', false],
    ['::1', '::/0', true],
  ])('%s in %s: %s', (address, range, inside) => {
    expect(within(address, range)).toBe(inside);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1 ',
    '10.0.0.-1',
    '1:2',
    '::1::',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    'g::',
    ':1',
    '1:',
    'fe80::1%eth0',
    '::10.0.0.1:1',
  ])('%j is none', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/08', '10.0.0.0/8x', '::/129', '/8', '10.0.0.0/8/8'])('%j is no range', (text) => {
    expect(parseIpRange(text)).toBeUndefined();
  });
});
