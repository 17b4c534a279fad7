import { NoSuchEntity } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireModifiableRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html */
export class DeleteRolePermissionsBoundary extends IamCommand {
  @IsRoleName() RoleName!: string;
}

export const deleteRolePermissionsBoundary = operation(DeleteRolePermissionsBoundary, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: boundaryOfRole,
  decide({ RoleName }, account) {
    const { roleName, permissionsBoundary } = requireModifiableRole(account, RoleName);
    if (permissionsBoundary === undefined) throw new NoSuchEntity(`The permissions boundary for role ${roleName} cannot be found.`);
    return [fact('RolePermissionsBoundaryDeleted', { roleName, permissionsBoundary })];
  },
});
