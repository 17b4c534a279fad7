import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsInstanceProfileName, IsTags } from '../shapes.ts';
import { checkTags, newTags, replacedTags, type Tag } from '../tags.ts';
import { arnOfInstanceProfile, requireInstanceProfile } from './find-instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagInstanceProfile.html */
export class TagInstanceProfile extends IamCommand {
  @IsInstanceProfileName() InstanceProfileName!: string;
  @IsTags() Tags!: Tag[];
}

export const tagInstanceProfile = operation(TagInstanceProfile, {
  resource: ({ InstanceProfileName }, account) => arnOfInstanceProfile(account, InstanceProfileName),
  context: ({ Tags }) => requestTags(Tags),
  decide({ InstanceProfileName, Tags }, account) {
    const { instanceProfileName, tags: present } = requireInstanceProfile(account, InstanceProfileName);
    checkTags(present, Tags, account.quotas);
    const tags = newTags(present, Tags);
    return tags.length === 0 ? [] : [fact('InstanceProfileTagged', { instanceProfileName, tags, previousTags: replacedTags(present, tags) })];
  },
});
