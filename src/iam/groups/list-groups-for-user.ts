import type { Group as WireGroup } from '@aws-sdk/client-iam';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsExistingUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from '../users/find-user.ts';
import { requireGroup } from './find-group.ts';
import { describeGroup } from './group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html */
export class ListGroupsForUser extends PagedIamCommand<{ Groups: WireGroup[]; IsTruncated: boolean; Marker?: string }> {
  @IsExistingUserName() UserName!: string;
}

export const listGroupsForUser = operation(ListGroupsForUser, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  answer(command, account, call) {
    const { groups } = requireUser(account, command.UserName);
    const { items, more } = page(command, account, call, (after) => sortedAfter(groups, (name) => name, after));
    return { Groups: items.map((name) => describeGroup(account, requireGroup(account, name))), ...more };
  },
});
