import { NoSuchEntity, serverCertificateArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { ServerCertificate } from './server-certificate.ts';

/** The certificate. @throws NoSuchEntity */
export function requireServerCertificate(account: Account, name: string): ServerCertificate {
  const certificate = account.serverCertificates.get(name);
  if (certificate === undefined) throw new NoSuchEntity(`The Server Certificate with name ${name} cannot be found.`);
  return certificate;
}

/** ARN of a certificate by name, with its path where it exists. */
export function arnOfServerCertificate(account: Account, name: string): string {
  const certificate = account.serverCertificates.get(name);
  return serverCertificateArn(account, certificate?.path ?? '/', certificate?.serverCertificateName ?? name);
}
