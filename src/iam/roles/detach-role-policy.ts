import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttached } from '../policies/holder-policies.ts';
import { IsArn, IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireModifiableRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html */
export class DetachRolePolicy extends IamCommand {
  @IsRoleName() RoleName!: string;
  @IsArn() PolicyArn!: string;
}

export const detachRolePolicy = operation(DetachRolePolicy, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: (command, account) => ({ 'iam:PolicyARN': command.PolicyArn, ...boundaryOfRole(command, account) }),
  decide({ RoleName, PolicyArn }, account) {
    const role = requireModifiableRole(account, RoleName);
    requireAttached(role, PolicyArn);
    return [fact('RolePolicyDetached', { roleName: role.roleName, policyArn: PolicyArn })];
  },
});
