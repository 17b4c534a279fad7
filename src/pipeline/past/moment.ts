import { ValidationError } from '../../../libs/aws/index.ts';

/** A moment to look back at: a position of the log, or a time (ISO 8601 with milliseconds). Position beats time: times tie, positions do not. */
export type Moment = { readonly position: number } | { readonly time: string };

/**
 * Reads a moment as clients write it: a position (`42`) or a time with zone (RFC 3339: `2026-01-01T00:00:00Z`).
 *
 * @throws ValidationError for anything else, and for a moment that has not come yet
 */
export function parseMoment(text: string, now: Date, head: number): Moment {
  if (/^(0|[1-9][0-9]{0,15})$/.test(text)) {
    const position = Number(text);
    if (position > head) throw new ValidationError(`Position ${text} is not in the log yet: its last position is ${head}.`);
    return { position };
  }
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const date = found === null ? undefined : new Date(text);
  const isReal =
    found !== null && date !== undefined && !Number.isNaN(date.getTime()) && Number(found[3]) <= daysIn(Number(found[1]), Number(found[2]));
  if (!isReal) throw new ValidationError(`'${text.slice(0, 64)}' is neither a position nor a time with a zone, such as 2026-01-01T00:00:00Z.`);
  if (date.getTime() > now.getTime()) throw new ValidationError(`The time ${text} has not come yet.`);
  return { time: /\.\d/.test(text) ? date.toISOString() : new Date(date.getTime() + 999).toISOString() };
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
