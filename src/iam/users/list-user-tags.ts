import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { IsExistingUserName } from '../shapes.ts';
import { pageOfTags, type TagPage } from '../tag-pages.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserTags.html */
export class ListUserTags extends PagedIamCommand<TagPage> {
  @IsExistingUserName() UserName!: string;
}

export const listUserTags = operation(ListUserTags, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  answer: (command, account, call) => pageOfTags(command, account, call, requireUser(account, command.UserName).tags),
});
