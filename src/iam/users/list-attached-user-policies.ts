import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { pageOfAttachedPolicies, type AttachedPolicyPage } from '../policies/holder-policies.ts';
import { IsPolicyPath, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html */
export class ListAttachedUserPolicies extends PagedIamCommand<AttachedPolicyPage> {
  @IsUserName() UserName!: string;
  @IsPolicyPath() PathPrefix: string = '/';
}

export const listAttachedUserPolicies = operation(ListAttachedUserPolicies, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  answer: (command, account, call) => pageOfAttachedPolicies(command, account, call, requireUser(account, command.UserName)),
});
