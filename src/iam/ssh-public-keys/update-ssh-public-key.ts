import { InvalidInput } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsPublicKeyId, IsStatus, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from '../users/find-user.ts';
import { requireSshPublicKey } from './find-ssh-public-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSSHPublicKey.html */
export class UpdateSSHPublicKey extends IamCommand {
  @IsUserName() UserName!: string;
  @IsPublicKeyId() SSHPublicKeyId!: string;
  @IsStatus() Status!: 'Active' | 'Inactive' | 'Expired';
}

export const updateSSHPublicKey = operation(UpdateSSHPublicKey, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  decide({ UserName, SSHPublicKeyId, Status }, account) {
    const user = requireUser(account, UserName);
    const { status } = requireSshPublicKey(user, SSHPublicKeyId);
    if (Status === 'Expired') throw new InvalidInput('The status of an SSH public key can be set to Active or Inactive only.');
    if (status === Status) return [];
    const data = { userName: user.userName, sshPublicKeyId: SSHPublicKeyId };
    return [Status === 'Active' ? fact('SSHPublicKeyActivated', data) : fact('SSHPublicKeyDeactivated', data)];
  },
});
