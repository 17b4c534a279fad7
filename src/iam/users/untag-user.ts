import { tagKeys } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName, IsTagKeys } from '../shapes.ts';
import { tagsWithKeys } from '../tags.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html */
export class UntagUser extends IamCommand {
  @IsExistingUserName() UserName!: string;
  @IsTagKeys() TagKeys!: string[];
}

export const untagUser = operation(UntagUser, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  context: ({ TagKeys }) => tagKeys(TagKeys),
  decide({ UserName, TagKeys }, account) {
    const user = requireUser(account, UserName);
    const removedTags = tagsWithKeys(user.tags, TagKeys);
    if (removedTags.length === 0) return [];
    return [fact('UserUntagged', { userName: user.userName, tagKeys: removedTags.map((tag) => tag.Key), removedTags })];
  },
});
