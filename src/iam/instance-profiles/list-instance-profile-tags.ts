import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { IsInstanceProfileName } from '../shapes.ts';
import { pageOfTags, type TagPage } from '../tag-pages.ts';
import { arnOfInstanceProfile, requireInstanceProfile } from './find-instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfileTags.html */
export class ListInstanceProfileTags extends PagedIamCommand<TagPage> {
  @IsInstanceProfileName() InstanceProfileName!: string;
}

export const listInstanceProfileTags = operation(ListInstanceProfileTags, {
  resource: ({ InstanceProfileName }, account) => arnOfInstanceProfile(account, InstanceProfileName),
  answer: (command, account, call) => pageOfTags(command, account, call, requireInstanceProfile(account, command.InstanceProfileName).tags),
});
