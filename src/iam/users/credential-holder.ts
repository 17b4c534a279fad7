import type { Account } from '../account.ts';
import type { SigningCertificate } from '../signing-certificates/signing-certificate.ts';
import { changeUser } from './user.ts';

/** What a user and root alike can have. */
export interface CredentialHolder {
  readonly mfaDevices: readonly string[];
  readonly signingCertificates: readonly SigningCertificate[];
}

/** What a user has, or root (`undefined`). The user exists. */
export function heldBy(account: Account, userName: string | undefined): CredentialHolder {
  return userName === undefined ? account.root : account.users.get(userName)!; // whoever asks has looked for it
}

/** The account in which a user, or root (`undefined`), has something else. */
export function changeHolder(
  account: Account,
  userName: string | undefined,
  change: (holder: CredentialHolder) => Partial<CredentialHolder>,
): Account {
  if (userName === undefined) return { ...account, root: { ...account.root, ...change(account.root) } };
  return changeUser(account, userName, (user) => ({ ...user, ...change(user) }));
}
