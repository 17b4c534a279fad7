import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { pageOfInlinePolicies, type InlinePolicyPage } from '../policies/holder-policies.ts';
import { IsExistingUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html */
export class ListUserPolicies extends PagedIamCommand<InlinePolicyPage> {
  @IsExistingUserName() UserName!: string;
}

export const listUserPolicies = operation(ListUserPolicies, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  answer: (command, account, call) => pageOfInlinePolicies(command, account, call, requireUser(account, command.UserName)),
});
