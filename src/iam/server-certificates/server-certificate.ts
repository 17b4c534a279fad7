import type { ServerCertificateMetadata } from '@aws-sdk/client-iam';
import { serverCertificateArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { withTags, withoutTags, type Tags } from '../tags.ts';

/**
 * A certificate that services show to their clients.
 *
 * Its private key is compared with it when it is uploaded and then forgotten: not in the log, not sealed, nowhere. AWS never gives a private key
 * back through IAM either; it keeps it for load balancers and content delivery, which read it by a way of their own, and there is none of those
 * here. What nobody can ever ask for is better not kept.
 */
export interface ServerCertificate {
  readonly serverCertificateName: string;
  /** `ASCA…` */
  readonly serverCertificateId: string;
  readonly path: string;
  /** PEM; the chain in the order of issuance, the issuer of the certificate first. */
  readonly certificateBody: string;
  readonly certificateChain: string | undefined;
  readonly uploadDate: string;
  readonly expiration: string;
  readonly tags: Tags;
}

export type ServerCertificateEvent =
  | Fact<
      'ServerCertificateUploaded',
      {
        serverCertificateName: string;
        serverCertificateId: string;
        path: string;
        certificateBody: string;
        certificateChain?: string | undefined;
        uploadDate: string;
        expiration: string;
        tags: Tags;
      }
    >
  | Fact<'ServerCertificateUpdated', { serverCertificateName: string; path: string; newServerCertificateName: string; newPath: string }>
  | Fact<'ServerCertificateDeleted', { serverCertificateName: string; serverCertificateId: string; path: string }>
  | Fact<'ServerCertificateTagged', { serverCertificateName: string; tags: Tags; previousTags: Tags }>
  | Fact<'ServerCertificateUntagged', { serverCertificateName: string; tagKeys: readonly string[]; removedTags: Tags }>;

export const serverCertificateReducers: Reducers<ServerCertificateEvent> = {
  ServerCertificateUploaded: (account, { data }) => ({
    ...account,
    serverCertificates: account.serverCertificates.set(data.serverCertificateName, { ...data, certificateChain: data.certificateChain }),
  }),
  ServerCertificateUpdated: (account, { data }) => {
    const certificate = account.serverCertificates.get(data.serverCertificateName)!; // decided: it exists
    const renamed = { ...certificate, serverCertificateName: data.newServerCertificateName, path: data.newPath };
    return {
      ...account,
      serverCertificates: account.serverCertificates.delete(data.serverCertificateName).set(data.newServerCertificateName, renamed),
    };
  },
  ServerCertificateDeleted: (account, { data }) => ({
    ...account,
    serverCertificates: account.serverCertificates.delete(data.serverCertificateName),
  }),
  ServerCertificateTagged: (account, { data }) =>
    changeCertificate(account, data.serverCertificateName, (certificate) => ({ ...certificate, tags: withTags(certificate.tags, data.tags) })),
  ServerCertificateUntagged: (account, { data }) =>
    changeCertificate(account, data.serverCertificateName, (certificate) => ({ ...certificate, tags: withoutTags(certificate.tags, data.tagKeys) })),
};

function changeCertificate(account: Account, name: string, change: (certificate: ServerCertificate) => ServerCertificate): Account {
  const certificate = account.serverCertificates.get(name);
  if (certificate === undefined) throw new Error(`server certificate ${name} is not in account ${account.id}`);
  return { ...account, serverCertificates: account.serverCertificates.set(name, change(certificate)) };
}

/** A certificate as lists show it (IAM API, `ServerCertificateMetadata`). */
export const describeServerCertificate = (account: Account, certificate: ServerCertificate): ServerCertificateMetadata => ({
  Path: certificate.path,
  ServerCertificateName: certificate.serverCertificateName,
  ServerCertificateId: certificate.serverCertificateId,
  Arn: serverCertificateArn(account, certificate.path, certificate.serverCertificateName),
  UploadDate: new Date(certificate.uploadDate),
  Expiration: new Date(certificate.expiration),
});
