import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { IsArn } from '../shapes.ts';
import { pageOfTags, type TagPage } from '../tag-pages.ts';
import { requirePolicy } from './find-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyTags.html */
export class ListPolicyTags extends PagedIamCommand<TagPage> {
  @IsArn() PolicyArn!: string;
}

export const listPolicyTags = operation(ListPolicyTags, {
  resource: ({ PolicyArn }) => PolicyArn,
  answer: (command, account, call) => pageOfTags(command, account, call, requirePolicy(account, command.PolicyArn).tags),
});
