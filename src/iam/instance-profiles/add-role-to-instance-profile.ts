import { EntityAlreadyExists, LimitExceeded } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { arnOfRole, requireModifiableRole } from '../roles/find-role.ts';
import { IsInstanceProfileName, IsRoleName } from '../shapes.ts';
import { arnOfInstanceProfile, requireInstanceProfile } from './find-instance-profile.ts';
import { holdsRole } from './instance-profile.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddRoleToInstanceProfile.html
 *
 * Whoever puts a role where instances get it from passes it to EC2, and needs `iam:PassRole` for it.
 */
export class AddRoleToInstanceProfile extends IamCommand {
  @IsInstanceProfileName() InstanceProfileName!: string;
  @IsRoleName() RoleName!: string;
}

export const addRoleToInstanceProfile = operation(AddRoleToInstanceProfile, {
  resource: ({ InstanceProfileName }, account) => arnOfInstanceProfile(account, InstanceProfileName),
  alsoRequires: ({ RoleName }, account) => [
    {
      action: 'iam:PassRole',
      resource: arnOfRole(account, RoleName),
      context: {
        'iam:PassedToService': 'ec2.amazonaws.com',
        'iam:AssociatedResourceArn': `arn:${account.partition}:ec2:*:${account.id}:instance/*`,
      },
    },
  ],
  decide({ InstanceProfileName, RoleName }, account) {
    const profile = requireInstanceProfile(account, InstanceProfileName);
    const role = requireModifiableRole(account, RoleName);
    const { rolesPerInstanceProfile: max } = account.quotas;
    if (profile.roles.length >= max) throw new LimitExceeded(`Cannot exceed quota for InstanceSessionsPerInstanceProfile: ${max}`);
    if (holdsRole(profile, role.roleName))
      throw new EntityAlreadyExists(`Role ${role.roleName} is already in Instance Profile ${profile.instanceProfileName}.`);
    return [fact('RoleAddedToInstanceProfile', { instanceProfileName: profile.instanceProfileName, roleName: role.roleName })];
  },
});
