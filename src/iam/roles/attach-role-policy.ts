import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttachablePolicy } from '../policies/find-policy.ts';
import { checkAttachmentQuota } from '../policies/holder-policies.ts';
import { IsArn, IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireModifiableRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html */
export class AttachRolePolicy extends IamCommand {
  @IsRoleName() RoleName!: string;
  @IsArn() PolicyArn!: string;
}

export const attachRolePolicy = operation(AttachRolePolicy, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: (command, account) => ({ 'iam:PolicyARN': command.PolicyArn, ...boundaryOfRole(command, account) }),
  decide({ RoleName, PolicyArn }, account) {
    const role = requireModifiableRole(account, RoleName);
    const policy = requireAttachablePolicy(account, PolicyArn);
    if (role.attachedPolicies.has(policy.arn)) return [];
    checkAttachmentQuota(role, account.quotas.attachedPoliciesPerRole, 'PoliciesPerRole');
    return [fact('RolePolicyAttached', { roleName: role.roleName, policyArn: policy.arn })];
  },
});
