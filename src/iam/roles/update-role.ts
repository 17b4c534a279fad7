import { IsOptional } from 'class-validator';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsRoleDescription, IsRoleMaxSessionDuration, IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireModifiableRole } from './find-role.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
 *
 * A description that is left out stays as it is; a maximum session duration that is left out becomes one hour, as that page says.
 */
export class UpdateRole extends IamCommand<Record<string, never>> {
  @IsRoleName() RoleName!: string;
  @IsRoleDescription() @IsOptional() Description?: string;
  /** Seconds. */
  @IsRoleMaxSessionDuration() MaxSessionDuration: number = 3600;
}

export const updateRole = operation(UpdateRole, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: boundaryOfRole,
  decide({ RoleName, Description, MaxSessionDuration }, account) {
    const role = requireModifiableRole(account, RoleName);
    const description = Description ?? role.description;
    if (description === role.description && MaxSessionDuration === role.maxSessionDuration) return [];
    return [
      fact('RoleUpdated', {
        roleName: role.roleName,
        description,
        maxSessionDuration: MaxSessionDuration,
        previousDescription: role.description,
        previousMaxSessionDuration: role.maxSessionDuration,
      }),
    ];
  },
  respond: () => ({}),
});
