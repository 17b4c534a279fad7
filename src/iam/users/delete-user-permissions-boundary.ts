import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsUserName } from '../shapes.ts';
import { arnOfUser, boundaryOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPermissionsBoundary.html */
export class DeleteUserPermissionsBoundary extends IamCommand {
  @IsUserName() UserName!: string;
}

export const deleteUserPermissionsBoundary = operation(DeleteUserPermissionsBoundary, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  context: ({ UserName }, account) => boundaryOfUser(account, UserName),
  decide({ UserName }, account) {
    const { userName, permissionsBoundary } = requireUser(account, UserName);
    return permissionsBoundary === undefined ? [] : [fact('UserPermissionsBoundaryDeleted', { userName, permissionsBoundary })];
  },
});
