import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { IsRoleName } from '../shapes.ts';
import { pageOfTags, type TagPage } from '../tag-pages.ts';
import { arnOfRole, requireRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoleTags.html */
export class ListRoleTags extends PagedIamCommand<TagPage> {
  @IsRoleName() RoleName!: string;
}

export const listRoleTags = operation(ListRoleTags, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  answer: (command, account, call) => pageOfTags(command, account, call, requireRole(account, command.RoleName).tags),
});
