import { DeleteConflict } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html */
export class DeleteUser extends IamCommand {
  @IsExistingUserName() UserName!: string;
}

export const deleteUser = operation(DeleteUser, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  decide({ UserName }, account) {
    const user = requireUser(account, UserName);
    if (user.loginProfile !== undefined) throw new DeleteConflict('Cannot delete entity, must delete login profile first.');
    if (user.accessKeyIds.length > 0) throw new DeleteConflict('Cannot delete entity, must delete access keys first.');
    if (user.mfaDevices.length > 0) throw new DeleteConflict('Cannot delete entity, must delete MFA device first.');
    if (user.signingCertificates.length > 0) throw new DeleteConflict('Cannot delete entity, must delete signing certificates first.');
    if (user.sshPublicKeys.length > 0) throw new DeleteConflict('Cannot delete entity, must delete SSH public keys first.');
    if (user.serviceSpecificCredentials.length > 0) throw new DeleteConflict('Cannot delete entity, must delete service specific credentials first.');
    if (user.groups.length > 0) throw new DeleteConflict('Cannot delete entity, must remove users from group first.');
    if (user.attachedPolicies.size > 0) throw new DeleteConflict('Cannot delete entity, must detach all policies first.');
    if (user.inlinePolicies.size > 0) throw new DeleteConflict('Cannot delete entity, must delete policies first.');
    return [fact('UserDeleted', { userName: user.userName, userId: user.userId, path: user.path })];
  },
});
