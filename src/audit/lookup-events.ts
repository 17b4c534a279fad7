import { InvalidEventCategory, InvalidLookupAttributes, InvalidMaxResults, InvalidTimeRange } from '../../libs/aws/index.ts';
import { eventIdOf, type Call } from '../projections/history/call.ts';
import { listedResources } from '../projections/history/call-resources.ts';
import { lookupUserName } from '../projections/history/call-terms.ts';
import type { History } from '../projections/history/history.ts';
import type { HistoryQuery } from '../projections/history/history-query.ts';

import { cloudTrailRecord } from './cloudtrail-record.ts';
import { pageToken, placeOf } from './page-token.ts';

/** The input of CloudTrail's LookupEvents (AWS CloudTrail API reference). */
export interface LookupEventsInput {
  /** None or one. */
  readonly LookupAttributes?: readonly LookupAttribute[];
  readonly StartTime?: Date;
  readonly EndTime?: Date;
  /** Only `insight` is allowed; of those there are none. */
  readonly EventCategory?: string;
  /** 1 … 50; default 50. */
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface LookupAttribute {
  readonly AttributeKey: string;
  readonly AttributeValue: string;
}

export interface LookupEventsOutput {
  readonly Events: readonly LookupEvent[];
  readonly NextToken?: string;
}

export interface LookupEvent {
  readonly EventId: string;
  readonly EventName: string;
  /** `true` or `false`. */
  readonly ReadOnly: string;
  readonly AccessKeyId?: string;
  /** To the second, as the record says it. */
  readonly EventTime: Date;
  readonly EventSource: string;
  readonly Username?: string;
  readonly Resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  /** The CloudTrail record as JSON text. */
  readonly CloudTrailEvent: string;
}

/** Whose events are looked up, and the key with which page tokens are made. */
export interface LookupScope {
  readonly history: Pick<History, 'search'>;
  readonly account: string;
  readonly tokenKey: Uint8Array;
}

const maxResultsMax = 50;
const attributeValueCharactersMax = 2_000;

/**
 * LookupEvents: the calls in the caller's account, the latest first. Beyond AWS, there is no limit of 90 days and no limit of two
 * calls a second.
 * @throws InvalidLookupAttributes, InvalidMaxResults, InvalidTimeRange, InvalidNextToken, InvalidEventCategory
 */
export async function lookupEvents({ history, account, tokenKey }: LookupScope, input: LookupEventsInput): Promise<LookupEventsOutput> {
  const { EventCategory, MaxResults = maxResultsMax, NextToken } = input;
  if (EventCategory !== undefined && EventCategory !== 'insight') {
    throw new InvalidEventCategory(`The event category ${EventCategory} is not valid. Valid values: insight.`);
  }
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > maxResultsMax) {
    throw new InvalidMaxResults(`MaxResults must be between 1 and ${maxResultsMax}.`);
  }
  const attribute = onlyAttribute(input.LookupAttributes);
  const filter = attribute === undefined ? {} : filterOf(attribute);
  const times = timesOf(input);
  const question = JSON.stringify(['LookupEvents', account, attribute?.AttributeKey, attribute?.AttributeValue, times, EventCategory]);
  const after = NextToken === undefined ? undefined : placeOf(tokenKey, question, NextToken);
  if (EventCategory === 'insight' || filter === undefined) return { Events: [] };
  const page = await history.search({ ...filter, ...times, account, order: 'latest', limit: MaxResults, ...(after && { after }) });
  const calls = filter.eventId === undefined ? page.calls : page.calls.filter((call) => eventIdOf(call) === filter.eventId);
  return {
    Events: calls.map(lookupEvent),
    ...(page.next && { NextToken: pageToken(tokenKey, question, page.next) }),
  };
}

function onlyAttribute(attributes: readonly LookupAttribute[] = []): LookupAttribute | undefined {
  if (attributes.length > 1) throw new InvalidLookupAttributes('You can specify only one attribute in the request.');
  return attributes[0];
}

/** The filter that an attribute stands for; `undefined`: nothing can fulfil it. */
function filterOf({ AttributeKey, AttributeValue }: LookupAttribute): HistoryQuery | undefined {
  if (typeof AttributeValue !== 'string' || AttributeValue === '' || AttributeValue.length > attributeValueCharactersMax) {
    throw new InvalidLookupAttributes(`AttributeValue must be between 1 and ${attributeValueCharactersMax} characters.`);
  }
  switch (AttributeKey) {
    case 'EventId':
      return { eventId: AttributeValue };
    case 'EventName':
      return { eventName: AttributeValue };
    case 'ReadOnly':
      return AttributeValue === 'true' || AttributeValue === 'false' ? { readOnly: AttributeValue === 'true' } : undefined;
    case 'Username':
      return { userName: AttributeValue };
    case 'ResourceType':
      return { resourceType: AttributeValue };
    case 'ResourceName':
      return { listedResource: AttributeValue };
    case 'EventSource':
      return { eventSource: AttributeValue };
    case 'AccessKeyId':
      return { accessKeyId: AttributeValue };
    default:
      throw new InvalidLookupAttributes(`The lookup attribute ${AttributeKey} is not valid.`);
  }
}

/** The times of records have no fraction, so a call belongs to the whole of its second. */
function timesOf({ StartTime, EndTime }: LookupEventsInput): Pick<HistoryQuery, 'fromTimeMs' | 'toTimeMs'> {
  const start = StartTime?.getTime();
  const end = EndTime?.getTime();
  if (Number.isNaN(start ?? 0) || Number.isNaN(end ?? 0)) throw new InvalidTimeRange('The time range is not valid.');
  if (start !== undefined && end !== undefined && start > end) throw new InvalidTimeRange('The start time is after the end time.');
  return {
    ...(start !== undefined && { fromTimeMs: Math.ceil(start / 1_000) * 1_000 }),
    ...(end !== undefined && { toTimeMs: Math.floor(end / 1_000) * 1_000 + 999 }),
  };
}

/** A call as LookupEvents answers it. */
export function lookupEvent(call: Call): LookupEvent {
  const { metadata, timeMs } = call;
  const accessKeyId = metadata.actor.accessKeyId;
  const userName = lookupUserName(metadata.actor);
  return {
    EventId: eventIdOf(call),
    EventName: metadata.eventName,
    ReadOnly: metadata.readOnly ? 'true' : 'false',
    ...(accessKeyId && { AccessKeyId: accessKeyId }),
    EventTime: new Date(Math.floor(timeMs / 1_000) * 1_000),
    EventSource: metadata.eventSource,
    ...(userName !== undefined && { Username: userName }),
    Resources: listedResources(metadata).map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: JSON.stringify(cloudTrailRecord(call)),
  };
}
