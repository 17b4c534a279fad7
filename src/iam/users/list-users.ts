import type { User as WireUser } from '@aws-sdk/client-iam';
import { userArn } from '../../../libs/aws/index.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page } from '../paging.ts';
import { IsPathPrefix } from '../shapes.ts';
import { describeUserBriefly } from './user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html */
export class ListUsers extends PagedIamCommand<{ Users: WireUser[]; IsTruncated: boolean; Marker?: string }> {
  @IsPathPrefix() PathPrefix: string = '/';
}

export const listUsers = operation(ListUsers, {
  resource: ({ PathPrefix }, account) => userArn(account, PathPrefix, ''),
  answer(command, account, call) {
    const { items, more } = page(command, account, call, function* (after) {
      for (const entry of account.users.entries(after)) if (entry[1].path.startsWith(command.PathPrefix)) yield entry;
    });
    return { Users: items.map((user) => describeUserBriefly(account, user, call.lastUsed.password(user.userId))), ...more };
  },
});
