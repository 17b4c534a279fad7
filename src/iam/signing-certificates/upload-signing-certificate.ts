import type { SigningCertificate as WireSigningCertificate } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { DuplicateCertificate, InvalidCertificate, LimitExceeded, MalformedCertificate } from '../../../libs/aws/index.ts';
import { UnreadableCertificate, readCertificate, type Certificate } from '../../../libs/credentials/index.ts';
import { accessKeyOwner } from '../access-keys/find-access-key.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsCertificateBody, IsExistingUserName } from '../shapes.ts';
import { heldBy } from '../users/credential-holder.ts';
import { arnOfUser } from '../users/find-user.ts';
import { isUsed } from './find-signing-certificate.ts';
import { describeSigningCertificate } from './signing-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSigningCertificate.html */
export class UploadSigningCertificate extends IamCommand<{ Certificate: WireSigningCertificate }> {
  @IsExistingUserName() @IsOptional() UserName?: string;
  @IsCertificateBody() CertificateBody!: string;
}

export const uploadSigningCertificate = operation(UploadSigningCertificate, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  decide({ UserName, CertificateBody }, account, call) {
    const owner = accessKeyOwner(account, UserName, call);
    const { pem, digest, notBefore, notAfter } = read(CertificateBody);
    if (notBefore > call.now || notAfter <= call.now) throw new InvalidCertificate('The certificate is not valid at this time.');
    if (isUsed(account, digest)) throw new DuplicateCertificate('The certificate is already associated with a user of this account.');
    const { signingCertificatesPerUser: max } = account.quotas;
    if (heldBy(account, owner).signingCertificates.length >= max)
      throw new LimitExceeded(`Cannot exceed quota for SigningCertificatesPerUser: ${max}`);
    return [
      fact('SigningCertificateUploaded', {
        ...(owner === undefined ? {} : { userName: owner }),
        // AWS's certificate ids have 24 characters or more
        certificateId: `${call.newId('ASCA')}${call.newId('ASCA').slice(4, 11)}`,
        certificateBody: pem,
        digest,
        uploadDate: call.time,
      }),
    ];
  },
  respond({ UserName }, account, call) {
    const owner = accessKeyOwner(account, UserName, call);
    return { Certificate: describeSigningCertificate(account, owner, heldBy(account, owner).signingCertificates.at(-1)!) }; // decided: it is the last one
  },
});

function read(body: string): Certificate {
  try {
    return readCertificate(body);
  } catch (error) {
    if (error instanceof UnreadableCertificate) throw new MalformedCertificate(`Unable to parse certificate. ${error.message}`);
    throw error;
  }
}
