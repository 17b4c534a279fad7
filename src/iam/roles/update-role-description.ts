import type { Role as WireRole } from '@aws-sdk/client-iam';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsRoleDescription, IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireRole } from './find-role.ts';
import { describeRole } from './role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRoleDescription.html */
export class UpdateRoleDescription extends IamCommand<{ Role: WireRole }> {
  @IsRoleName() RoleName!: string;
  @IsRoleDescription() Description!: string;
}

export const updateRoleDescription = operation(UpdateRoleDescription, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: boundaryOfRole,
  decide({ RoleName, Description }, account) {
    const role = requireRole(account, RoleName); // the description is the one thing of a service-linked role that the customer edits
    if (Description === role.description) return [];
    return [
      fact('RoleUpdated', {
        roleName: role.roleName,
        description: Description,
        maxSessionDuration: role.maxSessionDuration,
        previousDescription: role.description,
        previousMaxSessionDuration: role.maxSessionDuration,
      }),
    ];
  },
  respond: ({ RoleName }, account) => ({ Role: describeRole(account, account.roles.get(RoleName)!) }), // decided: it exists
});
