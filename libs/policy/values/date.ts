const ISO_DATE =
  /^(-?\d{1,9})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[Tt](?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?)?([Zz]|[+-]\d{2}(?::?\d{2})?)?)?$/;
const EPOCH_SECONDS = /^\d{1,19}$/;
const EPOCH_SECONDS_MAX = 9_223_372_036_854_775_807n;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const SECOND = 1000;
/** The last second of the year 9999; a larger number can only be meant as milliseconds. */
const SECONDS_MAX = 253_402_300_799;

/**
 * Reads a date as AWS's policies write them: ISO 8601 (W3C profile, parts from the right may be missing) or seconds since the
 * epoch (milliseconds, where seconds would lie beyond the year 9999). Answers milliseconds since the epoch, or NaN for what is no date; the 30th of February is none.
 */
export function parsePolicyDate(text: string): number {
  if (EPOCH_SECONDS.test(text)) return epochMilliseconds(text);
  const parts = ISO_DATE.exec(text);
  if (parts === null) return Number.NaN;
  const year = Number(parts[1]);
  const month = Number(parts[2] ?? 1);
  const day = Number(parts[3] ?? 1);
  const hour = Number(parts[4] ?? 0);
  const minute = Number(parts[5] ?? 0);
  const second = Number(parts[6] ?? 0);
  const inRange = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 59;
  if (!inRange) return Number.NaN;
  const zone = zoneMilliseconds(parts[8]);
  const fraction = parts[7] === undefined ? 0 : Number(`0.${parts[7]}`) * SECOND;
  // Date.UTC reads the years 0 to 99 as 1900 to 1999; setUTCFullYear does not.
  const date = new Date(0).setUTCFullYear(year, month - 1, day);
  if (Number.isNaN(date)) return year < 0 ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  return date + ((hour * 60 + minute) * 60 + second) * SECOND + fraction - zone;
}

function epochMilliseconds(text: string): number {
  if (BigInt(text) > EPOCH_SECONDS_MAX) return Number.NaN;
  const number = Number(text);
  return number > SECONDS_MAX ? number : number * SECOND;
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}

function zoneMilliseconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60 * SECOND;
}
