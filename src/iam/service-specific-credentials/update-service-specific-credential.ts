import { IsOptional } from 'class-validator';
import { InvalidInput } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsServiceSpecificCredentialId, IsStatus, IsUserName } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { requireCredential, serviceOfCredential } from './find-service-specific-credential.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateServiceSpecificCredential.html */
export class UpdateServiceSpecificCredential extends IamCommand {
  @IsUserName() @IsOptional() UserName?: string;
  @IsServiceSpecificCredentialId() ServiceSpecificCredentialId!: string;
  @IsStatus() Status!: 'Active' | 'Inactive' | 'Expired';
}

export const updateServiceSpecificCredential = operation(UpdateServiceSpecificCredential, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  context: serviceOfCredential,
  decide(command, account, call) {
    const { user, credential } = requireCredential(command, account, call);
    const { Status } = command;
    if (Status === 'Expired') throw new InvalidInput('The status of a credential can be set to Active or Inactive only.');
    if (credential.status === Status) return [];
    const data = { userName: user.userName, credentialId: credential.credentialId };
    return [Status === 'Active' ? fact('ServiceSpecificCredentialActivated', data) : fact('ServiceSpecificCredentialDeactivated', data)];
  },
});
