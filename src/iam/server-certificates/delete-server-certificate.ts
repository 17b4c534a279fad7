import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsServerCertificateName } from '../shapes.ts';
import { arnOfServerCertificate, requireServerCertificate } from './find-server-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServerCertificate.html */
export class DeleteServerCertificate extends IamCommand {
  @IsServerCertificateName() ServerCertificateName!: string;
}

export const deleteServerCertificate = operation(DeleteServerCertificate, {
  resource: ({ ServerCertificateName }, account) => arnOfServerCertificate(account, ServerCertificateName),
  decide({ ServerCertificateName }, account) {
    const { serverCertificateName, serverCertificateId, path } = requireServerCertificate(account, ServerCertificateName);
    return [fact('ServerCertificateDeleted', { serverCertificateName, serverCertificateId, path })];
  },
});
