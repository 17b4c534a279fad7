import { IamCommand, operation } from '../operation.ts';
import { requireInlinePolicy } from '../policies/holder-policies.ts';
import { IsGroupName, IsPolicyName } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroupPolicy.html */
export class GetGroupPolicy extends IamCommand<{ GroupName: string; PolicyName: string; PolicyDocument: string }> {
  @IsGroupName() GroupName!: string;
  @IsPolicyName() PolicyName!: string;
}

export const getGroupPolicy = operation(GetGroupPolicy, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  answer({ GroupName, PolicyName }, account) {
    const group = requireGroup(account, GroupName);
    const { policyName, policyDocument } = requireInlinePolicy(group, 'group', PolicyName);
    return { GroupName: group.groupName, PolicyName: policyName, PolicyDocument: policyDocument };
  },
});
