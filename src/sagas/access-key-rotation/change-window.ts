/** When changes may be made: on these days between these hours, by the clock of a place. `to` before `from` goes over midnight. */
export interface ChangeWindow {
  /** 1 Monday … 7 Sunday, of the day on which the window opens. */
  readonly days: readonly number[];
  /** `08:00`, `22:30`; quarters of an hour. */
  readonly from: string;
  readonly to: string;
  /** IANA name: `Europe/Zurich`. */
  readonly timeZone: string;
}

const quarterMs = 15 * 60_000;
/** A window opens once a week at least; a day more for the change of the clocks. */
const quartersMax = 8 * 24 * 4;
const dayMinutes = 24 * 60;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `now` where the window is open, else when it opens next. */
export function nextOpening(window: ChangeWindow, now: Date): Date {
  if (isOpen(window, now)) return now;
  let at = Math.floor(now.getTime() / quarterMs) * quarterMs;
  for (let quarter = 0; quarter < quartersMax; quarter++) {
    at += quarterMs;
    if (isOpen(window, new Date(at))) return new Date(at);
  }
  throw new Error('the change window never opens');
}

function isOpen({ days, from, to, timeZone }: ChangeWindow, at: Date): boolean {
  const { day, minutes } = localTime(at, timeZone);
  const [start, end] = [minutesOf(from), minutesOf(to)];
  if (start < end) return days.includes(day) && minutes >= start && minutes < end;
  const yesterday = day === 1 ? 7 : day - 1;
  return (days.includes(day) && minutes >= start) || (days.includes(yesterday) && minutes < end);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(at: Date, timeZone: string): { readonly day: number; readonly minutes: number } {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: weekdays.indexOf(parts.get('weekday') ?? '') + 1, minutes: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** @throws Error that names the member and what would be right */
export function checkChangeWindow(value: unknown, name: string): asserts value is ChangeWindow {
  const { days, from, to, timeZone } = (value ?? {}) as Record<string, unknown>;
  const isTime = (time: unknown): boolean => typeof time === 'string' && /^([01]\d|2[0-3]):(00|15|30|45)$|^24:00$/.test(time);
  if (!Array.isArray(days) || days.length === 0 || !days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7))
    throw new Error(`${name}.days must be a list of days, 1 (Monday) to 7.`);
  if (!isTime(from) || !isTime(to) || from === to || minutesOf(from as string) === dayMinutes)
    throw new Error(`${name} must have from and to, two different times such as "08:00" and "17:30", in quarters of an hour.`);
  try {
    new Intl.DateTimeFormat('en', { timeZone: String(timeZone) });
  } catch {
    throw new Error(`${name}.timeZone must be the name of a time zone, such as "Europe/Zurich".`);
  }
}
