import type { CallMetadata, SessionContext, UserIdentity } from '../iam/call-metadata.ts';
import { eventIdOf, type Call } from '../projections/history/call.ts';

import { cloudTrailErrorCode } from './cloudtrail-error-code.ts';

/** A CloudTrail record, event version 1.11 (AWS CloudTrail user guide, "CloudTrail record contents"). */
export interface CloudTrailRecord {
  readonly eventVersion: '1.11';
  readonly userIdentity: UserIdentity;
  /** UTC, to the second: `2026-01-31T23:59:59Z`. */
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly responseElements: Readonly<Record<string, unknown>> | null;
  readonly additionalEventData?: Readonly<Record<string, unknown>>;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources?: CallMetadata['resources'];
  readonly eventType: string;
  readonly apiVersion?: string;
  readonly managementEvent: true;
  readonly recipientAccountId: string;
  readonly sharedEventID?: string;
  readonly eventCategory: 'Management';
  readonly tlsDetails?: CallMetadata['tlsDetails'];
}

/** Limits of CloudTrail's fields, in bytes of UTF-8. */
const shortTextBytesMax = 1_024;
const elementsBytesMax = 102_400;
const additionalBytesMax = 28_672;

/**
 * The record of a call as CloudTrail writes it: the same members, in the same order, absent where CloudTrail leaves them out. A call that was
 * imported from a CloudTrail file is answered as it was.
 */
export function cloudTrailRecord(call: Call): CloudTrailRecord | Readonly<Record<string, unknown>> {
  const { metadata } = call;
  if (metadata.importedRecord !== undefined) return metadata.importedRecord;
  const { errorCode, errorMessage, additionalEventData, apiVersion, sharedEventID, tlsDetails } = metadata;
  const resources = recordedResources(metadata);
  return {
    eventVersion: '1.11',
    userIdentity: recordedIdentity(metadata.actor),
    eventTime: eventTimeOf(call.timeMs),
    eventSource: metadata.eventSource,
    eventName: metadata.eventName,
    awsRegion: metadata.awsRegion,
    sourceIPAddress: metadata.sourceIPAddress,
    userAgent: cut(metadata.userAgent),
    ...(errorCode !== undefined && { errorCode: cut(cloudTrailErrorCode(errorCode)) }),
    ...(errorMessage !== undefined && { errorMessage: cut(errorMessage) }),
    requestParameters: bounded('requestParameters', metadata.requestParameters, elementsBytesMax),
    responseElements: bounded('responseElements', metadata.responseElements, elementsBytesMax),
    ...(additionalEventData !== undefined && {
      additionalEventData: bounded('additionalEventData', additionalEventData, additionalBytesMax) ?? {},
    }),
    requestID: metadata.requestId,
    eventID: eventIdOf(call),
    readOnly: metadata.readOnly,
    ...(resources !== undefined && { resources }),
    eventType: metadata.eventType ?? 'AwsApiCall',
    ...(apiVersion !== undefined && { apiVersion }),
    managementEvent: true,
    recipientAccountId: metadata.recipientAccountId,
    ...(sharedEventID !== undefined && { sharedEventID }),
    eventCategory: 'Management',
    ...(tlsDetails !== undefined && { tlsDetails }),
  };
}

/** `2026-01-31T23:59:59Z`: CloudTrail's times have no fraction. */
export function eventTimeOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}

/** CloudTrail writes no resources into the records of IAM; into those of STS it writes the role. */
function recordedResources({ eventSource, resources }: CallMetadata): CallMetadata['resources'] {
  if (eventSource === 'iam.amazonaws.com' || resources === undefined || resources.length === 0) return undefined;
  return resources;
}

/** Without what we know beyond CloudTrail: the session chain is the audit search's to tell. */
function recordedIdentity(actor: UserIdentity): UserIdentity {
  if (actor.sessionContext === undefined) return actor;
  const { sessionContext, ...identity } = actor;
  const { sessionRoot: _root, sessionChain: _chain, ...recorded } = sessionContext satisfies SessionContext;
  return Object.keys(recorded).length === 0 ? identity : { ...identity, sessionContext: recorded };
}

/** The first 1,024 bytes, never half a character. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= shortTextBytesMax) return text;
  const bytes = Buffer.from(text);
  let end = shortTextBytesMax;
  // A byte 10xxxxxx continues a character.
  while (end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

function bounded(name: string, value: Readonly<Record<string, unknown>> | null, bytesMax: number): Readonly<Record<string, unknown>> | null {
  if (value === null) return null;
  const originalSize = Buffer.byteLength(JSON.stringify(value));
  return originalSize <= bytesMax ? value : { omitted: true, originalSize, reason: `${name} too large` };
}
