import { X509Certificate } from 'node:crypto';
import type { XmlElement } from './dom.ts';
import { SamlInvalid } from './saml-error.ts';
import { allElements, attributeOf, childrenOf, isElement, namespaces, readDocument, textOf, timeOf } from './xml.ts';

/** What counts of an identity provider's metadata (SAML 2.0 metadata, 2.3, 2.4.3). */
export interface IdentityProviderMetadata {
  readonly entityId: string;
  /** Signing certificates, base64 of DER. */
  readonly certificates: readonly { readonly certificate: string; readonly notAfter: Date }[];
  /** When the last certificate ends, or the document itself where it says so. */
  readonly validUntil: Date;
}

/** Signing certificates of one provider. */
const certificatesMax = 10;
const entityIdCharactersMax = 1024;

/**
 * Reads the metadata of one identity provider. Signatures of metadata are not checked: it comes from who may configure the provider.
 *
 * @throws SamlInvalid no such document, or without a signing certificate that is still valid
 */
export async function readMetadata(document: string, now: Date): Promise<IdentityProviderMetadata> {
  const { documentElement: root } = await readDocument(document);
  const entities = isElement(root, 'metadata', 'EntityDescriptor') ? [root] : childrenOf(root, 'metadata', 'EntityDescriptor');
  const [entity, ...more] = entities;
  if (entity === undefined || more.length > 0 || !(entity === root || isElement(root, 'metadata', 'EntitiesDescriptor')))
    throw new SamlInvalid('the document must describe exactly one entity');
  const entityId = attributeOf(entity, 'entityID') ?? '';
  if (entityId === '' || entityId.length > entityIdCharactersMax) throw new SamlInvalid('the entity has no entityID');
  const [descriptor, ...others] = childrenOf(entity, 'metadata', 'IDPSSODescriptor');
  if (
    descriptor === undefined ||
    others.length > 0 ||
    attributeOf(descriptor, 'protocolSupportEnumeration')?.split(/\s+/).includes(namespaces.protocol) !== true
  )
    throw new SamlInvalid('the entity is not a SAML 2.0 identity provider');
  const certificates = signingCertificates(descriptor);
  const validUntil = lastMoment(
    certificates.map(({ notAfter }) => notAfter),
    [timeOf(root, 'validUntil'), timeOf(entity, 'validUntil')],
  );
  if (validUntil <= now) throw new SamlInvalid('the document, or every signing certificate in it, is expired');
  return { entityId, certificates, validUntil };
}

function signingCertificates(descriptor: XmlElement): IdentityProviderMetadata['certificates'] {
  const found = new Map<string, Date>();
  for (const key of childrenOf(descriptor, 'metadata', 'KeyDescriptor')) {
    if ((attributeOf(key, 'use') ?? 'signing') !== 'signing') continue;
    for (const element of allElements(key)) {
      if (isElement(element, 'signature', 'X509Certificate')) {
        const { raw, validToDate } = certificateIn(textOf(element));
        found.set(raw.toString('base64'), validToDate);
      }
    }
  }
  if (found.size === 0 || found.size > certificatesMax) throw new SamlInvalid(`the entity must have 1 to ${certificatesMax} signing certificates`);
  return [...found].map(([certificate, notAfter]) => ({ certificate, notAfter }));
}

function certificateIn(text: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(text.replaceAll(/\s/g, ''), 'base64'));
  } catch {
    throw new SamlInvalid('a signing certificate can not be read');
  }
}

function lastMoment(certificates: readonly Date[], documents: readonly (number | undefined)[]): Date {
  const last = Math.max(...certificates.map((date) => date.getTime()));
  return new Date(Math.min(last, ...documents.flatMap((seconds) => (seconds === undefined ? [] : [seconds * 1000]))));
}
