import { IsOptional } from 'class-validator';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsServiceSpecificCredentialId, IsUserName } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { requireCredential, serviceOfCredential } from './find-service-specific-credential.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteServiceSpecificCredential.html */
export class DeleteServiceSpecificCredential extends IamCommand {
  @IsUserName() @IsOptional() UserName?: string;
  @IsServiceSpecificCredentialId() ServiceSpecificCredentialId!: string;
}

export const deleteServiceSpecificCredential = operation(DeleteServiceSpecificCredential, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  context: serviceOfCredential,
  decide(command, account, call) {
    const { user, credential } = requireCredential(command, account, call);
    const { credentialId, serviceName, serviceUserName } = credential;
    return [fact('ServiceSpecificCredentialDeleted', { userName: user.userName, credentialId, serviceName, serviceUserName })];
  },
});
