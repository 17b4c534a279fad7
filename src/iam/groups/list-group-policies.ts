import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { pageOfInlinePolicies, type InlinePolicyPage } from '../policies/holder-policies.ts';
import { IsGroupName } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupPolicies.html */
export class ListGroupPolicies extends PagedIamCommand<InlinePolicyPage> {
  @IsGroupName() GroupName!: string;
}

export const listGroupPolicies = operation(ListGroupPolicies, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  answer: (command, account, call) => pageOfInlinePolicies(command, account, call, requireGroup(account, command.GroupName)),
});
