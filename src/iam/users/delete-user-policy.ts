import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireInlinePolicy } from '../policies/holder-policies.ts';
import { IsExistingUserName, IsPolicyName } from '../shapes.ts';
import { arnOfUser, boundaryOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html */
export class DeleteUserPolicy extends IamCommand {
  @IsExistingUserName() UserName!: string;
  @IsPolicyName() PolicyName!: string;
}

export const deleteUserPolicy = operation(DeleteUserPolicy, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  context: ({ UserName }, account) => boundaryOfUser(account, UserName),
  decide({ UserName, PolicyName }, account) {
    const user = requireUser(account, UserName);
    const { policyName, policyDocument } = requireInlinePolicy(user, 'user', PolicyName);
    return [fact('UserPolicyDeleted', { userName: user.userName, policyName, policyDocument })];
  },
});
