import { expect, it } from '@jest/globals';
import { nextOpening } from './change-window.ts';

const office = { hours: 'Mon-Fri 09:00-17:00', timeZone: 'Europe/Zurich' };
const night = { hours: 'Sat 22:00-02:00', timeZone: 'UTC' };
const opening = (window: typeof office, at: string) => nextOpening(window, new Date(at)).toISOString();

it.each([
  ['is open at its first minute', office, '2026-01-05T08:00:00.000Z', '2026-01-05T08:00:00.000Z'],
  ['is closed at its last', office, '2026-01-05T16:00:00.000Z', '2026-01-06T08:00:00.000Z'],
  ['opens after the weekend', office, '2026-01-09T18:20:00.000Z', '2026-01-12T08:00:00.000Z'],
  ['follows the clock of its place in summer', office, '2026-07-01T03:00:00.000Z', '2026-07-01T07:00:00.000Z'],
  [
    'opens on the Sunday night that the clocks change',
    { ...office, hours: 'Sun 09:00-17:00' },
    '2026-03-28T12:00:00.000Z',
    '2026-03-29T07:00:00.000Z',
  ],
  ['goes over midnight', night, '2026-01-11T01:45:00.000Z', '2026-01-11T01:45:00.000Z'],
  ['is over in the morning', night, '2026-01-11T02:00:00.000Z', '2026-01-17T22:00:00.000Z'],
])('a change window %s', (_name, window, at, expected) => {
  expect(opening(window, at)).toBe(expected);
});
