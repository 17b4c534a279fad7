import { tagKeys } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsTagKeys } from '../shapes.ts';
import { tagsWithKeys } from '../tags.ts';
import { requireOwnPolicy } from './find-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagPolicy.html */
export class UntagPolicy extends IamCommand {
  @IsArn() PolicyArn!: string;
  @IsTagKeys() TagKeys!: string[];
}

export const untagPolicy = operation(UntagPolicy, {
  resource: ({ PolicyArn }) => PolicyArn,
  context: ({ TagKeys }) => tagKeys(TagKeys),
  decide({ PolicyArn, TagKeys }, account) {
    const policy = requireOwnPolicy(account, PolicyArn);
    const removedTags = tagsWithKeys(policy.tags, TagKeys);
    if (removedTags.length === 0) return [];
    return [fact('PolicyUntagged', { policyArn: policy.arn, tagKeys: removedTags.map((tag) => tag.Key), removedTags })];
  },
});
