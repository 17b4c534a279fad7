import { NoSuchEntity } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireModifiableRole } from '../roles/find-role.ts';
import { IsInstanceProfileName, IsRoleName } from '../shapes.ts';
import { arnOfInstanceProfile, requireInstanceProfile } from './find-instance-profile.ts';
import { holdsRole } from './instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveRoleFromInstanceProfile.html */
export class RemoveRoleFromInstanceProfile extends IamCommand {
  @IsInstanceProfileName() InstanceProfileName!: string;
  @IsRoleName() RoleName!: string;
}

export const removeRoleFromInstanceProfile = operation(RemoveRoleFromInstanceProfile, {
  resource: ({ InstanceProfileName }, account) => arnOfInstanceProfile(account, InstanceProfileName),
  decide({ InstanceProfileName, RoleName }, account) {
    const profile = requireInstanceProfile(account, InstanceProfileName);
    const role = requireModifiableRole(account, RoleName);
    if (!holdsRole(profile, role.roleName))
      throw new NoSuchEntity(`Role ${role.roleName} cannot be found in Instance Profile ${profile.instanceProfileName}.`);
    return [fact('RoleRemovedFromInstanceProfile', { instanceProfileName: profile.instanceProfileName, roleName: role.roleName })];
  },
});
