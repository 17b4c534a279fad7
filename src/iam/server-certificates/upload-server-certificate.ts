import type { ServerCertificateMetadata, Tag as WireTag } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, KeyPairMismatch, LimitExceeded, MalformedCertificate, serverCertificateArn } from '../../../libs/aws/index.ts';
import { UnreadableCertificate, brokenLink, chainPem, isKeyOf, readCertificate, type Certificate } from '../../../libs/credentials/index.ts';
import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsCertificateBody, IsCertificateChain, IsPath, IsPrivateKey, IsServerCertificateName, IsTags } from '../shapes.ts';
import { checkTags, type Tag } from '../tags.ts';
import { requireServerCertificate } from './find-server-certificate.ts';
import { describeServerCertificate } from './server-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadServerCertificate.html */
export class UploadServerCertificate extends IamCommand<{ ServerCertificateMetadata: ServerCertificateMetadata; Tags?: WireTag[] }> {
  @IsPath() Path: string = '/';
  @IsServerCertificateName() ServerCertificateName!: string;
  @IsCertificateBody() CertificateBody!: string;
  @IsPrivateKey() PrivateKey!: string;
  @IsCertificateChain() @IsOptional() CertificateChain?: string;
  @IsTags() Tags: Tag[] = [];
}

export const uploadServerCertificate = operation(UploadServerCertificate, {
  resource: ({ Path, ServerCertificateName }, account) => serverCertificateArn(account, Path, ServerCertificateName),
  context: ({ Tags }) => requestTags(Tags),
  alsoRequires: ({ Path, ServerCertificateName, Tags }, account) =>
    Tags.length === 0
      ? []
      : [
          {
            action: 'iam:TagServerCertificate',
            resource: serverCertificateArn(account, Path, ServerCertificateName),
            context: requestTags(Tags),
          },
        ],
  decide(command, account, call) {
    const { ServerCertificateName, Path, CertificateChain, Tags } = command;
    if (account.serverCertificates.has(ServerCertificateName))
      throw new EntityAlreadyExists(`The Server Certificate with name ${ServerCertificateName} already exists.`);
    const { serverCertificates: max } = account.quotas;
    if (account.serverCertificates.size >= max) throw new LimitExceeded(`Cannot exceed quota for ServerCertificatesPerAccount: ${max}`);
    checkTags([], Tags, account.quotas);
    const { pem, notAfter } = checked(command, call.now);
    return [
      fact('ServerCertificateUploaded', {
        serverCertificateName: ServerCertificateName,
        serverCertificateId: call.newId('ASCA'),
        path: Path,
        certificateBody: pem,
        ...(CertificateChain === undefined ? {} : { certificateChain: chainPem(CertificateChain) }),
        uploadDate: call.time,
        expiration: notAfter.toISOString(),
        tags: Tags,
      }),
    ];
  },
  respond({ ServerCertificateName }, account) {
    const certificate = requireServerCertificate(account, ServerCertificateName);
    return {
      ServerCertificateMetadata: describeServerCertificate(account, certificate),
      ...(certificate.tags.length === 0 ? {} : { Tags: certificate.tags.map((tag) => ({ ...tag })) }),
    };
  },
});

/**
 * The certificate, if it is valid now, the key is its own and the chain leads from it (IAM User Guide, "Manage server certificates in IAM").
 *
 * @throws MalformedCertificate
 * @throws KeyPairMismatch
 */
function checked({ CertificateBody, PrivateKey, CertificateChain }: UploadServerCertificate, now: Date): Certificate {
  try {
    const certificate = readCertificate(CertificateBody);
    if (!isKeyOf(CertificateBody, PrivateKey)) throw new KeyPairMismatch('The private key does not belong to the certificate.');
    if (certificate.notBefore > now || certificate.notAfter <= now) throw new MalformedCertificate('The certificate is not valid at this time.');
    const broken = CertificateChain === undefined ? undefined : brokenLink(CertificateBody, CertificateChain);
    if (broken !== undefined) {
      throw new MalformedCertificate(
        `Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order. The index within the chain of the invalid certificate is: ${broken}`,
      );
    }
    return certificate;
  } catch (error) {
    if (error instanceof UnreadableCertificate) throw new MalformedCertificate(`Unable to parse certificate. ${error.message}`);
    throw error;
  }
}
