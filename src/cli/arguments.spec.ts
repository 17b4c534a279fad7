import { describe, expect, it } from '@jest/globals';
import { InvalidArgumentError } from 'commander';
import { parseAccountId, parseEndTime, parsePosition, parseTime, parseTimeOrPosition } from './arguments.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');

describe('a time on the command line', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.500Z'],
    ['2026-01-01', '2026-01-01T00:00:00Z'],
    ['2026-01-01 10:30', '2026-01-01T10:30:00Z'],
    ['2026-01-01T10:30:00', '2026-01-01T10:30:00Z'],
    ['90s', '2026-03-10T11:58:30.000Z'],
    ['24h', '2026-03-09T12:00:00.000Z'],
    ['2w', '2026-02-24T12:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(parseTime(text, nowMs)).toBe(expected);
  });

  it('as the end of a span goes up to the last millisecond of what it names', () => {
    expect(parseEndTime('2026-01-01')).toBe('2026-01-01T23:59:59.999Z');
    expect(parseEndTime('2026-01-01T10:30:00+01:00')).toBe('2026-01-01T09:30:00.999Z');
    expect(parseEndTime('2026-01-01T10:30:00.5Z')).toBe('2026-01-01T10:30:00.500Z');
    expect(parseEndTime('24h', nowMs)).toBe('2026-03-09T12:00:00.000Z');
  });

  it.each(['', 'yesterday', '2026-13-01', '1.1.2026', '24', '24y', '2026-01-01T25:00:00Z', '1e5'])('%j is none', (text) => {
    expect(() => parseTime(text, nowMs)).toThrow(InvalidArgumentError);
  });

  it('may be a position of the log where the state is asked for', () => {
    expect(parseTimeOrPosition('4711')).toBe(4711);
    expect(parseTimeOrPosition('2026-01-01')).toBe('2026-01-01T00:00:00Z');
  });
});

describe('positions and account ids', () => {
  it('are refused where they are none', () => {
    expect(parsePosition('12')).toBe(12);
    expect(() => parsePosition('-1')).toThrow(InvalidArgumentError);
    expect(parseAccountId('000000000001')).toBe('000000000001');
    expect(() => parseAccountId('1')).toThrow(InvalidArgumentError);
  });
});
