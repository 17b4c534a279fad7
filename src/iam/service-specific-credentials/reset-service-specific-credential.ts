import type { ServiceSpecificCredential as WireCredential } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsServiceSpecificCredentialId, IsUserName } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { requireCredential, serviceOfCredential } from './find-service-specific-credential.ts';
import { describeWithPassword } from './service-specific-credential.ts';

/**
 * Gives a credential another password; the old one is of no use from then on.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResetServiceSpecificCredential.html
 */
export class ResetServiceSpecificCredential extends IamCommand<{ ServiceSpecificCredential: WireCredential }> {
  @IsUserName() @IsOptional() UserName?: string;
  @IsServiceSpecificCredentialId() ServiceSpecificCredentialId!: string;
}

export const resetServiceSpecificCredential = operation(ResetServiceSpecificCredential, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  context: serviceOfCredential,
  decide(command, account, call) {
    const { user, credential } = requireCredential(command, account, call);
    const { credentialId, generation } = credential;
    const { masterKeyId } = call.secrets;
    return [fact('ServiceSpecificCredentialReset', { userName: user.userName, credentialId, generation: generation + 1, masterKeyId })];
  },
  respond(command, account, call) {
    const { user, credential } = requireCredential(command, account, call);
    return { ServiceSpecificCredential: describeWithPassword(user.userName, credential, call) };
  },
});
