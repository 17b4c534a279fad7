import { isWindowOpen } from '../change-window.ts';

/** When changes may be made, by the clock of a place. */
export interface ChangeWindow {
  /** `Mon-Fri 08:00-18:00`, `Sat,Sun 22:00-06:00` */
  readonly hours: string;
  /** IANA name: `Europe/Zurich`. */
  readonly timeZone: string;
}

const minuteMs = 60_000;
/** Steps of this many minutes find an opening to the minute, since every window opens at one. */
const strideMinutes = 15;
/** A window opens once a week at least; a day more for the change of the clocks. */
const stridesMax = (8 * 24 * 60) / strideMinutes;
const windowForm = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)([-,](Mon|Tue|Wed|Thu|Fri|Sat|Sun))* ([01]\d|2[0-3]):(00|15|30|45)-([01]\d|2[0-3]):(00|15|30|45)$/;

/** The last answer for each window: thousands of rotations ask the same. */
const answers = new Map<string, { readonly from: number; readonly opensAt: number }>();
const answersMax = 100;

/** `now` where the window is open, else when it opens next. */
export function nextOpening({ hours, timeZone }: ChangeWindow, now: Date): Date {
  if (isWindowOpen(hours, timeZone, now)) return now;
  const key = `${hours} ${timeZone}`;
  const known = answers.get(key);
  if (known !== undefined && known.from <= now.getTime() && now.getTime() < known.opensAt) return new Date(known.opensAt);
  const strideMs = strideMinutes * minuteMs;
  let at = Math.floor(now.getTime() / strideMs) * strideMs;
  for (let stride = 0; stride < stridesMax; stride++) {
    at += strideMs;
    if (!isWindowOpen(hours, timeZone, new Date(at))) continue;
    if (answers.size >= answersMax) answers.clear();
    answers.set(key, { from: now.getTime(), opensAt: at });
    return new Date(at);
  }
  throw new Error('the change window never opens');
}

/** @throws Error that names the member and what would be right */
export function checkChangeWindow(value: unknown, name: string): asserts value is ChangeWindow {
  const { hours, timeZone } = (value ?? {}) as Record<string, unknown>;
  const [from, to] = typeof hours === 'string' && windowForm.test(hours) ? (hours.split(' ')[1] ?? '').split('-') : [];
  if (from === undefined || from === to)
    throw new Error(`${name}.hours must be days and hours, such as "Mon-Fri 08:00-18:00" or "Sat,Sun 22:00-06:00", in quarters of an hour.`);
  try {
    new Intl.DateTimeFormat('en', { timeZone: String(timeZone) });
  } catch {
    throw new Error(`${name}.timeZone must be the name of a time zone, such as "Europe/Zurich".`);
  }
}
