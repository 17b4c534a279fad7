import { ValidationError } from '../../../libs/aws/index.ts';
import type { ReportRange } from './report-items.ts';

const dayMs = 86_400_000;
const defaultDays = 30;
/** A year and a month: what a yearly review needs. */
const rangeDaysMax = 400;

/** @throws ValidationError a time that is none, an end before its start, a range that is too long */
export function reportRange({ StartTime, EndTime }: { readonly StartTime?: string; readonly EndTime?: string }, now: Date): ReportRange {
  const until = EndTime === undefined ? now.getTime() : milliseconds('EndTime', EndTime);
  const since = StartTime === undefined ? until - defaultDays * dayMs : milliseconds('StartTime', StartTime);
  if (since > until) throw new ValidationError('StartTime must not be after EndTime.');
  if (until - since > rangeDaysMax * dayMs) throw new ValidationError(`StartTime and EndTime must be at most ${rangeDaysMax} days apart.`);
  return { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
}

function milliseconds(member: string, text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new ValidationError(`${member} is not a time.`);
  return time;
}
