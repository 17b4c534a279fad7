import type { SSHPublicKey as WireSshPublicKey } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsEncoding, IsPublicKeyId, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from '../users/find-user.ts';
import { requireSshPublicKey } from './find-ssh-public-key.ts';
import { describeKey } from './ssh-public-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetSSHPublicKey.html */
export class GetSSHPublicKey extends IamCommand<{ SSHPublicKey: WireSshPublicKey }> {
  @IsUserName() UserName!: string;
  @IsPublicKeyId() SSHPublicKeyId!: string;
  @IsEncoding() Encoding!: 'SSH' | 'PEM';
}

export const getSSHPublicKey = operation(GetSSHPublicKey, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  answer({ UserName, SSHPublicKeyId, Encoding }, account) {
    const user = requireUser(account, UserName);
    return { SSHPublicKey: describeKey(user, requireSshPublicKey(user, SSHPublicKeyId), Encoding) };
  },
});
