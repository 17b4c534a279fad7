import { ValidationError } from '../../../libs/aws/index.ts';
import type { CallMetadata, SessionContext, UserIdentity } from '../call-metadata.ts';
import { record, textOf, type Json } from './json.ts';

/** A CloudTrail record that was found usable: the record as it was, and what the import goes by. */
export interface CloudTrailRecord {
  readonly record: Json;
  /** `undefined` in records of the first event versions. */
  readonly eventID: string | undefined;
  /** `2026-01-31T23:59:59Z`, as the record says it. */
  readonly eventTime: string;
  readonly eventName: string;
  readonly eventSource: string;
  /** The account that the call acted in: recipientAccountId, else the caller's. */
  readonly accountId: string | undefined;
  readonly isFailed: boolean;
  readonly isRead: boolean;
}

/** How far a record's time may lie ahead of this server's clock. */
const clockSkewSeconds = 300;

/**
 * Checks what an import cannot do without: when, what, of which service.
 *
 * @throws ValidationError it is no CloudTrail record, or its time has not come yet (every later event of the account would have to take that time)
 */
export function readCloudTrailRecord(value: unknown, now: Date): CloudTrailRecord {
  const from = record(value, 'A record');
  const eventTime = textOf(from, 'eventTime');
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/.test(eventTime) ? Date.parse(eventTime) : Number.NaN;
  if (Number.isNaN(timeMs)) throw new ValidationError(`eventTime is not a UTC time: ${eventTime.slice(0, 64)}`);
  if (timeMs > now.getTime() + clockSkewSeconds * 1000) throw new ValidationError(`eventTime has not come yet: ${eventTime}`);
  const eventName = textOf(from, 'eventName');
  const accountId = text(from['recipientAccountId']) ?? text(members(from['userIdentity'])['accountId']);
  return {
    record: from,
    eventID: text(from['eventID']),
    eventTime,
    eventName,
    eventSource: textOf(from, 'eventSource'),
    accountId: accountId !== undefined && /^\d{12}$/.test(accountId) ? accountId : undefined,
    isFailed: from['errorCode'] !== undefined && from['errorCode'] !== null,
    isRead: typeof from['readOnly'] === 'boolean' ? from['readOnly'] : /^(?:Get|List|Describe|Head|Simulate|Lookup)/.test(eventName),
  };
}

/**
 * What an event that was made of a record says of its call. Only members of CloudTrail's types are taken over: the rest stands in
 * `importedRecord`, which is the record as it was. What iam-ledger adds to an identity (the session's root and chain) cannot come from outside.
 */
export function metadataOfRecord(call: CloudTrailRecord, accountId: string, key: string): CallMetadata {
  const { record: from, eventName, eventSource, isRead } = call;
  const requestId = text(from['requestID']) ?? key;
  const resources = list(from['resources']).flatMap(resourceOf);
  return {
    requestId,
    correlationId: requestId,
    causationId: null,
    actor: identityOf(from['userIdentity']),
    sourceIPAddress: text(from['sourceIPAddress']) ?? '',
    userAgent: text(from['userAgent']) ?? '',
    eventSource,
    eventName,
    awsRegion: text(from['awsRegion']) ?? '',
    readOnly: isRead,
    requestParameters: elements(from['requestParameters']),
    responseElements: elements(from['responseElements']),
    recipientAccountId: accountId,
    ...texts(from, ['apiVersion', 'errorCode', 'errorMessage', 'sharedEventID', 'eventType']),
    ...(resources.length === 0 ? {} : { resources }),
    ...(isMembers(from['additionalEventData']) ? { additionalEventData: from['additionalEventData'] } : {}),
    importedRecord: from,
  };
}

/** CloudTrail's userIdentity; `Unknown` where the record has none or does not say its type (events of services). */
export function identityOf(value: unknown): UserIdentity {
  const from = members(value);
  const context = sessionContextOf(from['sessionContext']);
  return {
    type: (text(from['type']) ?? 'Unknown') as UserIdentity['type'],
    ...texts(from, ['principalId', 'arn', 'accountId', 'accessKeyId', 'userName', 'invokedBy']),
    ...(context === undefined ? {} : { sessionContext: context }),
  };
}

function sessionContextOf(value: unknown): SessionContext | undefined {
  const from = members(value);
  const { creationDate, mfaAuthenticated } = texts(members(from['attributes']), ['creationDate', 'mfaAuthenticated']);
  const issuer = texts(members(from['sessionIssuer']), ['type', 'principalId', 'arn', 'accountId', 'userName']);
  const { federatedProvider } = texts(members(from['webIdFederationData']), ['federatedProvider']);
  const { sourceIdentity } = texts(from, ['sourceIdentity']);
  const context = {
    ...(creationDate === undefined ? {} : { attributes: { creationDate, mfaAuthenticated: mfaAuthenticated === 'true' ? 'true' : 'false' } }),
    // The last use of a role is noted under the issuer's unique id and ARN: without them there is nothing to note.
    ...(issuer.principalId === undefined || issuer.arn === undefined ? {} : { sessionIssuer: issuer }),
    ...(federatedProvider === undefined ? {} : { webIdFederationData: { federatedProvider, attributes: {} } }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
  };
  return Object.keys(context).length === 0 ? undefined : (context as SessionContext);
}

function resourceOf(value: unknown): { ARN: string; accountId: string; type: string }[] {
  const { ARN, accountId, type } = texts(members(value), ['ARN', 'accountId', 'type']);
  return ARN === undefined ? [] : [{ ARN, accountId: accountId ?? '', type: type ?? '' }];
}

/** Those of `names` that are texts. */
function texts<Name extends string>(from: Json, names: readonly Name[]): { readonly [N in Name]?: string } {
  return Object.fromEntries(names.flatMap((name) => (text(from[name]) === undefined ? [] : [[name, from[name]]]))) as {
    readonly [N in Name]?: string;
  };
}

const isMembers = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const elements = (value: unknown): Json | null => (isMembers(value) ? value : null);
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The members of an object; none of anything else. */
export const members = (value: unknown): Json => (isMembers(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
