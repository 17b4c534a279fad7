import type { UserIdentity } from '../../iam/call-metadata.ts';

import type { CallRecord } from './call.ts';

/**
 * What has a last use. `access-key` by access key id, `user` by AIDA id, `role` by AROA id, `password` by AIDA id (or account id for root),
 * `root` by account id. Session keys (ASIA…) have none: AWS counts them for their user or role.
 */
export const lastUsedKinds = { 'access-key': 1, user: 2, role: 3, password: 4, root: 5 } as const;

export type LastUsedKind = keyof typeof lastUsedKinds;

/** The last call made with a credential or by an identity, refused calls included. */
export interface LastUsed {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly region: string;
  /** The service's name as GetAccessKeyLastUsed shows it: `iam`, `sts`. */
  readonly serviceName: string;
  readonly position: number;
}

/** What every call of `actor` is a use of. */
export function usedBy(actor: UserIdentity): (readonly [kind: LastUsedKind, id: string])[] {
  const used: (readonly [LastUsedKind, string])[] = [];
  const issuer = actor.sessionContext?.sessionIssuer;
  if (actor.accessKeyId?.startsWith('AKIA')) used.push(['access-key', actor.accessKeyId]);
  if (actor.type === 'IAMUser' && actor.principalId) used.push(['user', actor.principalId]);
  if (actor.type === 'Root' && actor.accountId) used.push(['root', actor.accountId]);
  if (actor.type === 'FederatedUser' && issuer?.type === 'IAMUser') used.push(['user', issuer.principalId]);
  if (actor.type === 'AssumedRole' && issuer !== undefined) used.push(['role', issuer.principalId]);
  return used;
}

/** Whose password this call is a use of: a successful sign-in to the console. */
export function passwordUsedBy(record: CallRecord, actor: () => UserIdentity): string | undefined {
  if (record.eventName !== 'ConsoleLogin' || record.errorCode !== undefined) return undefined;
  if (record.responseElements?.['ConsoleLogin'] !== 'Success') return undefined;
  const { type, accountId, principalId } = actor();
  return type === 'Root' ? accountId : principalId;
}

/** The service's name as GetAccessKeyLastUsed shows it: `iam` of `iam.amazonaws.com`. */
export function serviceNameOf(eventSource: string): string {
  const dot = eventSource.indexOf('.');
  return dot < 0 ? eventSource : eventSource.slice(0, dot);
}

/** Whether `next` is the later use; at the same time, the later call. */
export function isLater(next: LastUsed, than: LastUsed | undefined): boolean {
  if (than === undefined || next.timeMs > than.timeMs) return true;
  return next.timeMs === than.timeMs && next.position > than.position;
}
