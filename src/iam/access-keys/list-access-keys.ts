import type { AccessKeyMetadata } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsExistingUserName } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { accessKeyIdsOf, accessKeyOwner } from './find-access-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html */
export class ListAccessKeys extends PagedIamCommand<{ AccessKeyMetadata: AccessKeyMetadata[]; IsTruncated: boolean; Marker?: string }> {
  @IsExistingUserName() @IsOptional() UserName?: string;
}

export const listAccessKeys = operation(ListAccessKeys, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  answer(command, account, call) {
    const owner = accessKeyOwner(account, command.UserName, call);
    const ids = [...accessKeyIdsOf(account, owner)].sort();
    const { items, more } = page(command, account, call, (after) => sortedAfter(ids, (id) => id, after));
    return {
      AccessKeyMetadata: items.map((id) => {
        const { status, createDate } = account.accessKeys.get(id)!; // an owner's ids are all there
        return { ...(owner === undefined ? {} : { UserName: owner }), AccessKeyId: id, Status: status, CreateDate: new Date(createDate) };
      }),
      ...more,
    };
  },
});
