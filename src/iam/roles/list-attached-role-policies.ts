import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { pageOfAttachedPolicies, type AttachedPolicyPage } from '../policies/holder-policies.ts';
import { IsPolicyPath, IsRoleName } from '../shapes.ts';
import { arnOfRole, requireRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html */
export class ListAttachedRolePolicies extends PagedIamCommand<AttachedPolicyPage> {
  @IsRoleName() RoleName!: string;
  @IsPolicyPath() PathPrefix: string = '/';
}

export const listAttachedRolePolicies = operation(ListAttachedRolePolicies, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  answer: (command, account, call) => pageOfAttachedPolicies(command, account, call, requireRole(account, command.RoleName)),
});
