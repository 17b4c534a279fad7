import type { SigningCertificate as WireSigningCertificate } from '@aws-sdk/client-iam';
import { UnreadableCertificate, readCertificate } from '../../../libs/credentials/index.ts';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { changeHolder } from '../users/credential-holder.ts';

/** An X.509 certificate that a user, or root, signs with. */
export interface SigningCertificate {
  /** `ASCA…`, 28 characters. */
  readonly certificateId: string;
  /** PEM */
  readonly certificateBody: string;
  /** SHA-256 of the certificate, in hex. */
  readonly digest: string;
  readonly status: 'Active' | 'Inactive';
  readonly uploadDate: string;
  /** Since when it has this status. */
  readonly statusDate: string;
}

/** Whose certificate an event is about: without `userName`, root's. */
interface OfCertificate {
  readonly userName?: string | undefined;
  readonly certificateId: string;
}

export type SigningCertificateEvent =
  | Fact<'SigningCertificateUploaded', OfCertificate & { certificateBody: string; digest: string; uploadDate: string }>
  | Fact<'SigningCertificateActivated', OfCertificate>
  | Fact<'SigningCertificateDeactivated', OfCertificate>
  | Fact<'SigningCertificateDeleted', OfCertificate>;

export const signingCertificateReducers: Reducers<SigningCertificateEvent> = {
  SigningCertificateUploaded: (account, { data: { userName, ...certificate } }) =>
    changeCertificates(account, userName, (certificates) => [
      ...certificates,
      { ...certificate, status: 'Active', statusDate: certificate.uploadDate },
    ]),
  SigningCertificateActivated: (account, { data, time }) =>
    changeCertificates(account, data.userName, withStatus(data.certificateId, 'Active', time)),
  SigningCertificateDeactivated: (account, { data, time }) =>
    changeCertificates(account, data.userName, withStatus(data.certificateId, 'Inactive', time)),
  SigningCertificateDeleted: (account, { data }) =>
    changeCertificates(account, data.userName, (certificates) => certificates.filter(({ certificateId }) => certificateId !== data.certificateId)),
};

type Change = (certificates: readonly SigningCertificate[]) => readonly SigningCertificate[];

const changeCertificates = (account: Account, userName: string | undefined, change: Change): Account =>
  changeHolder(account, userName, ({ signingCertificates }) => ({ signingCertificates: change(signingCertificates) }));

const withStatus =
  (id: string, status: SigningCertificate['status'], statusDate: string): Change =>
  (certificates) =>
    certificates.map((certificate) => (certificate.certificateId === id ? { ...certificate, status, statusDate } : certificate));

/** A certificate as the wire shows it (IAM API, `SigningCertificate`); root's under the name of its account. */
export const describeSigningCertificate = (account: Account, owner: string | undefined, certificate: SigningCertificate): WireSigningCertificate => ({
  UserName: owner ?? account.alias ?? account.id,
  CertificateId: certificate.certificateId,
  CertificateBody: certificate.certificateBody,
  Status: certificate.status,
  UploadDate: new Date(certificate.uploadDate),
});

/** When a certificate ends (RFC 3339); `undefined` where it can not be read. Kept with the certificate: its text never changes. */
export function endOfSigningCertificate(certificate: SigningCertificate): string | undefined {
  let known = ends.get(certificate);
  if (known === undefined) {
    known = { endsAt: readEnd(certificate.certificateBody) };
    ends.set(certificate, known);
  }
  return known.endsAt;
}

const ends = new WeakMap<SigningCertificate, { readonly endsAt: string | undefined }>();

function readEnd(body: string): string | undefined {
  try {
    const { notAfter } = readCertificate(body);
    return Number.isNaN(notAfter.getTime()) ? undefined : notAfter.toISOString();
  } catch (error) {
    if (error instanceof UnreadableCertificate) return undefined;
    throw error;
  }
}
