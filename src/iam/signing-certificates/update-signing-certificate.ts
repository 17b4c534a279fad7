import { IsOptional } from 'class-validator';
import { InvalidInput } from '../../../libs/aws/index.ts';
import { accessKeyOwner } from '../access-keys/find-access-key.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsCertificateId, IsExistingUserName, IsStatus } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { requireSigningCertificate } from './find-signing-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSigningCertificate.html */
export class UpdateSigningCertificate extends IamCommand {
  @IsExistingUserName() @IsOptional() UserName?: string;
  @IsCertificateId() CertificateId!: string;
  @IsStatus() Status!: 'Active' | 'Inactive' | 'Expired';
}

export const updateSigningCertificate = operation(UpdateSigningCertificate, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  decide({ UserName, CertificateId, Status }, account, call) {
    const owner = accessKeyOwner(account, UserName, call);
    const { certificateId, status } = requireSigningCertificate(account, owner, CertificateId);
    if (Status === 'Expired') throw new InvalidInput('The status of a signing certificate can be set to Active or Inactive only.');
    if (status === Status) return [];
    const data = { ...(owner === undefined ? {} : { userName: owner }), certificateId };
    return [Status === 'Active' ? fact('SigningCertificateActivated', data) : fact('SigningCertificateDeactivated', data)];
  },
});
