import { NoSuchEntity, ValidationError, rootArn, userArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import type { ContextValues } from '../operation.ts';
import type { User } from './user.ts';

/** The user, or AWS's error. */
export function requireUser(account: Account, userName: string): User {
  const user = account.users.get(userName);
  if (user === undefined) throw new NoSuchEntity(`The user with name ${userName} cannot be found.`);
  return user;
}

/** ARN of a user by name, with its path where it exists; of root where no name is given. */
export function arnOfUser(account: Account, userName: string | undefined): string {
  if (userName === undefined) return rootArn(account);
  const user = account.users.get(userName);
  return user === undefined ? userArn(account, '/', userName) : userArn(account, user.path, user.userName);
}

/** The user that an operation with an optional `UserName` is about: the named one, else the caller. */
export function userNameOrCaller(userName: string | undefined, call: Call): string {
  const name = userName ?? call.caller.userName;
  if (name === undefined) throw new ValidationError('Must specify userName when calling with non-User credentials');
  return name;
}

/** `iam:PermissionsBoundary` of a call that changes what a user may do: the boundary that the user has now. */
export const boundaryOfUser = (account: Account, userName: string): ContextValues => ({
  'iam:PermissionsBoundary': account.users.get(userName)?.permissionsBoundary,
});
