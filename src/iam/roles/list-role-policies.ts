import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { pageOfInlinePolicies, type InlinePolicyPage } from '../policies/holder-policies.ts';
import { IsRoleName } from '../shapes.ts';
import { arnOfRole, requireRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html */
export class ListRolePolicies extends PagedIamCommand<InlinePolicyPage> {
  @IsRoleName() RoleName!: string;
}

export const listRolePolicies = operation(ListRolePolicies, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  answer: (command, account, call) => pageOfInlinePolicies(command, account, call, requireRole(account, command.RoleName)),
});
