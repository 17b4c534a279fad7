import type { SSHPublicKey as WireSshPublicKey } from '@aws-sdk/client-iam';
import { DuplicateSSHPublicKey, InvalidPublicKey, LimitExceeded, UnrecognizedPublicKeyEncoding } from '../../../libs/aws/index.ts';
import { UnusablePublicKey, readSshPublicKey, type SshPublicKey as ReadKey } from '../../../libs/credentials/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsPublicKeyMaterial, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from '../users/find-user.ts';
import { describeKey } from './ssh-public-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSSHPublicKey.html */
export class UploadSSHPublicKey extends IamCommand<{ SSHPublicKey: WireSshPublicKey }> {
  @IsUserName() UserName!: string;
  @IsPublicKeyMaterial() SSHPublicKeyBody!: string;
}

export const uploadSSHPublicKey = operation(UploadSSHPublicKey, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  decide({ UserName, SSHPublicKeyBody }, account, call) {
    const { userName, sshPublicKeys } = requireUser(account, UserName);
    const { openSsh } = read(SSHPublicKeyBody);
    if (sshPublicKeys.some((key) => key.openSsh === openSsh))
      throw new DuplicateSSHPublicKey(`The SSH public key is already associated with user ${userName}.`);
    const { sshPublicKeysPerUser: max } = account.quotas;
    if (sshPublicKeys.length >= max) throw new LimitExceeded(`Cannot exceed quota for SSHPublicKeysPerUser: ${max}`);
    return [fact('SSHPublicKeyUploaded', { userName, sshPublicKeyId: call.newId('APKA'), openSsh, uploadDate: call.time })];
  },
  respond({ UserName, SSHPublicKeyBody }, account) {
    const user = requireUser(account, UserName);
    return { SSHPublicKey: describeKey(user, user.sshPublicKeys.at(-1)!, isPem(SSHPublicKeyBody) ? 'PEM' : 'SSH') }; // decided: it is the last one
  },
});

const isPem = (body: string): boolean => body.trimStart().startsWith('-----BEGIN ');

function read(body: string): ReadKey {
  try {
    return readSshPublicKey(body);
  } catch (error) {
    if (!(error instanceof UnusablePublicKey)) throw error;
    throw error.reason === 'unrecognized' ? new UnrecognizedPublicKeyEncoding(error.message) : new InvalidPublicKey(error.message);
  }
}
