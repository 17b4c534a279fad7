import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsPolicyDocument, IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireModifiableRole } from './find-role.ts';
import type { Role } from './role.ts';
import { checkTrustPolicy } from './trust-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html */
export class UpdateAssumeRolePolicy extends IamCommand {
  @IsRoleName() RoleName!: string;
  @IsPolicyDocument() PolicyDocument!: string;
}

export const updateAssumeRolePolicy = operation(UpdateAssumeRolePolicy, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: boundaryOfRole,
  decide({ RoleName, PolicyDocument }, account, call) {
    const role = requireModifiableRole(account, RoleName);
    const trustedPrincipalIds = checkTrustPolicy(PolicyDocument, account, call);
    if (PolicyDocument === role.assumeRolePolicyDocument && sameIds(trustedPrincipalIds, role.trustedPrincipalIds)) return [];
    return [
      fact('AssumeRolePolicyUpdated', {
        roleName: role.roleName,
        policyDocument: PolicyDocument,
        previousPolicyDocument: role.assumeRolePolicyDocument,
        trustedPrincipalIds,
      }),
    ];
  },
});

/** The same text can mean somebody else by now: a user who was deleted and made again is trusted from the next update on. */
function sameIds(a: Role['trustedPrincipalIds'], b: Role['trustedPrincipalIds']): boolean {
  const arns = Object.keys(a);
  return arns.length === Object.keys(b).length && arns.every((arn) => a[arn] === b[arn]);
}
