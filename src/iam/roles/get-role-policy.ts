import { IamCommand, operation } from '../operation.ts';
import { requireInlinePolicy } from '../policies/holder-policies.ts';
import { IsPolicyName, IsRoleName } from '../shapes.ts';
import { arnOfRole, requireRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export class GetRolePolicy extends IamCommand<{ RoleName: string; PolicyName: string; PolicyDocument: string }> {
  @IsRoleName() RoleName!: string;
  @IsPolicyName() PolicyName!: string;
}

export const getRolePolicy = operation(GetRolePolicy, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  answer({ RoleName, PolicyName }, account) {
    const role = requireRole(account, RoleName);
    const { policyName, policyDocument } = requireInlinePolicy(role, 'role', PolicyName);
    return { RoleName: role.roleName, PolicyName: policyName, PolicyDocument: policyDocument };
  },
});
