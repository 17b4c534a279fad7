import type { AccessKey } from '../../iam/access-keys/access-key.ts';
import type { Account } from '../../iam/account.ts';
import type { User } from '../../iam/users/user.ts';
import type { Rotation } from './rotation.ts';

/** What the account says of a rotation's user and keys, at one version. */
export interface Keys {
  readonly user: User;
  readonly old: AccessKey | undefined;
  readonly next: AccessKey | undefined;
  /** The user's keys that are neither. */
  readonly others: readonly AccessKey[];
}

/** `undefined`: the user is not there any more. Found by its keys first, since a user's name can change. */
export function keysOf(account: Account, { userId, userName, oldKeyId, newKeyId }: Rotation): Keys | undefined {
  const user = userOf(account, userId, [account.accessKeys.get(oldKeyId)?.userName, account.accessKeys.get(newKeyId ?? '')?.userName, userName]);
  if (user === undefined) return undefined;
  const own = (id: string | undefined): AccessKey | undefined =>
    id !== undefined && user.accessKeyIds.includes(id) ? account.accessKeys.get(id) : undefined;
  const others = user.accessKeyIds.filter((id) => id !== oldKeyId && id !== newKeyId).map((id) => account.accessKeys.get(id)!); // a user's keys are all there
  return { user, old: own(oldKeyId), next: own(newKeyId), others };
}

function userOf(account: Account, userId: string, names: readonly (string | undefined)[]): User | undefined {
  for (const name of names) {
    const user = name === undefined ? undefined : account.users.get(name);
    if (user?.userId === userId) return user;
  }
  for (const user of account.users.values()) if (user.userId === userId) return user; // renamed, and no key of his left: rare
  return undefined;
}
