import { IamCommand, operation } from '../operation.ts';
import { requireInlinePolicy } from '../policies/holder-policies.ts';
import { IsExistingUserName, IsPolicyName } from '../shapes.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html */
export class GetUserPolicy extends IamCommand<{ UserName: string; PolicyName: string; PolicyDocument: string }> {
  @IsExistingUserName() UserName!: string;
  @IsPolicyName() PolicyName!: string;
}

export const getUserPolicy = operation(GetUserPolicy, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  answer({ UserName, PolicyName }, account) {
    const user = requireUser(account, UserName);
    const { policyName, policyDocument } = requireInlinePolicy(user, 'user', PolicyName);
    return { UserName: user.userName, PolicyName: policyName, PolicyDocument: policyDocument };
  },
});
