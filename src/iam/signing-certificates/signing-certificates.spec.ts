import { describe, expect, it } from '@jest/globals';
import { makeCertificate } from '../../../test/support/certificates.ts';
import { Scenario } from '../../../test/support/scenario.ts';
import { getAccountSummary } from '../account/get-account-summary.ts';
import { createUser } from '../users/create-user.ts';
import { deleteUser } from '../users/delete-user.ts';
import { deleteSigningCertificate } from './delete-signing-certificate.ts';
import { listSigningCertificates } from './list-signing-certificates.ts';
import { updateSigningCertificate } from './update-signing-certificate.ts';
import { uploadSigningCertificate } from './upload-signing-certificate.ts';

const UserName = 'Bob';
const { pem } = makeCertificate('bob');

const withCertificate = async () => {
  const scenario = await new Scenario().after(createUser, { UserName });
  const { answer } = await scenario.when(uploadSigningCertificate, { UserName, CertificateBody: pem });
  return { scenario, id: answer.Certificate!.CertificateId! };
};

describe('a signing certificate', () => {
  it('is uploaded and listed as it was, whatever stood around it', async () => {
    const scenario = await new Scenario().after(createUser, { UserName });
    const { events, answer } = await scenario.when(uploadSigningCertificate, { UserName: 'bob', CertificateBody: `Bag Attributes\n${pem}\n` });
    expect(events).toEqual([
      {
        type: 'SigningCertificateUploaded',
        data: {
          userName: 'Bob',
          certificateId: expect.stringMatching(/^ASCA[A-Z2-7]{24}$/),
          certificateBody: pem,
          digest: expect.stringMatching(/^[0-9a-f]{64}$/),
          uploadDate: '2026-01-01T00:00:02Z',
        },
      },
    ]);
    expect(answer.Certificate).toEqual({
      UserName,
      CertificateId: (events[0]!.data as { certificateId: string }).certificateId,
      CertificateBody: pem,
      Status: 'Active',
      UploadDate: new Date('2026-01-01T00:00:02Z'),
    });
    expect((await scenario.when(listSigningCertificates, { UserName })).answer).toEqual({ IsTruncated: false, Certificates: [answer.Certificate] });
  });

  it('is refused where it can not be read, is out of its time, is there already, or is one too many', async () => {
    const { scenario } = await withCertificate();
    await scenario.after(createUser, { UserName: 'Eve' });
    const refusal = (CertificateBody: string, user = UserName) => scenario.refusal(uploadSigningCertificate, { UserName: user, CertificateBody });
    expect(await refusal('hello')).toContain('MalformedCertificate: Unable to parse certificate.');
    expect(await refusal(makeCertificate('a', { notAfter: new Date('2026-01-01T00:00:00Z') }).pem)).toContain('InvalidCertificate');
    expect(await refusal(makeCertificate('a', { notBefore: new Date('2027-01-01T00:00:00Z') }).pem)).toContain('InvalidCertificate');
    expect(await refusal(pem)).toContain('DuplicateCertificate');
    expect(await refusal(pem, 'Eve')).toContain('DuplicateCertificate');
    scenario.given({ type: 'QuotaChanged', data: { quota: 'signingCertificatesPerUser', value: 1, previousValue: 2 } });
    expect(await refusal(makeCertificate('second').pem)).toBe('LimitExceeded: Cannot exceed quota for SigningCertificatesPerUser: 1');
  });

  it('is switched off and on, and deleted', async () => {
    const { scenario, id: CertificateId } = await withCertificate();
    const certificate = { UserName, CertificateId };
    const data = { userName: 'Bob', certificateId: CertificateId };
    expect((await scenario.when(updateSigningCertificate, { ...certificate, Status: 'Active' })).events).toEqual([]);
    expect((await scenario.when(updateSigningCertificate, { ...certificate, Status: 'Inactive' })).events).toEqual([
      { type: 'SigningCertificateDeactivated', data },
    ]);
    expect((await scenario.when(listSigningCertificates, { UserName })).answer.Certificates).toMatchObject([{ Status: 'Inactive' }]);
    expect((await scenario.when(updateSigningCertificate, { ...certificate, Status: 'Active' })).events).toEqual([
      { type: 'SigningCertificateActivated', data },
    ]);
    expect(await scenario.refusal(updateSigningCertificate, { ...certificate, Status: 'Expired' })).toContain('InvalidInput');
    expect(await scenario.refusal(deleteUser, { UserName })).toContain('must delete signing certificates first');
    expect((await scenario.when(deleteSigningCertificate, certificate)).events).toEqual([{ type: 'SigningCertificateDeleted', data }]);
    expect(await scenario.refusal(deleteSigningCertificate, certificate)).toBe(
      `NoSuchEntity: The Certificate with id ${CertificateId} cannot be found.`,
    );
    await scenario.after(uploadSigningCertificate, { UserName, CertificateBody: pem });
  });

  it('can be root’s', async () => {
    const { scenario } = await withCertificate();
    scenario.caller = {
      type: 'Root',
      accountId: '123456789012',
      partition: 'aws',
      arn: 'arn:aws:iam::123456789012:root',
      principalId: '123456789012',
    };
    expect(await scenario.refusal(uploadSigningCertificate, { CertificateBody: pem })).toContain('DuplicateCertificate');
    const { events } = await scenario.when(uploadSigningCertificate, { CertificateBody: makeCertificate('root').pem });
    expect(events[0]!.data).not.toHaveProperty('userName');
    const { Certificates } = (await scenario.when(listSigningCertificates)).answer;
    expect(Certificates).toMatchObject([{ UserName: '123456789012' }]);
    expect((await scenario.when(getAccountSummary)).answer.SummaryMap.AccountSigningCertificatesPresent).toBe(1);
    await scenario.after(deleteSigningCertificate, { CertificateId: Certificates[0]!.CertificateId! });
    expect((await scenario.when(getAccountSummary)).answer.SummaryMap.AccountSigningCertificatesPresent).toBe(0);
  });
});
