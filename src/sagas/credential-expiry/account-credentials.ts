import { rootArn, serverCertificateArn } from '../../../libs/aws/index.ts';
import type { Account } from '../../iam/account.ts';
import { arnOfSamlProvider } from '../../iam/saml-providers/find-saml-provider.ts';
import type { SamlProvider } from '../../iam/saml-providers/saml-provider.ts';
import type { ExpiringCredential } from './credentials.ts';
import { contactOf, signingCertificatesOf } from './user-credentials.ts';

/**
 * What the account has that comes to an end: root's signing certificates, server certificates, and SAML providers.
 *
 * A server certificate is never taken for replaced by another: as long as it is there, somebody may serve it.
 */
export function* accountCredentials(account: Account): Iterable<ExpiringCredential> {
  const root = rootArn(account);
  yield* signingCertificatesOf(account.root.signingCertificates, root, (id) => ({
    user: undefined,
    contact: account.email,
    subject: { ids: [id, root], tags: [], paths: [], groups: [] },
  }));
  for (const certificate of account.serverCertificates.values()) {
    const { serverCertificateId: id, serverCertificateName: name, path, uploadDate: madeAt, expiration: endsAt, tags } = certificate;
    const arn = serverCertificateArn(account, path, name);
    const subject = { ids: [id, arn], tags, paths: [path], groups: [] };
    const owner = { user: undefined, contact: contactOf(certificate) ?? account.email, subject };
    const evidence = [`uploaded ${madeAt}`, `valid until ${endsAt}`];
    yield { type: 'server-certificate', id, madeAt, endsAt, expiresAt: new Date(endsAt), evidence, owner, arn };
  }
  for (const provider of account.samlProviders.values()) yield samlProvider(account, provider);
}

/** A SAML provider lets nobody in any more when the last of its certificates, or its metadata, ends. One that ends before another is no loss. */
function samlProvider(account: Account, provider: SamlProvider): ExpiringCredential {
  const { samlProviderId: id, createDate: madeAt, metadata, tags } = provider;
  const { certificates, validUntil: endsAt } = metadata;
  const arn = arnOfSamlProvider(account, provider);
  const owner = { user: undefined, contact: contactOf(provider) ?? account.email, subject: { ids: [id, arn], tags, paths: [], groups: [] } };
  const evidence = [
    `of ${metadata.entityId}`,
    ...certificates.map(({ notAfter }) => `certificate valid until ${notAfter}`),
    `metadata valid until ${endsAt}`,
  ];
  return { type: 'saml-provider', id, madeAt, endsAt, expiresAt: new Date(endsAt), evidence, owner, arn };
}
