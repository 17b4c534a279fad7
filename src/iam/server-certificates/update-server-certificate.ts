import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, serverCertificateArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsPath, IsServerCertificateName } from '../shapes.ts';
import { arnOfServerCertificate, requireServerCertificate } from './find-server-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateServerCertificate.html */
export class UpdateServerCertificate extends IamCommand {
  @IsServerCertificateName() ServerCertificateName!: string;
  @IsPath() @IsOptional() NewPath?: string;
  @IsServerCertificateName() @IsOptional() NewServerCertificateName?: string;
}

export const updateServerCertificate = operation(UpdateServerCertificate, {
  resource: ({ ServerCertificateName }, account) => arnOfServerCertificate(account, ServerCertificateName),
  // AWS, "Rename a server certificate or update its path": who renames needs the permission on the certificate as it is and as it will be
  alsoRequires: (command, account) => {
    const [from, to] = [arnOfServerCertificate(account, command.ServerCertificateName), arnAfter(command, account)];
    return from === to ? [] : [{ action: 'iam:UpdateServerCertificate', resource: to }];
  },
  decide({ ServerCertificateName, NewPath, NewServerCertificateName }, account) {
    const certificate = requireServerCertificate(account, ServerCertificateName);
    const { serverCertificateName, path } = certificate;
    const newServerCertificateName = NewServerCertificateName ?? serverCertificateName;
    const newPath = NewPath ?? path;
    if (newServerCertificateName === serverCertificateName && newPath === path) return [];
    const namesake = account.serverCertificates.get(newServerCertificateName);
    if (namesake !== undefined && namesake !== certificate)
      throw new EntityAlreadyExists(`The Server Certificate with name ${newServerCertificateName} already exists.`);
    return [fact('ServerCertificateUpdated', { serverCertificateName, path, newServerCertificateName, newPath })];
  },
});

function arnAfter({ ServerCertificateName, NewPath, NewServerCertificateName }: UpdateServerCertificate, account: Account): string {
  const certificate = account.serverCertificates.get(ServerCertificateName);
  return serverCertificateArn(
    account,
    NewPath ?? certificate?.path ?? '/',
    NewServerCertificateName ?? certificate?.serverCertificateName ?? ServerCertificateName,
  );
}
