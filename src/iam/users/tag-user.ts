import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName, IsTags } from '../shapes.ts';
import { checkTags, newTags, replacedTags, type Tag } from '../tags.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html */
export class TagUser extends IamCommand {
  @IsExistingUserName() UserName!: string;
  @IsTags() Tags!: Tag[];
}

export const tagUser = operation(TagUser, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  context: ({ Tags }) => requestTags(Tags),
  decide({ UserName, Tags }, account) {
    const user = requireUser(account, UserName);
    checkTags(user.tags, Tags, account.quotas);
    const tags = newTags(user.tags, Tags);
    if (tags.length === 0) return [];
    return [fact('UserTagged', { userName: user.userName, tags, previousTags: replacedTags(user.tags, tags) })];
  },
});
