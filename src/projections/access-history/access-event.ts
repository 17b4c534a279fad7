import type { RecordedEvent } from '../../../libs/ledger/ledger.ts';
import type { CallMetadata, UserIdentity } from '../../iam/call-metadata.ts';

import { actionOf } from './action-of.ts';
import { principalOf, type AccessPrincipal } from './access-principal.ts';

/** One use, or one refused or failed attempt, of one action. What is not known is empty. */
export interface Access extends AccessPrincipal {
  /** `s3` */
  readonly service: string;
  /** `GetObject` */
  readonly action: string;
  /** The account in which the action was carried out. */
  readonly account: string;
  readonly resources: readonly string[];
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly region: string;
  readonly source: string;
  /** The call was refused or failed: an attempt, not a use. */
  readonly failed: boolean;
  /** The key was inactive: an attempt with the key, and nothing that its owner did. */
  readonly keyRefused: boolean;
  /** The long-term access key that it was signed with. */
  readonly accessKeyId: string;
  /** Whose password it is a use of: the user's unique id, or the account id for root. */
  readonly passwordOf: string;
}

/** An event as the access history takes it in. */
export interface AccessEvent {
  readonly position: number;
  readonly id: string;
  /** RFC 3339. */
  readonly time: string;
  readonly stream: string;
  /** The same for neighbouring events of one call, which are one access; empty for an event that is no call. */
  readonly call: string;
  readonly accesses: readonly Access[];
  /** Decisions for applications that were made and not recorded (sampling). */
  readonly unrecorded: number;
  /** Why the event cannot be applied. */
  readonly problem?: string;
}

/** Longest texts that are kept; longer ones are cut. */
const resourceCharactersMax = 1024;
const textCharactersMax = 256;
/** Resources of one call. */
const resourcesOfCallMax = 32;

const requiredTexts = ['requestId', 'eventName', 'eventSource', 'recipientAccountId'] as const;
const none: readonly Access[] = [];

/** What the access history takes in of a recorded event. Never throws: `problem` says what is wrong with it. */
export function accessEventOf(event: RecordedEvent): AccessEvent {
  const { position, id, time, stream } = event;
  const start = { position, id, time, stream };
  if (!isCallStream(stream)) return { ...start, call: '', accesses: none, unrecorded: 0 };
  const metadata = (event.metadata ?? {}) as CallMetadata;
  const problem = problemOf(metadata);
  const timeMs = timeOf(metadata, time);
  if (problem !== undefined || timeMs === undefined) {
    return { ...start, call: '', accesses: none, unrecorded: 0, problem: problem ?? 'its time is not RFC 3339' };
  }
  const own = accessOf(metadata, timeMs);
  const data = event.data as { readonly decisions?: unknown; readonly unrecorded?: unknown } | null;
  const isAnswer = metadata.eventSource === 'iam-ledger.amazonaws.com' && metadata.importedRecord === undefined;
  const told = isAnswer && metadata.eventName === 'Authorize' ? decidedAccesses(data?.decisions, metadata, timeMs) : none;
  const signed = isAnswer && metadata.eventName === 'VerifySignature' ? signedAccess(event.data, metadata, timeMs) : none;
  return {
    ...start,
    call: callOf(metadata, stream),
    accesses: [...(own === undefined ? none : [own]), ...told, ...signed],
    unrecorded: typeof data?.unrecorded === 'number' ? data.unrecorded : 0,
  };
}

/** Streams whose events are calls. The others (sagas, slots, leases) only move the checkpoint on. */
function isCallStream(stream: string): boolean {
  return stream.startsWith('activity-') || stream.startsWith('account-') || stream === 'organization';
}

function problemOf(metadata: CallMetadata): string | undefined {
  if (typeof metadata.actor !== 'object' || metadata.actor === null) return 'its metadata has no actor';
  for (const member of requiredTexts) if (typeof metadata[member] !== 'string') return `its metadata has no ${member}`;
  return undefined;
}

function timeOf({ importedRecord }: CallMetadata, time: string): number | undefined {
  const said = importedRecord?.['eventTime'] ?? time;
  const timeMs = typeof said === 'string' ? Date.parse(said) : Number.NaN;
  return Number.isFinite(timeMs) ? timeMs : undefined;
}

/** Several imported records may share one requestID: AWS writes one for every service that had a part in the request. */
function callOf({ requestId, eventName, eventSource, importedRecord }: CallMetadata, stream: string): string {
  const imported = importedRecord?.['eventID'];
  return `${stream} ${requestId} ${eventSource} ${eventName}${typeof imported === 'string' ? ` ${imported}` : ''}`;
}

