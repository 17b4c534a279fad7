import { describe, expect, it } from '@jest/globals';
import { parseMoment } from './moment.ts';

describe('a moment as clients write it', () => {
  const now = new Date('2026-06-01T00:00:00.000Z');

  it.each([
    ['42', { position: 42 }],
    ['0', { position: 0 }],
    ['2026-01-01T00:00:00Z', { time: '2026-01-01T00:00:00.999Z' }],
    ['2026-01-01T02:00:00.250+02:00', { time: '2026-01-01T00:00:00.250Z' }],
  ])('reads %s', (text, moment) => {
    expect(parseMoment(text, now, 100)).toEqual(moment);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:60Z',
    '1970',
    'yesterday',
    '2026-01-01T00:00:00',
    '-1',
    '1e3',
    '00',
    '9999-12-31T00:00:00Z',
    '101',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseMoment(text, now, 100)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
  });
});
