import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsTags } from '../shapes.ts';
import { checkTags, newTags, replacedTags, type Tag } from '../tags.ts';
import { requireOwnPolicy } from './find-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagPolicy.html */
export class TagPolicy extends IamCommand {
  @IsArn() PolicyArn!: string;
  @IsTags() Tags!: Tag[];
}

export const tagPolicy = operation(TagPolicy, {
  resource: ({ PolicyArn }) => PolicyArn,
  context: ({ Tags }) => requestTags(Tags),
  decide({ PolicyArn, Tags }, account) {
    const policy = requireOwnPolicy(account, PolicyArn);
    checkTags(policy.tags, Tags, account.quotas);
    const tags = newTags(policy.tags, Tags);
    if (tags.length === 0) return [];
    return [fact('PolicyTagged', { policyArn: policy.arn, tags, previousTags: replacedTags(policy.tags, tags) })];
  },
});
