import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { ValidationError } from '../../libs/aws/index.ts';
import type { Ledger } from '../../libs/ledger/index.ts';
import { AwsCommand, operation, type Operation } from '../iam/operation.ts';
import type { History } from '../projections/history/history.ts';
import { changedFieldNames, eventTypesChanging, type ChangedField } from './changed-fields.ts';
import { lookupEvents, type LookupAttribute, type LookupEventsOutput } from './lookup-events.ts';
import { ocsfEvent } from './ocsf/ocsf-event.ts';
import { searchAudit, type AuditEntry, type AuditQuery } from './search.ts';

/** What the questions about the past need. */
export interface AuditParts {
  readonly history: History;
  readonly ledger: Pick<Ledger, 'head'>;
  /** Authenticates cursors. */
  readonly tokenKey: Uint8Array;
}

/** How long an answer waits for the history to reach what the log already has. */
const catchUpMilliseconds = 2_000;
/** Values of one filter. */
const valuesMax = 100;
const valueCharactersMax = 2_048;

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html; its limits are checked by the operation, with CloudTrail's errors. */
export class LookupEvents extends AwsCommand<LookupEventsOutput> {
  LookupAttributes?: LookupAttribute[];
  StartTime?: Date;
  EndTime?: Date;
  EventCategory?: string;
  MaxResults?: number;
  NextToken?: string;
}

const Values = (): PropertyDecorator => (target, key) => {
  for (const decorate of [
    IsArray(),
    ArrayMaxSize(valuesMax),
    IsString({ each: true }),
    MaxLength(valueCharactersMax, { each: true }),
    IsOptional(),
  ]) {
    decorate(target, key);
  }
};

const ValuesOf =
  (values: readonly string[]): PropertyDecorator =>
  (target, key) => {
    for (const decorate of [IsArray(), ArrayMaxSize(valuesMax), IsIn(values, { each: true }), IsOptional()]) decorate(target, key);
  };

/** Searches the history of calls: every filter that is given must hold, of several values of one filter any. */
export class SearchAudit extends AwsCommand<unknown> {
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  /** ARNs, user names or unique ids. */
  @Values() Actor?: string[];
  @Values() AccessKeyId?: string[];
  @Values() EventName?: string[];
  @Values() EventSource?: string[];
  /** Names, ARNs or unique ids. */
  @Values() Resource?: string[];
  @Values() ErrorCode?: string[];
  @IsIn(['succeeded', 'failed']) @IsOptional() Outcome?: 'succeeded' | 'failed';
  @Values() SourceIPAddress?: string[];
  /** ARNs of the person or service at the start of the session chain. */
  @Values() SessionRoot?: string[];
  @IsBoolean() @IsOptional() ReadOnly?: boolean;
  /** Fields that the call changed: `tags`, `permissionsBoundary`, `attachedPolicies` … */
  @ValuesOf(changedFieldNames) ChangedField?: ChangedField[];
  /** Stands, without regard to case, in a value of the request parameters. */
  @Length(1, valueCharactersMax) @IsOptional() Text?: string;
  /** RFC 3339, both ends included. */
  @IsString() @IsOptional() StartTime?: string;
  @IsString() @IsOptional() EndTime?: string;
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) @IsOptional() FromPosition?: number;
  @IsInt() @Min(0) @Max(Number.MAX_SAFE_INTEGER) @IsOptional() UntilPosition?: number;
  @IsIn(['newest', 'oldest']) Order: 'newest' | 'oldest' = 'newest';
  @IsInt() @Min(1) @Max(1000) MaxResults: number = 50;
  @IsString() @IsOptional() Cursor?: string;
  /** How each call is told: as CloudTrail's record, or as an event of OCSF 1.8.0. */
  @IsIn(['cloudtrail', 'ocsf']) Form: 'cloudtrail' | 'ocsf' = 'cloudtrail';
}

/** The operations that ask the history. */
export function auditOperations(parts: AuditParts): readonly Operation[] {
  const lookup = operation(
    LookupEvents,
    {
      resource: () => '*',
      alwaysRecorded: true,
      async inquire(command, account) {
        await caughtUp(parts);
        return lookupEvents({ history: parts.history, account: account.id, tokenKey: parts.tokenKey }, given(command));
      },
    },
    'cloudtrail',
  );
  const search = operation(
    SearchAudit,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: () => '*',
      alwaysRecorded: true,
      async inquire(command, account) {
        await caughtUp(parts);
        const page = await searchAudit({ history: parts.history, tokenKey: parts.tokenKey }, auditQuery(command, account.id));
        return {
          Events: page.entries.map((entry) => entryView(entry, command.Form)),
          ...(page.nextCursor === undefined ? {} : { NextCursor: page.nextCursor }),
          Position: page.position,
        };
      },
    },
    'iam-ledger',
  );
  return [lookup, search] as unknown as readonly Operation[];
}

function entryView(entry: AuditEntry, form: SearchAudit['Form']) {
  const { position, record, sessionRoot, sessionChain, eventIds, eventTypes } = entry;
  return {
    Position: position,
    EventIds: eventIds,
    EventTypes: eventTypes,
    ...(sessionRoot === undefined ? {} : { SessionRoot: sessionRoot }),
    ...(sessionChain === undefined ? {} : { SessionChain: sessionChain }),
    ...(form === 'ocsf' ? { Ocsf: ocsfEvent(entry) } : { Record: record }),
  };
}

/** Waits until the history has what the log had when the question came; answers with what there is where that takes too long. */
async function caughtUp({ history, ledger }: AuditParts): Promise<void> {
  try {
    await history.waitFor(ledger.head(), { signal: AbortSignal.timeout(catchUpMilliseconds) });
  } catch {
    // The answer says up to which position it is complete.
  }
}

function auditQuery(command: SearchAudit, account: string): AuditQuery {
  const { StartTime, EndTime } = command;
  const [fromTimeMs, toTimeMs] = [
    StartTime === undefined ? undefined : milliseconds('StartTime', StartTime),
    EndTime === undefined ? undefined : milliseconds('EndTime', EndTime),
  ];
  if (fromTimeMs !== undefined && toTimeMs !== undefined && fromTimeMs > toTimeMs) throw new ValidationError('StartTime must not be after EndTime.');
  return given({
    account,
    actor: command.Actor,
    accessKeyId: command.AccessKeyId,
    eventName: command.EventName,
    eventSource: command.EventSource,
    resource: command.Resource,
    errorCode: command.ErrorCode,
    outcome: command.Outcome,
    sourceIPAddress: command.SourceIPAddress,
    sessionRoot: command.SessionRoot,
    readOnly: command.ReadOnly,
    eventType: command.ChangedField === undefined ? undefined : eventTypesChanging(command.ChangedField),
    text: command.Text,
    fromTimeMs,
    toTimeMs,
    fromPosition: command.FromPosition,
    toPosition: command.UntilPosition,
    order: command.Order,
    pageSize: command.MaxResults,
    cursor: command.Cursor,
  }) as AuditQuery;
}

function milliseconds(member: string, text: string): number {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new ValidationError(`${member} must be a time with a zone, such as 2026-01-01T00:00:00Z.`);
  return time;
}

/** An object without its undefined members. */
function given<T extends object>(values: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Key in keyof T]: Exclude<T[Key], undefined> };
}
