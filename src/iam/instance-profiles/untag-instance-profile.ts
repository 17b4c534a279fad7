import { tagKeys } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsInstanceProfileName, IsTagKeys } from '../shapes.ts';
import { tagsWithKeys } from '../tags.ts';
import { arnOfInstanceProfile, requireInstanceProfile } from './find-instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagInstanceProfile.html */
export class UntagInstanceProfile extends IamCommand {
  @IsInstanceProfileName() InstanceProfileName!: string;
  @IsTagKeys() TagKeys!: string[];
}

export const untagInstanceProfile = operation(UntagInstanceProfile, {
  resource: ({ InstanceProfileName }, account) => arnOfInstanceProfile(account, InstanceProfileName),
  context: ({ TagKeys }) => tagKeys(TagKeys),
  decide({ InstanceProfileName, TagKeys }, account) {
    const { instanceProfileName, tags } = requireInstanceProfile(account, InstanceProfileName);
    const removedTags = tagsWithKeys(tags, TagKeys);
    if (removedTags.length === 0) return [];
    return [fact('InstanceProfileUntagged', { instanceProfileName, tagKeys: removedTags.map((tag) => tag.Key), removedTags })];
  },
});
