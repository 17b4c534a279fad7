import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttachablePolicy } from '../policies/find-policy.ts';
import { IsArn, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html */
export class PutUserPermissionsBoundary extends IamCommand {
  @IsUserName() UserName!: string;
  @IsArn() PermissionsBoundary!: string;
}

export const putUserPermissionsBoundary = operation(PutUserPermissionsBoundary, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  // the boundary that is to be, not the one that is (IAM User Guide, "Delegating responsibility to others using permissions boundaries")
  context: ({ PermissionsBoundary }) => ({ 'iam:PermissionsBoundary': PermissionsBoundary }),
  decide({ UserName, PermissionsBoundary }, account) {
    const user = requireUser(account, UserName);
    const { arn } = requireAttachablePolicy(account, PermissionsBoundary);
    if (arn === user.permissionsBoundary) return [];
    return [
      fact('UserPermissionsBoundaryPut', {
        userName: user.userName,
        permissionsBoundary: arn,
        previousPermissionsBoundary: user.permissionsBoundary,
      }),
    ];
  },
});
