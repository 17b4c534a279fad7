import { NoSuchEntity } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { heldBy } from '../users/credential-holder.ts';
import type { SigningCertificate } from './signing-certificate.ts';

/** A certificate of `owner` (`undefined`: root). @throws NoSuchEntity also for another's */
export function requireSigningCertificate(account: Account, owner: string | undefined, id: string): SigningCertificate {
  const found = heldBy(account, owner).signingCertificates.find(({ certificateId }) => certificateId === id);
  if (found === undefined) throw new NoSuchEntity(`The Certificate with id ${id} cannot be found.`);
  return found;
}

/** Whether anybody in the account has a certificate with this digest. */
export function isUsed(account: Account, digest: string): boolean {
  const has = (certificates: readonly SigningCertificate[]): boolean => certificates.some((certificate) => certificate.digest === digest);
  if (has(account.root.signingCertificates)) return true;
  for (const user of account.users.values()) if (user.signingCertificates.length > 0 && has(user.signingCertificates)) return true;
  return false;
}
