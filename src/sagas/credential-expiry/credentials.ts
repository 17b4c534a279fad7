import type { Account } from '../../iam/account.ts';
import type { User } from '../../iam/users/user.ts';
import { dayMs } from '../attempts.ts';
import type { ExemptionSubject } from '../exemptions/exemptions.ts';
import { accountCredentials } from './account-credentials.ts';
import type { ExpiryPolicy } from './settings.ts';
import { userCredentials } from './user-credentials.ts';

export type CredentialType =
  'password' | 'ssh-public-key' | 'signing-certificate' | 'service-specific-credential' | 'server-certificate' | 'saml-provider';

/** A credential that comes to an end, or should: only its owner can put another in its place. */
export interface ExpiringCredential {
  readonly type: CredentialType;
  /** Unique among those of its type: its own id, or that of its user for a password, which has none. */
  readonly id: string;
  /** With `endsAt` it tells a renewed one from the one before. */
  readonly madeAt: string;
  /** Where it ends by itself: when. Without, it goes on to work and should be replaced at an age. */
  readonly endsAt?: string | undefined;
  readonly expiresAt: Date;
  /** Switched off: nobody is told of it until it is on again. */
  readonly isInactive?: boolean;
  /** Its owner has another one that was made later, does the same and lasts longer. */
  readonly isReplaced?: boolean;
  readonly evidence: readonly string[];
  readonly owner: CredentialOwner;
  readonly arn: string;
}

/** A user, or the account: it has root's credentials and those of nobody in particular. */
export interface CredentialOwner {
  /** `undefined`: the account. */
  readonly user: User | undefined;
  /** Who is to be told, where somebody said so: the value of the tag `owner`; of the account, else its address. */
  readonly contact: string | undefined;
  readonly subject: ExemptionSubject;
}

/** What finds a credential again. */
export interface CredentialKey {
  readonly type: CredentialType;
  readonly id: string;
  /** Of its user; `undefined`: it is the account's. */
  readonly userId: string | undefined;
  readonly userName: string | undefined;
}

/** All that will come to an end at some time: in the order of users' names, then the account's. */
export function* credentialsOf(account: Account, policy: ExpiryPolicy): Iterable<ExpiringCredential> {
  for (const user of account.users.values()) yield* userCredentials(account, user, policy);
  yield* accountCredentials(account);
}

/** One that is under way, as it is now; `undefined` where it or its owner is gone. */
export function findCredential(
  account: Account,
  { type, id, userId, userName }: CredentialKey,
  policy: ExpiryPolicy,
): ExpiringCredential | undefined {
  for (const credential of ofOwner(account, { userId, userName }, policy)) if (credential.type === type && credential.id === id) return credential;
  return undefined;
}

function ofOwner(
  account: Account,
  { userId, userName }: Pick<CredentialKey, 'userId' | 'userName'>,
  policy: ExpiryPolicy,
): Iterable<ExpiringCredential> {
  if (userId === undefined) return accountCredentials(account);
  const named = userName === undefined ? undefined : account.users.get(userName);
  const user = named?.userId === userId ? named : [...account.users.values()].find((each) => each.userId === userId); // renamed: rare
  return user === undefined ? [] : userCredentials(account, user, policy);
}

/**
 * Days before its end at which the owner of a credential is told, the largest first. None that would fall into the first half of its life: whoever made
 * it a moment ago knows.
 */
export function noticeDaysOf({ madeAt, endsAt, expiresAt }: ExpiringCredential, { noticeDays, endNoticeDays }: ExpiryPolicy): readonly number[] {
  const halfLifeDays = (expiresAt.getTime() - Date.parse(madeAt)) / dayMs / 2;
  return (endsAt === undefined ? noticeDays : endNoticeDays).filter((days) => days <= halfLifeDays);
}
