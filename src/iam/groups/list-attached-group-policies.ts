import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { pageOfAttachedPolicies, type AttachedPolicyPage } from '../policies/holder-policies.ts';
import { IsGroupName, IsPolicyPath } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedGroupPolicies.html */
export class ListAttachedGroupPolicies extends PagedIamCommand<AttachedPolicyPage> {
  @IsGroupName() GroupName!: string;
  @IsPolicyPath() PathPrefix: string = '/';
}

export const listAttachedGroupPolicies = operation(ListAttachedGroupPolicies, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  answer: (command, account, call) => pageOfAttachedPolicies(command, account, call, requireGroup(account, command.GroupName)),
});
