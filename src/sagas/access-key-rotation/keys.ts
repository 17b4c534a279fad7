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

/** `undefined`: the user is not there any more. */
export function keysOf(account: Account, state: Rotation): Keys | undefined {
  const user = userOf(account, state);
  if (user === undefined) return undefined;
  const { oldKeyId, newKeyId } = state;
  const own = (id: string | undefined): AccessKey | undefined =>
    id !== undefined && user.accessKeyIds.includes(id) ? account.accessKeys.get(id) : undefined;
  const others = user.accessKeyIds.filter((id) => id !== oldKeyId && id !== newKeyId).map((id) => account.accessKeys.get(id)!); // a user's keys are all there
  return { user, old: own(oldKeyId), next: own(newKeyId), others };
}

/** By the name that he had, else by his keys: names change. */
function userOf(account: Account, { userId, userName, oldKeyId, newKeyId = '' }: Rotation): User | undefined {
  const named = account.users.get(userName);
  if (named?.userId === userId) return named;
  for (const keyId of [oldKeyId, newKeyId]) {
    const holder = account.users.get(account.accessKeys.get(keyId)?.userName ?? '');
    if (holder?.userId === userId) return holder;
  }
  for (const user of account.users.values()) if (user.userId === userId) return user; // renamed, and no key of his left: rare
  return undefined;
}
