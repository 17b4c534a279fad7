import { NoSuchEntity, ValidationError } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { requireUser } from '../users/find-user.ts';
import type { AccessKey } from './access-key.ts';

/** Whose access keys an operation is about: the named user's, else the caller's own. `undefined`: root's. */
export function accessKeyOwner(account: Account, userName: string | undefined, call: Call): string | undefined {
  const name = userName ?? call.caller.userName;
  if (name !== undefined) return requireUser(account, name).userName;
  if (call.caller.type === 'Root') return undefined;
  throw new ValidationError('Must specify userName when calling with non-User credentials');
}

/** Ids of an owner's access keys, in the order they were made. */
export function accessKeyIdsOf(account: Account, owner: string | undefined): readonly string[] {
  return owner === undefined ? account.root.accessKeyIds : requireUser(account, owner).accessKeyIds;
}

/** An access key of `owner`; another's is not found, as with AWS. */
export function requireAccessKey(account: Account, owner: string | undefined, accessKeyId: string): AccessKey {
  const key = findAccessKey(account, accessKeyId);
  if (key === undefined || key.userName?.toLowerCase() !== owner?.toLowerCase()) throw noSuchAccessKey(accessKeyId);
  return key;
}

/** An access key by its id. Ids are told apart by case, unlike names. */
export function findAccessKey(account: Account, accessKeyId: string): AccessKey | undefined {
  const key = account.accessKeys.get(accessKeyId);
  return key?.accessKeyId === accessKeyId ? key : undefined;
}

export const noSuchAccessKey = (accessKeyId: string): NoSuchEntity => new NoSuchEntity(`The Access Key with id ${accessKeyId} cannot be found.`);
