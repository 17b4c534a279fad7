import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttached } from '../policies/holder-policies.ts';
import { IsArn, IsGroupName } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachGroupPolicy.html */
export class DetachGroupPolicy extends IamCommand {
  @IsGroupName() GroupName!: string;
  @IsArn() PolicyArn!: string;
}

export const detachGroupPolicy = operation(DetachGroupPolicy, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  context: ({ PolicyArn }) => ({ 'iam:PolicyARN': PolicyArn }),
  decide({ GroupName, PolicyArn }, account) {
    const group = requireGroup(account, GroupName);
    requireAttached(group, PolicyArn);
    return [fact('GroupPolicyDetached', { groupName: group.groupName, policyArn: PolicyArn })];
  },
});
