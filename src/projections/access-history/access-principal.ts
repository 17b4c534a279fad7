import type { UserIdentity } from '../../iam/call-metadata.ts';

/** Who an access is counted for: never a session, always who stands behind it. */
export interface AccessPrincipal {
  /** `AIDA…`, `AROA…`, the account id for root; of others what CloudTrail calls them: a service's name, a subject of a provider. */
  readonly principalId: string;
  readonly principalType: 'User' | 'Role' | 'Root' | 'Service' | 'Other';
  /** The account that the principal belongs to; may be empty. */
  readonly principalAccount: string;
  /** As it was at that time; may be empty: in another account's log a caller shows only its account and id. */
  readonly principalArn: string;
}

/** The principal of a call; `undefined` where its record names none. */
export function principalOf(actor: UserIdentity): AccessPrincipal | undefined {
  const { type, principalId = '', arn = '', accountId = '', invokedBy = '' } = actor;
  const issuer = actor.sessionContext?.sessionIssuer;
  if (type === 'Root') return { principalId: accountId || principalId, principalType: 'Root', principalAccount: accountId, principalArn: arn };
  if (type === 'AWSService') return invokedBy === '' ? undefined : named(invokedBy, 'Service', '', '');
  if (issuer?.principalId !== undefined && (type === 'AssumedRole' || type === 'FederatedUser' || type === 'AWSAccount')) {
    const isRoot = issuer.principalId === issuer.accountId;
    return named(issuer.principalId, isRoot ? 'Root' : typeOf(issuer.principalId), issuer.accountId ?? accountId, issuer.arn ?? '');
  }
  const id = bareId(principalId);
  if (id !== '') return named(id, id === accountId ? 'Root' : typeOf(id), accountId, arn);
  if (arn !== '') return named(arn, 'Other', accountId, arn);
  return undefined;
}

const named = (principalId: string, principalType: AccessPrincipal['principalType'], principalAccount: string, principalArn: string) => ({
  principalId,
  principalType,
  principalAccount,
  principalArn,
});

/** `AROA…` of `AROA…:session`. What a provider calls its subjects has colons of its own. */
function bareId(principalId: string): string {
  return /^(AROA|AIDA)/.test(principalId) ? (principalId.split(':')[0] as string) : principalId;
}

function typeOf(id: string): AccessPrincipal['principalType'] {
  if (id.startsWith('AROA')) return 'Role';
  return id.startsWith('AIDA') ? 'User' : 'Other';
}
