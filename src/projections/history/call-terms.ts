import type { UserIdentity } from '../../iam/call-metadata.ts';

import type { CallRecord } from './call.ts';
import { listedResources, mentionedResources } from './call-resources.ts';

/**
 * What a call can be found by. A term is a value in one dimension; the numbers are stored in the segments, so they are never reused
 * (a change here is a new version of the projection, see `historyVersion`).
 */
export const dimensions = {
  /** `shortName` of every name of the actor: the search compares the names themselves. */
  actor: 1,
  accessKeyId: 2,
  eventName: 3,
  eventSource: 4,
  /** `true` or `false`. */
  readOnly: 5,
  /** The account that the call acted in. */
  account: 6,
  errorCode: 7,
  /** `succeeded` or `failed`. */
  outcome: 8,
  sessionRoot: 9,
  sourceIPAddress: 10,
  /** `shortName` of every resource that the call lists or speaks of: the search compares the names themselves. */
  resource: 11,
  resourceType: 12,
} as const;

export type Dimension = keyof typeof dimensions;

/**
 * The part of a name, ARN or id that stands in the index: what comes after the last `/` or `:`. A user's name and ARN are then one entry
 * instead of two, which halves the index.
 */
export function shortName(name: string): string {
  for (let index = name.length - 1; index >= 0; index--) {
    const code = name.charCodeAt(index);
    if (code === slash || code === colon) return name.slice(index + 1);
  }
  return name;
}

const slash = 0x2f;
const colon = 0x3a;

/** Every term that a call has because of who made it. */
export function actorTerms(actor: UserIdentity): (readonly [dimension: number, value: string])[] {
  const terms: (readonly [number, string])[] = [];
  const sessionRoot = actor.sessionContext?.sessionRoot;
  if (actor.accessKeyId) terms.push([dimensions.accessKeyId, actor.accessKeyId]);
  if (sessionRoot) terms.push([dimensions.sessionRoot, sessionRoot]);
  for (const name of new Set(actorNames(actor).map(shortName))) terms.push([dimensions.actor, name]);
  return terms;
}

/** Calls `add` with every other term of a call; with some of them more than once. */
export function eachRecordTerm(record: CallRecord, add: (dimension: number, value: string) => void): void {
  add(dimensions.account, record.recipientAccountId);
  add(dimensions.eventName, record.eventName);
  add(dimensions.eventSource, record.eventSource);
  add(dimensions.readOnly, record.readOnly ? 'true' : 'false');
  add(dimensions.outcome, record.errorCode === undefined ? 'succeeded' : 'failed');
  if (record.errorCode !== undefined) add(dimensions.errorCode, record.errorCode);
  if (record.sourceIPAddress) add(dimensions.sourceIPAddress, record.sourceIPAddress);
  for (const { type, name } of listedResources(record)) {
    add(dimensions.resource, shortName(name));
    add(dimensions.resourceType, type);
  }
  for (const name of mentionedResources(record)) add(dimensions.resource, shortName(name));
}

/** Every name by which an actor is found: ARN, user name, unique id, and of a role session the role's ARN and id. */
export function actorNames(actor: UserIdentity): string[] {
  const issuer = actor.sessionContext?.sessionIssuer;
  const names = [actor.arn, actor.userName, actor.principalId, lookupUserName(actor), issuer?.arn, issuer?.principalId];
  return names.filter((name) => name !== undefined && name !== '') as string[];
}

/**
 * LookupEvents' Username: the user's name, `root`, of a role session the session's name. `undefined` where CloudTrail shows none
 * (a caller of another account, a service).
 */
export function lookupUserName(actor: UserIdentity): string | undefined {
  switch (actor.type) {
    case 'Root':
      return 'root';
    case 'AssumedRole':
    case 'FederatedUser':
      return actor.principalId?.slice(actor.principalId.indexOf(':') + 1) || undefined;
    case 'IAMUser':
    case 'Role':
    case 'SAMLUser':
    case 'WebIdentityUser':
    case 'AWSAccount':
    case 'AWSService':
    case 'Unknown':
      return actor.userName;
    default:
      return unknownType(actor.type);
  }
}

/** Imported records may carry a type that was invented after this was written. */
function unknownType(_type: never): undefined {
  return undefined;
}
