import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsPublicKeyId, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from '../users/find-user.ts';
import { requireSshPublicKey } from './find-ssh-public-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSSHPublicKey.html */
export class DeleteSSHPublicKey extends IamCommand {
  @IsUserName() UserName!: string;
  @IsPublicKeyId() SSHPublicKeyId!: string;
}

export const deleteSSHPublicKey = operation(DeleteSSHPublicKey, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  decide({ UserName, SSHPublicKeyId }, account) {
    const user = requireUser(account, UserName);
    const { sshPublicKeyId } = requireSshPublicKey(user, SSHPublicKeyId);
    return [fact('SSHPublicKeyDeleted', { userName: user.userName, sshPublicKeyId })];
  },
});
