import type { Role as WireRole } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireRole } from './find-role.ts';
import { describeRole } from './role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export class GetRole extends IamCommand<{ Role: WireRole }> {
  @IsRoleName() RoleName!: string;
}

export const getRole = operation(GetRole, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: boundaryOfRole,
  answer({ RoleName }, account, call) {
    const role = requireRole(account, RoleName);
    return { Role: describeRole(account, role, call.lastUsed.role(role.roleId) ?? {}) };
  },
});
