import type { Account } from '../../iam/account.ts';
import { arnOfExistingUser, type User } from '../../iam/users/user.ts';
import { dayMs } from '../attempts.ts';
import type { ExpiryPolicy } from './settings.ts';

/** A credential that comes to an end, or should: only its owner can put another in its place. */
export interface ExpiringCredential {
  readonly type: CredentialType;
  /** Unique among those of its type; with `madeAt` it tells a renewed one from the one before. */
  readonly id: string;
  readonly madeAt: string;
  readonly expiresAt: Date;
  readonly owner: User;
  readonly arn: string;
}

export type CredentialType = 'password';

/** Finds the credentials of one type, of one user. A further type is a further line. */
const finders: Readonly<Record<CredentialType, (account: Account, user: User, policy: ExpiryPolicy) => ExpiringCredential | undefined>> = {
  password: passwordOf,
};

export const credentialTypes = Object.keys(finders) as readonly CredentialType[];

/** All that will come to an end at some time. In the order of users' names. */
export function* credentialsOf(account: Account, policy: ExpiryPolicy): Iterable<ExpiringCredential> {
  for (const [, user] of account.users.entries()) {
    for (const type of credentialTypes) {
      const found = finders[type](account, user, policy);
      if (found !== undefined) yield found;
    }
  }
}

/** One that is under way, as it is now; `undefined` where it or its owner is gone. */
export function findCredential(
  account: Account,
  { type, userId, userName }: { readonly type: CredentialType; readonly userId: string; readonly userName: string },
  policy: ExpiryPolicy,
): ExpiringCredential | undefined {
  const named = account.users.get(userName);
  const user = named?.userId === userId ? named : [...account.users.values()].find((each) => each.userId === userId); // renamed: rare
  return user === undefined ? undefined : finders[type](account, user, policy);
}

/** A password is to be changed at the age that the account's password policy says, else at that of the settings. */
function passwordOf(account: Account, user: User, policy: ExpiryPolicy): ExpiringCredential | undefined {
  const { loginProfile } = user;
  if (loginProfile === undefined) return undefined;
  const days = account.passwordPolicy?.maxPasswordAge || policy.passwordDays;
  const madeAt = loginProfile.passwordLastChanged;
  const expiresAt = new Date(Date.parse(madeAt) + days * dayMs);
  return { type: 'password', id: user.userId, madeAt, expiresAt, owner: user, arn: arnOfExistingUser(account, user) };
}
