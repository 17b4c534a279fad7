import { describe, expect, it } from '@jest/globals';
import { selfSigned } from '../../test/support/saml/certificate.ts';
import { entityId, metadataXml, signer } from '../../test/support/saml/saml-messages.ts';
import { readMetadata } from './metadata.ts';

const now = new Date('2026-01-01T00:00:00Z');

describe('the metadata of an identity provider', () => {
  it('gives its name, its signing certificates and when the last of them ends', async () => {
    const next = selfSigned({ notAfter: new Date('2030-06-01T00:00:00Z') });
    const found = await readMetadata(metadataXml({ certificates: [next.certificate, signer.certificate] }), now);
    expect(found).toEqual({
      entityId,
      certificates: [
        { certificate: next.certificate, notAfter: new Date('2030-06-01T00:00:00Z') },
        { certificate: signer.certificate, notAfter: new Date('2040-01-01T00:00:00Z') },
      ],
      validUntil: new Date('2040-01-01T00:00:00Z'),
    });
  });

  it('ends earlier where it says so itself', async () => {
    expect((await readMetadata(metadataXml({ attributes: ' validUntil="2027-01-01T00:00:00Z"' }), now)).validUntil).toEqual(
      new Date('2027-01-01T00:00:00Z'),
    );
  });

  it('may stand in a list of one, have comments, and a key without a use', async () => {
    const list = `<!-- ours --><md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${metadataXml()}</md:EntitiesDescriptor>`;
    expect((await readMetadata(list, now)).entityId).toBe(entityId);
    expect((await readMetadata(metadataXml().replace(' use="signing"', ''), now)).certificates).toHaveLength(1);
  });

  it.each([
    ['text', 'hello'],
    ['another document', '<html/>'],
    ['a document type declaration', `<!DOCTYPE a [<!ENTITY x "y">]>${metadataXml()}`],
    [
      'two entities',
      `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${metadataXml()}${metadataXml()}</md:EntitiesDescriptor>`,
    ],
    ['no name', metadataXml({ entity: '' })],
    ['a service provider', metadataXml().replaceAll('IDPSSODescriptor', 'SPSSODescriptor')],
    ['another protocol', metadataXml().replace('urn:oasis:names:tc:SAML:2.0:protocol"', 'urn:oasis:names:tc:SAML:1.1:protocol"')],
    ['no certificate', metadataXml({ certificates: [] })],
    ['a certificate that is none', metadataXml({ certificates: ['AAAA'] })],
    ['a key for encryption alone', metadataXml().replace('use="signing"', 'use="encryption"')],
    ['an expired certificate', metadataXml({ certificates: [selfSigned({ notAfter: new Date('2025-12-31T00:00:00Z') }).certificate] })],
    ['an end that is past', metadataXml({ attributes: ' validUntil="2025-12-31T00:00:00Z"' })],
  ])('is refused: %s', async (_what, document) => {
    await expect(readMetadata(document, now)).rejects.toMatchObject({ name: 'SamlInvalid' });
  });
});