function accessOf(metadata: CallMetadata, timeMs: number): Access | undefined {
  const { actor, errorCode, eventSource, eventName, resources = [] } = metadata;
  const principal = principalOf(actor);
  if (principal === undefined) return undefined;
  const isSignIn = eventName === 'ConsoleLogin' && eventSource === 'signin.amazonaws.com';
  return {
    ...principal,
    ...actionOf(eventSource, eventName),
    account: metadata.recipientAccountId,
    resources: resources.slice(0, resourcesOfCallMax).flatMap(({ ARN }) => (typeof ARN === 'string' ? ARN.slice(0, resourceCharactersMax) : [])),
    timeMs,
    region: cut(metadata.awsRegion),
    source: cut(metadata.sourceIPAddress),
    failed: errorCode !== undefined || (isSignIn && metadata.responseElements?.['ConsoleLogin'] !== 'Success'),
    keyRefused: errorCode === 'InvalidClientTokenId',
    accessKeyId: longTermKey(actor.accessKeyId),
    passwordOf: isSignIn ? passwordOf(actor) : '',
  };
}

/** Session keys (ASIA…) have no use of their own: AWS counts them for their user or role. */
function longTermKey(accessKeyId: unknown): string {
  return typeof accessKeyId === 'string' && accessKeyId.startsWith('AKIA') ? cut(accessKeyId) : '';
}

function passwordOf({ type, accountId, principalId }: UserIdentity): string {
  return cut(type === 'Root' ? accountId : principalId);
}

interface DataPrincipal {
  readonly principalArn?: unknown;
  readonly principalId?: unknown;
  readonly accessKeyId?: unknown;
}

/** What applications asked about and were answered: that is what they then did, or did not do. */
function decidedAccesses(decisions: unknown, metadata: CallMetadata, timeMs: number): readonly Access[] {
  if (!Array.isArray(decisions)) return none;
  return (decisions as readonly (DataPrincipal & Readonly<Record<'action' | 'resource' | 'decision', unknown>>)[]).flatMap((entry) => {
    const { action, resource, decision } = entry;
    const principal = dataPrincipal(entry);
    if (principal === undefined || typeof action !== 'string') return [];
    const colon = action.indexOf(':');
    const arn = typeof resource === 'string' && resource !== '*' ? resource.slice(0, resourceCharactersMax) : undefined;
    return {
      ...principal,
      ...dataPlace(metadata, timeMs),
      service: cut(action.slice(0, Math.max(colon, 0))),
      action: cut(action.slice(colon + 1)),
      account: accountIn(arn) ?? principal.principalAccount,
      resources: arn === undefined ? [] : [arn],
      failed: decision !== 'Allowed',
      keyRefused: false,
      accessKeyId: longTermKey(entry.accessKeyId),
      passwordOf: '',
    };
  });
}

/** Who signed a request that an application received: a use of the key, and of no action that is known. */
function signedAccess(data: unknown, metadata: CallMetadata, timeMs: number): readonly Access[] {
  const entry = (data ?? {}) as DataPrincipal & { readonly verified?: unknown; readonly region?: unknown };
  const principal = entry.verified === true ? dataPrincipal(entry) : undefined;
  if (principal === undefined) return none;
  const service = metadata.requestParameters?.['service'];
  return [
    {
      ...principal,
      ...dataPlace(metadata, timeMs),
      service: typeof service === 'string' ? cut(service) : '',
      action: '',
      account: principal.principalAccount,
      resources: [],
      failed: false,
      keyRefused: false,
      accessKeyId: longTermKey(entry.accessKeyId),
      passwordOf: '',
    },
  ];
}

/** The call came from the application, not from whom it asks about: where they were is not known. */
const dataPlace = ({ awsRegion }: CallMetadata, timeMs: number) => ({ timeMs, region: cut(awsRegion), source: '' });

function dataPrincipal({ principalArn, principalId }: DataPrincipal): AccessPrincipal | undefined {
  if (typeof principalArn !== 'string') return undefined;
  const accountId = accountIn(principalArn) ?? '';
  const isSession = principalArn.includes(':assumed-role/');
  const arn = isSession ? principalArn.replace(':sts:', ':iam:').replace(/:assumed-role\/([^/]+)\/.*$/, ':role/$1') : principalArn;
  const id = typeof principalId === 'string' && /^(AROA|AIDA|\d{12}$)/.test(principalId) ? (principalId.split(':')[0] as string) : arn;
  const type = isSession || arn.includes(':role/') ? 'Role' : arn.endsWith(':root') ? 'Root' : arn.includes(':user/') ? 'User' : 'Other';
  return { principalId: cut(id), principalType: type, principalAccount: accountId, principalArn: arn.slice(0, resourceCharactersMax) };
}

function accountIn(arn: string | undefined): string | undefined {
  const account = arn?.split(':')[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

function cut(text: unknown): string {
  return typeof text === 'string' ? text.slice(0, textCharactersMax) : '';
}
