import { IsOptional } from 'class-validator';
import { accessKeyOwner } from '../access-keys/find-access-key.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsCertificateId, IsExistingUserName } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { requireSigningCertificate } from './find-signing-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSigningCertificate.html */
export class DeleteSigningCertificate extends IamCommand {
  @IsExistingUserName() @IsOptional() UserName?: string;
  @IsCertificateId() CertificateId!: string;
}

export const deleteSigningCertificate = operation(DeleteSigningCertificate, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  decide({ UserName, CertificateId }, account, call) {
    const owner = accessKeyOwner(account, UserName, call);
    const { certificateId } = requireSigningCertificate(account, owner, CertificateId);
    return [fact('SigningCertificateDeleted', { ...(owner === undefined ? {} : { userName: owner }), certificateId })];
  },
});
