import { describe, expect, it } from '@jest/globals';
import { selfSigned } from '../../../test/support/saml/certificate.ts';
import { entityId, metadataXml, signer } from '../../../test/support/saml/saml-messages.ts';
import { Scenario } from '../../../test/support/scenario.ts';
import { createSAMLProvider } from './create-saml-provider.ts';
import { deleteSAMLProvider } from './delete-saml-provider.ts';
import { getSAMLProvider } from './get-saml-provider.ts';
import { listSAMLProviderTags } from './list-saml-provider-tags.ts';
import { listSAMLProviders } from './list-saml-providers.ts';
import { tagSAMLProvider } from './tag-saml-provider.ts';
import { untagSAMLProvider } from './untag-saml-provider.ts';
import { updateSAMLProvider } from './update-saml-provider.ts';

const SAMLProviderArn = 'arn:aws:iam::123456789012:saml-provider/Corp';
const SAMLMetadataDocument = metadataXml();
const metadata = {
  entityId,
  certificates: [{ certificate: signer.certificate, notAfter: '2040-01-01T00:00:00.000Z' }],
  validUntil: '2040-01-01T00:00:00.000Z',
};
const withProvider = () => new Scenario().after(createSAMLProvider, { Name: 'Corp', SAMLMetadataDocument });

describe('a SAML provider', () => {
  it('is created from its metadata and keeps the ends of its certificates', async () => {
    const scenario = new Scenario();
    const Tags = [{ Key: 'team', Value: 'blue' }];
    const { events, answer } = await scenario.when(createSAMLProvider, { Name: 'Corp', SAMLMetadataDocument, Tags });
    expect(answer).toEqual({ SAMLProviderArn, Tags });
    expect(events).toEqual([
      {
        type: 'SAMLProviderCreated',
        data: {
          name: 'Corp',
          samlProviderId: expect.stringMatching(/^SAMLSPASCA[A-Z2-7]{17}$/),
          createDate: '2026-01-01T00:00:01Z',
          samlMetadataDocument: SAMLMetadataDocument,
          metadata,
          tags: Tags,
        },
      },
    ]);
    const found = (await scenario.when(getSAMLProvider, { SAMLProviderArn })).answer;
    expect(found).toMatchObject({ SAMLMetadataDocument, ValidUntil: new Date('2040-01-01T00:00:00Z'), AssertionEncryptionMode: 'Allowed', Tags });
    expect(found.SAMLProviderUUID).toMatch(/^[A-Z0-9]{22,64}$/);
    expect((await scenario.when(listSAMLProviders)).answer.SAMLProviderList).toEqual([
      { Arn: SAMLProviderArn, ValidUntil: new Date('2040-01-01T00:00:00Z'), CreateDate: new Date('2026-01-01T00:00:01Z') },
    ]);
  });

  it('is refused twice, beyond the quota, with metadata that can not be used, and with what it can not do', async () => {
    const scenario = await withProvider();
    expect(await scenario.refusal(createSAMLProvider, { Name: 'CORP', SAMLMetadataDocument })).toBe(
      'EntityAlreadyExists: Provider CORP already exists.',
    );
    const other = { Name: 'Other', SAMLMetadataDocument };
    const foreign = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${SAMLMetadataDocument}`;
    expect(await scenario.refusal(createSAMLProvider, { ...other, SAMLMetadataDocument: foreign })).toBe(
      'InvalidInput: Could not parse metadata: the document has a document type declaration.',
    );
    expect(await scenario.refusal(createSAMLProvider, { ...other, SAMLMetadataDocument: '<a/>' })).toContain('ValidationError');
    expect(await scenario.refusal(createSAMLProvider, { ...other, AssertionEncryptionMode: 'Required' })).toContain('InvalidInput');
    expect(await scenario.refusal(createSAMLProvider, { ...other, AddPrivateKey: 'key' })).toContain('InvalidInput');
    expect(await scenario.refusal(createSAMLProvider, { ...other, Tags: [{ Key: 'aws:x', Value: '' }] })).toContain('InvalidInput');
    expect(await scenario.refusal(createSAMLProvider, { ...other, Name: 'a b' })).toContain('ValidationError');
    scenario.given({ type: 'QuotaChanged', data: { quota: 'samlProviders', value: 1, previousValue: 100 } });
    expect(await scenario.refusal(createSAMLProvider, other)).toContain('LimitExceeded');
  });

  it('gets other metadata, and keeps its name and id', async () => {
    const scenario = await withProvider();
    const { samlProviderId } = scenario.account.samlProviders.get('Corp')!;
    const next = metadataXml({ certificates: [signer.certificate, selfSigned().certificate] });
    const { events, answer } = await scenario.when(updateSAMLProvider, { SAMLProviderArn, SAMLMetadataDocument: next });
    expect(answer).toEqual({ SAMLProviderArn });
    expect(events).toMatchObject([{ type: 'SAMLProviderUpdated', data: { name: 'Corp', samlMetadataDocument: next, previousMetadata: metadata } }]);
    expect(scenario.account.samlProviders.get('Corp')).toMatchObject({ samlProviderId, metadataDocument: next });
    expect((await scenario.when(updateSAMLProvider, { SAMLProviderArn, SAMLMetadataDocument: next })).events).toEqual([]);
    expect((await scenario.when(updateSAMLProvider, { SAMLProviderArn })).events).toEqual([]);
    expect(await scenario.refusal(updateSAMLProvider, { SAMLProviderArn, SAMLMetadataDocument: 'x'.repeat(1000) })).toContain('InvalidInput');
    expect(await scenario.refusal(updateSAMLProvider, { SAMLProviderArn, RemovePrivateKey: 'A'.repeat(22) })).toContain('InvalidInput');
  });

  it('is deleted once, and found by exactly its ARN', async () => {
    const scenario = await withProvider();
    expect(await scenario.refusal(getSAMLProvider, { SAMLProviderArn: SAMLProviderArn.replace('Corp', 'corp') })).toContain('NoSuchEntity');
    expect(await scenario.refusal(getSAMLProvider, { SAMLProviderArn: 'arn:aws:iam::123456789012:user/Corp' })).toContain('InvalidInput');
    await scenario.after(deleteSAMLProvider, { SAMLProviderArn });
    expect(await scenario.refusal(deleteSAMLProvider, { SAMLProviderArn })).toBe(`NoSuchEntity: Manifest not found for arn ${SAMLProviderArn}`);
  });

  it('has tags, which are set, listed in pages and removed', async () => {
    const scenario = await withProvider();
    const Tags = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '2' },
    ];
    await scenario.after(tagSAMLProvider, { SAMLProviderArn, Tags });
    expect((await scenario.when(listSAMLProviderTags, { SAMLProviderArn, MaxItems: 1 })).answer).toMatchObject({
      Tags: [Tags[0]],
      IsTruncated: true,
    });
    await scenario.after(untagSAMLProvider, { SAMLProviderArn, TagKeys: ['a'] });
    expect(scenario.account.samlProviders.get('Corp')!.tags).toEqual([Tags[1]]);
    expect((await scenario.when(untagSAMLProvider, { SAMLProviderArn, TagKeys: ['a'] })).events).toEqual([]);
  });
});
