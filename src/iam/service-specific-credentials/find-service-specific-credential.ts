import { NoSuchEntity } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import type { ContextValues } from '../operation.ts';
import { requireUser, userNameOrCaller } from '../users/find-user.ts';
import type { User } from '../users/user.ts';
import type { ServiceSpecificCredential } from './service-specific-credential.ts';

/** What an operation on one credential is about. */
export interface OneCredential {
  readonly UserName?: string;
  readonly ServiceSpecificCredentialId: string;
}

/** A credential of the named user, or of the caller. @throws NoSuchEntity also for another user's */
export function requireCredential(
  { UserName, ServiceSpecificCredentialId }: OneCredential,
  account: Account,
  call: Call,
): { readonly user: User; readonly credential: ServiceSpecificCredential } {
  const user = requireUser(account, userNameOrCaller(UserName, call));
  const credential = credentialOf(user, ServiceSpecificCredentialId);
  if (credential === undefined) throw new NoSuchEntity(`No such credential ${ServiceSpecificCredentialId} exists`);
  return { user, credential };
}

const credentialOf = (user: User | undefined, id: string): ServiceSpecificCredential | undefined =>
  user?.serviceSpecificCredentials.find(({ credentialId }) => credentialId === id);

/** `iam:ServiceSpecificCredentialServiceName` of an operation on a credential: the service that it is for. */
export function serviceOfCredential({ UserName, ServiceSpecificCredentialId }: OneCredential, account: Account, { caller }: Call): ContextValues {
  const name = UserName ?? caller.userName;
  const user = name === undefined ? undefined : account.users.get(name);
  return { 'iam:ServiceSpecificCredentialServiceName': credentialOf(user, ServiceSpecificCredentialId)?.serviceName };
}
