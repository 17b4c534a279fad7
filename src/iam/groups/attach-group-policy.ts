import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttachablePolicy } from '../policies/find-policy.ts';
import { checkAttachmentQuota } from '../policies/holder-policies.ts';
import { IsArn, IsGroupName } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html */
export class AttachGroupPolicy extends IamCommand {
  @IsGroupName() GroupName!: string;
  @IsArn() PolicyArn!: string;
}

export const attachGroupPolicy = operation(AttachGroupPolicy, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  context: ({ PolicyArn }) => ({ 'iam:PolicyARN': PolicyArn }),
  decide({ GroupName, PolicyArn }, account) {
    const group = requireGroup(account, GroupName);
    const { arn } = requireAttachablePolicy(account, PolicyArn);
    if (group.attachedPolicies.has(arn)) return [];
    checkAttachmentQuota(group, account.quotas.attachedPoliciesPerGroup, 'PoliciesPerGroup');
    return [fact('GroupPolicyAttached', { groupName: group.groupName, policyArn: arn })];
  },
});
