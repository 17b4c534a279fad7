import type { ServerCertificate as WireServerCertificate } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsServerCertificateName } from '../shapes.ts';
import { arnOfServerCertificate, requireServerCertificate } from './find-server-certificate.ts';
import { describeServerCertificate } from './server-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServerCertificate.html */
export class GetServerCertificate extends IamCommand<{ ServerCertificate: WireServerCertificate }> {
  @IsServerCertificateName() ServerCertificateName!: string;
}

export const getServerCertificate = operation(GetServerCertificate, {
  resource: ({ ServerCertificateName }, account) => arnOfServerCertificate(account, ServerCertificateName),
  answer({ ServerCertificateName }, account) {
    const certificate = requireServerCertificate(account, ServerCertificateName);
    const { certificateBody, certificateChain, tags } = certificate;
    return {
      ServerCertificate: {
        ServerCertificateMetadata: describeServerCertificate(account, certificate),
        CertificateBody: certificateBody,
        ...(certificateChain === undefined ? {} : { CertificateChain: certificateChain }),
        ...(tags.length === 0 ? {} : { Tags: tags.map((tag) => ({ ...tag })) }),
      },
    };
  },
});
