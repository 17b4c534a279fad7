import { describe, expect, it } from '@jest/globals';
import { makeCertificate } from '../../../test/support/certificates.ts';
import { Scenario } from '../../../test/support/scenario.ts';
import { getAccountSummary } from '../account/get-account-summary.ts';
import { deleteServerCertificate } from './delete-server-certificate.ts';
import { getServerCertificate } from './get-server-certificate.ts';
import { listServerCertificateTags } from './list-server-certificate-tags.ts';
import { listServerCertificates } from './list-server-certificates.ts';
import { tagServerCertificate } from './tag-server-certificate.ts';
import { untagServerCertificate } from './untag-server-certificate.ts';
import { updateServerCertificate } from './update-server-certificate.ts';
import { uploadServerCertificate } from './upload-server-certificate.ts';

const root = makeCertificate('root', { authority: true });
const intermediate = makeCertificate('intermediate', { issuer: root, authority: true });
const leaf = makeCertificate('www.example.com', { issuer: intermediate, notAfter: new Date('2030-06-01T12:00:00Z') });
const ServerCertificateName = 'Front';
const upload = { ServerCertificateName, CertificateBody: leaf.pem, PrivateKey: leaf.privateKeyPem };
const tags = [{ Key: 'team', Value: 'blue' }];
const missing = 'NoSuchEntity: The Server Certificate with name none cannot be found.';

