import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireInlinePolicy } from '../policies/holder-policies.ts';
import { IsGroupName, IsPolicyName } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html */
export class DeleteGroupPolicy extends IamCommand {
  @IsGroupName() GroupName!: string;
  @IsPolicyName() PolicyName!: string;
}

export const deleteGroupPolicy = operation(DeleteGroupPolicy, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  decide({ GroupName, PolicyName }, account) {
    const group = requireGroup(account, GroupName);
    const { policyName, policyDocument } = requireInlinePolicy(group, 'group', PolicyName);
    return [fact('GroupPolicyDeleted', { groupName: group.groupName, policyName, policyDocument })];
  },
});
