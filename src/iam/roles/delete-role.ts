import { DeleteConflict } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { instanceProfilesOfRole } from '../instance-profiles/find-instance-profile.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireModifiableRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html */
export class DeleteRole extends IamCommand {
  @IsRoleName() RoleName!: string;
}

export const deleteRole = operation(DeleteRole, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: boundaryOfRole,
  decide({ RoleName }, account) {
    const role = requireModifiableRole(account, RoleName);
    if (!instanceProfilesOfRole(account, role.roleName).next().done)
      throw new DeleteConflict('Cannot delete entity, must remove roles from instance profile first.');
    if (role.attachedPolicies.size > 0) throw new DeleteConflict('Cannot delete entity, must detach all policies first.');
    if (role.inlinePolicies.size > 0) throw new DeleteConflict('Cannot delete entity, must delete policies first.');
    return [fact('RoleDeleted', { roleName: role.roleName, roleId: role.roleId, path: role.path })];
  },
});
