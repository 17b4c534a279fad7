import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttachablePolicy } from '../policies/find-policy.ts';
import { checkAttachmentQuota } from '../policies/holder-policies.ts';
import { IsArn, IsUserName } from '../shapes.ts';
import { arnOfUser, boundaryOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html */
export class AttachUserPolicy extends IamCommand {
  @IsUserName() UserName!: string;
  @IsArn() PolicyArn!: string;
}

export const attachUserPolicy = operation(AttachUserPolicy, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  context: ({ UserName, PolicyArn }, account) => ({ ...boundaryOfUser(account, UserName), 'iam:PolicyARN': PolicyArn }),
  decide({ UserName, PolicyArn }, account) {
    const user = requireUser(account, UserName);
    const { arn } = requireAttachablePolicy(account, PolicyArn);
    if (user.attachedPolicies.has(arn)) return [];
    checkAttachmentQuota(user, account.quotas.attachedPoliciesPerUser, 'PoliciesPerUser');
    return [fact('UserPolicyAttached', { userName: user.userName, policyArn: arn })];
  },
});