describe('a server certificate', () => {
  it('is uploaded with path, chain and tags, and without its private key', async () => {
    const scenario = new Scenario();
    const CertificateChain = `${intermediate.pem}\r\n${root.pem}\r\n`;
    const { events, answer } = await scenario.when(uploadServerCertificate, { ...upload, Path: '/tls/', CertificateChain, Tags: tags });
    expect(events).toEqual([
      {
        type: 'ServerCertificateUploaded',
        data: {
          serverCertificateName: 'Front',
          serverCertificateId: expect.stringMatching(/^ASCA[A-Z2-7]{17}$/),
          path: '/tls/',
          certificateBody: leaf.pem,
          certificateChain: `${intermediate.pem}\n${root.pem}`,
          uploadDate: '2026-01-01T00:00:01Z',
          expiration: '2030-06-01T12:00:00.000Z',
          tags,
        },
      },
    ]);
    const metadata = {
      Path: '/tls/',
      ServerCertificateName: 'Front',
      ServerCertificateId: (events[0]!.data as { serverCertificateId: string }).serverCertificateId,
      Arn: 'arn:aws:iam::123456789012:server-certificate/tls/Front',
      UploadDate: new Date('2026-01-01T00:00:01Z'),
      Expiration: new Date('2030-06-01T12:00:00Z'),
    };
    expect(answer).toEqual({ ServerCertificateMetadata: metadata, Tags: tags });
    expect((await scenario.when(getServerCertificate, { ServerCertificateName: 'FRONT' })).answer.ServerCertificate).toEqual({
      ServerCertificateMetadata: metadata,
      CertificateBody: leaf.pem,
      CertificateChain: `${intermediate.pem}\n${root.pem}`,
      Tags: tags,
    });
    expect((await scenario.when(getAccountSummary)).answer.SummaryMap).toMatchObject({ ServerCertificates: 1, ServerCertificatesQuota: 20 });
  });

  it('is refused where it or its key can not be read, the key is another’s, or its time is over', async () => {
    const scenario = new Scenario();
    const refusal = (changes: object) => scenario.refusal(uploadServerCertificate, { ...upload, ...changes });
    expect(await refusal({ CertificateBody: 'hello' })).toContain('MalformedCertificate: Unable to parse certificate.');
    expect(await refusal({ CertificateBody: `${leaf.pem}\n${intermediate.pem}` })).toContain('MalformedCertificate');
    expect(await refusal({ PrivateKey: 'hello' })).toBe(
      'MalformedCertificate: Unable to parse certificate. The private key is not an unencrypted one in PEM.',
    );
    expect(await refusal({ PrivateKey: root.privateKeyPem })).toContain('KeyPairMismatch');
    const old = makeCertificate('old', { notAfter: new Date('2025-12-31T00:00:00Z') });
    const future = makeCertificate('future', { notBefore: new Date('2026-02-01T00:00:00Z') });
    for (const { pem, privateKeyPem } of [old, future])
      expect(await refusal({ CertificateBody: pem, PrivateKey: privateKeyPem })).toBe(
        'MalformedCertificate: The certificate is not valid at this time.',
      );
  });

  it('is refused with a chain that does not lead from it', async () => {
    const scenario = new Scenario();
    const refusal = (CertificateChain: string) => scenario.refusal(uploadServerCertificate, { ...upload, CertificateChain });
    expect(await refusal(root.pem)).toContain('The index within the chain of the invalid certificate is: 0');
    expect(await refusal(`${intermediate.pem}\n${leaf.pem}`)).toContain('The index within the chain of the invalid certificate is: 1');
    expect(await refusal('hello')).toContain('MalformedCertificate');
    expect(await refusal(`${intermediate.pem}\n${leaf.privateKeyPem}`)).toContain('MalformedCertificate');
  });

  it('is refused under a name that exists, and beyond the quota', async () => {
    const scenario = await new Scenario().after(uploadServerCertificate, upload);
    expect(await scenario.refusal(uploadServerCertificate, { ...upload, ServerCertificateName: 'front' })).toContain('EntityAlreadyExists');
    scenario.given({ type: 'QuotaChanged', data: { quota: 'serverCertificates', value: 1, previousValue: 20 } });
    expect(await scenario.refusal(uploadServerCertificate, { ...upload, ServerCertificateName: 'other' })).toBe(
      'LimitExceeded: Cannot exceed quota for ServerCertificatesPerAccount: 1',
    );
  });

  it('is renamed and moved, by who may do so to both names', async () => {
    const scenario = await new Scenario().after(uploadServerCertificate, upload);
    await scenario.after(uploadServerCertificate, { ...upload, ServerCertificateName: 'Other' });
    const change = { ServerCertificateName, NewPath: '/new/', NewServerCertificateName: 'Back' };
    const command = Object.assign(new updateServerCertificate.command(), change);
    expect(updateServerCertificate.declaration.alsoRequires!(command, scenario.account, scenario.call())).toEqual([
      { action: 'iam:UpdateServerCertificate', resource: 'arn:aws:iam::123456789012:server-certificate/new/Back' },
    ]);
    expect((await scenario.when(updateServerCertificate, { ServerCertificateName, NewPath: '/' })).events).toEqual([]);
    expect(await scenario.refusal(updateServerCertificate, { ServerCertificateName, NewServerCertificateName: 'other' })).toContain(
      'EntityAlreadyExists',
    );
    expect((await scenario.when(updateServerCertificate, change)).events).toEqual([
      { type: 'ServerCertificateUpdated', data: { serverCertificateName: 'Front', path: '/', newServerCertificateName: 'Back', newPath: '/new/' } },
    ]);
    const listed = (await scenario.when(listServerCertificates, { PathPrefix: '/new/' })).answer;
    expect(listed).toMatchObject({ IsTruncated: false, ServerCertificateMetadataList: [{ ServerCertificateName: 'Back', Path: '/new/' }] });
    expect((await scenario.when(listServerCertificates, { MaxItems: 1 })).answer).toMatchObject({ IsTruncated: true });
  });

  it('is deleted', async () => {
    const scenario = await new Scenario().after(uploadServerCertificate, upload);
    expect((await scenario.when(deleteServerCertificate, { ServerCertificateName: 'front' })).events).toMatchObject([
      { type: 'ServerCertificateDeleted', data: { serverCertificateName: 'Front', path: '/' } },
    ]);
    for (const operation of [deleteServerCertificate, getServerCertificate, listServerCertificateTags, updateServerCertificate])
      expect(await scenario.refusal(operation as typeof deleteServerCertificate, { ServerCertificateName: 'none' })).toBe(missing);
  });

  it('takes tags', async () => {
    const scenario = await new Scenario().after(uploadServerCertificate, upload);
    expect((await scenario.when(tagServerCertificate, { ServerCertificateName, Tags: tags })).events).toEqual([
      { type: 'ServerCertificateTagged', data: { serverCertificateName: 'Front', tags, previousTags: [] } },
    ]);
    expect((await scenario.when(listServerCertificateTags, { ServerCertificateName })).answer).toEqual({ IsTruncated: false, Tags: tags });
    expect((await scenario.when(untagServerCertificate, { ServerCertificateName, TagKeys: ['TEAM'] })).events).toEqual([
      { type: 'ServerCertificateUntagged', data: { serverCertificateName: 'Front', tagKeys: ['team'], removedTags: tags } },
    ]);
    expect(await scenario.refusal(tagServerCertificate, { ServerCertificateName: 'none', Tags: tags })).toBe(missing);
  });
});
