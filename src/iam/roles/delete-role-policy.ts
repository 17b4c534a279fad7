import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireInlinePolicy } from '../policies/holder-policies.ts';
import { IsPolicyName, IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireModifiableRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html */
export class DeleteRolePolicy extends IamCommand {
  @IsRoleName() RoleName!: string;
  @IsPolicyName() PolicyName!: string;
}

export const deleteRolePolicy = operation(DeleteRolePolicy, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: boundaryOfRole,
  decide({ RoleName, PolicyName }, account) {
    const role = requireModifiableRole(account, RoleName);
    const { policyName, policyDocument } = requireInlinePolicy(role, 'role', PolicyName);
    return [fact('RolePolicyDeleted', { roleName: role.roleName, policyName, policyDocument })];
  },
});
