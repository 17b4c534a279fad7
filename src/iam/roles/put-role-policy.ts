import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { inlinePolicyPut } from '../policies/holder-policies.ts';
import { IsPolicyDocument, IsPolicyName, IsRoleName } from '../shapes.ts';
import { arnOfRole, boundaryOfRole, requireModifiableRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html */
export class PutRolePolicy extends IamCommand {
  @IsRoleName() RoleName!: string;
  @IsPolicyName() PolicyName!: string;
  @IsPolicyDocument() PolicyDocument!: string;
}

export const putRolePolicy = operation(PutRolePolicy, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: boundaryOfRole,
  decide({ RoleName, PolicyName, PolicyDocument }, account) {
    const role = requireModifiableRole(account, RoleName);
    const put = inlinePolicyPut(role, {
      kind: 'role',
      holderName: role.roleName,
      policyName: PolicyName,
      policyDocument: PolicyDocument,
      charactersMax: account.quotas.roleInlinePolicyCharacters,
    });
    return put === undefined ? [] : [fact('RolePolicyPut', { roleName: role.roleName, ...put })];
  },
});
