import { expect, it } from '@jest/globals';
import { isWindowOpen } from './change-window.ts';

it.each([
  ['Mon-Fri 08:00-18:00', 'UTC', '2026-01-05T08:00:00Z', true], // a Monday
  ['Mon-Fri 08:00-18:00', 'UTC', '2026-01-05T07:59:59Z', false],
  ['Mon-Fri 08:00-18:00', 'UTC', '2026-01-05T18:00:00Z', false],
  ['Mon-Fri 08:00-18:00', 'UTC', '2026-01-04T12:00:00Z', false],
  ['Mon-Fri 08:00-18:00', 'Europe/Zurich', '2026-01-05T07:00:00Z', true],
  ['Mon-Fri 08:00-18:00', 'Europe/Zurich', '2026-07-06T06:00:00Z', true],
  ['Mon-Fri 08:00-18:00', 'Europe/Zurich', '2026-07-06T16:00:00Z', false],
  ['Sat,Sun 22:00-06:00', 'UTC', '2026-01-03T23:00:00Z', true],
  ['Sat,Sun 22:00-06:00', 'UTC', '2026-01-05T05:59:00Z', true],
  ['Sat,Sun 22:00-06:00', 'UTC', '2026-01-05T06:00:00Z', false],
  ['Sat,Sun 22:00-06:00', 'UTC', '2026-01-03T05:00:00Z', false],
  ['Sat-Mon 00:00-12:00', 'UTC', '2026-01-05T11:59:00Z', true],
  ['Sat-Mon 00:00-12:00', 'UTC', '2026-01-06T11:59:00Z', false],
])('the window %s (%s) at %s: open is %s', (window, timeZone, at, open) => {
  expect(isWindowOpen(window, timeZone, new Date(at))).toBe(open);
});
