import type { Account } from '../account.ts';
import type { UserIdentity } from '../call-metadata.ts';
import type { AccountEvent } from '../events.ts';
import type { Tags } from '../tags.ts';
import { identityOf, members, type CloudTrailRecord } from './cloudtrail-record.ts';
import { arrayOf, record, textOf, type Json } from './json.ts';

/** A call on IAM that succeeded, as its record tells of it. */
export interface RecordedCall {
  readonly eventName: string;
  /** To the second: `2026-01-31T23:59:59Z`. */
  readonly eventTime: string;
  readonly request: Json;
  readonly response: Json;
  readonly identity: UserIdentity;
}

/** What a record comes to on an account. */
export interface Folded {
  /** None where it changed nothing, or speaks of what is not there. */
  readonly events: readonly AccountEvent[];
  /** Calls that must have happened before and are not known: `DetachRolePolicy of arn:… from role deploy`. */
  readonly missing: readonly string[];
}

/** Another account of this server, for trust policies that name its users. */
export type AccountOf = (accountId: string) => Account | undefined;

/** Folds one kind of call. Pure. @throws ValidationError the record does not say what was changed */
export type Fold = (call: RecordedCall, account: Account, accountOf: AccountOf) => Folded;

export const unchanged: Folded = { events: [], missing: [] };
export const changed = (...events: readonly AccountEvent[]): Folded => ({ events, missing: [] });
export const isMissing = (...missing: readonly string[]): Folded => ({ events: [], missing });

export function recordedCall({ record: from, eventName, eventTime }: CloudTrailRecord): RecordedCall {
  return {
    eventName,
    eventTime: `${eventTime.slice(0, 19)}Z`,
    request: members(from['requestParameters']),
    response: members(from['responseElements']),
    identity: identityOf(from['userIdentity']),
  };
}

/** What was answered of the entity that was made. */
export function entityOf({ response }: RecordedCall, member: string): Json {
  return record(response[member], `responseElements.${member}`);
}

/** The ARN that the record gives, where it is not the one that this account would give. */
export const foreignArn = (entity: Json, expected: string): string | undefined =>
  textOf(entity, 'arn') === expected ? undefined : textOf(entity, 'arn');

/** `[{key, value}]` as CloudTrail writes tags. */
export function tagsOf(from: Json): Tags {
  return arrayOf(from['tags'] ?? [], 'tags')
    .map((entry) => record(entry, 'a tag'))
    .map((tag) => ({ Key: textOf(tag, 'key'), Value: textOf(tag, 'value') }));
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Jul 10, 2023 12:01:52 PM`, as CloudTrail writes the dates of IAM's answers, as `2023-07-10T12:01:52Z`; the time of the call where there is none. */
export function dateOf(entity: Json, member: string, { eventTime }: RecordedCall): string {
  const value = entity[member];
  if (typeof value !== 'string') return eventTime;
  const found = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)\s([AP])M$/.exec(value);
  const date = found === null ? new Date(/^\d{4}-/.test(value) ? value : Number.NaN) : spelledOut(found);
  return Number.isNaN(date.getTime()) ? eventTime : `${date.toISOString().slice(0, 19)}Z`;
}

function spelledOut([, month = '', day, year, hours, minutes, seconds, half]: RegExpExecArray): Date {
  const hour = (Number(hours) % 12) + (half === 'P' ? 12 : 0);
  return new Date(Date.UTC(Number(year), months.indexOf(month), Number(day), hour, Number(minutes), Number(seconds)));
}
