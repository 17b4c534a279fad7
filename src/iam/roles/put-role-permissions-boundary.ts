import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttachablePolicy } from '../policies/find-policy.ts';
import { IsArn, IsRoleName } from '../shapes.ts';
import { arnOfRole, requireModifiableRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html */
export class PutRolePermissionsBoundary extends IamCommand {
  @IsRoleName() RoleName!: string;
  @IsArn() PermissionsBoundary!: string;
}

export const putRolePermissionsBoundary = operation(PutRolePermissionsBoundary, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  // the boundary that is asked for, so a delegate can be held to one (IAM User Guide, "Delegating responsibility to others using permissions boundaries")
  context: ({ PermissionsBoundary }) => ({ 'iam:PermissionsBoundary': PermissionsBoundary }),
  decide({ RoleName, PermissionsBoundary }, account) {
    const role = requireModifiableRole(account, RoleName);
    const { arn } = requireAttachablePolicy(account, PermissionsBoundary);
    if (arn === role.permissionsBoundary) return [];
    return [
      fact('RolePermissionsBoundaryPut', {
        roleName: role.roleName,
        permissionsBoundary: arn,
        previousPermissionsBoundary: role.permissionsBoundary,
      }),
    ];
  },
});
