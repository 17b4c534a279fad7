import type { Group as WireGroup, User as WireUser } from '@aws-sdk/client-iam';
import { operation } from '../operation.ts';
import { PagedIamCommand, page } from '../paging.ts';
import { IsGroupName } from '../shapes.ts';
import { describeUserBriefly, type User } from '../users/user.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';
import { describeGroup } from './group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroup.html */
export class GetGroup extends PagedIamCommand<{ Group: WireGroup; Users: WireUser[]; IsTruncated: boolean; Marker?: string }> {
  @IsGroupName() GroupName!: string;
}

export const getGroup = operation(GetGroup, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  answer(command, account, call) {
    const group = requireGroup(account, command.GroupName);
    const { items, more } = page<User>(command, account, call, function* (after) {
      for (const [name] of group.members.entries(after)) yield [name, account.users.get(name)!]; // membership stands on both sides
    });
    const users = items.map((user) => describeUserBriefly(account, user, call.lastUsed.password(user.userId)));
    return { Group: describeGroup(account, group), Users: users, ...more };
  },
});
