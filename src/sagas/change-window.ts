const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/**
 * Whether a window such as `Mon-Fri 08:00-18:00` is open at a moment, by the clock of a time zone. A window whose end is before its beginning goes over
 * midnight and belongs to the day on which it opens.
 */
export function isWindowOpen(window: string, timeZone: string, at: Date): boolean {
  const [listed = '', hours = ''] = window.split(' ');
  const [from = '', to = ''] = hours.split('-');
  const open = daysOf(listed);
  const { day, time } = localTime(at, timeZone);
  const yesterday = (day + 6) % 7;
  if (from < to) return open.has(day) && time >= from && time < to;
  return (open.has(day) && time >= from) || (open.has(yesterday) && time < to);
}

/** `Mon-Wed,Sat` → 0, 1, 2, 5; `Sat-Mon` goes over the end of the week. */
function daysOf(listed: string): ReadonlySet<number> {
  const open = new Set<number>();
  for (const range of listed.split(',')) {
    const [first = '', last = first] = range.split('-');
    const end = days.indexOf(last);
    for (let day = days.indexOf(first); ; day = (day + 1) % 7) {
      open.add(day);
      if (day === end) break;
    }
  }
  return open;
}

function localTime(at: Date, timeZone: string): { readonly day: number; readonly time: string } {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(
    at,
  );
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return { day: days.indexOf(part('weekday')), time: `${part('hour')}:${part('minute')}` };
}
