import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttached } from '../policies/holder-policies.ts';
import { IsArn, IsUserName } from '../shapes.ts';
import { arnOfUser, boundaryOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html */
export class DetachUserPolicy extends IamCommand {
  @IsUserName() UserName!: string;
  @IsArn() PolicyArn!: string;
}

export const detachUserPolicy = operation(DetachUserPolicy, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  context: ({ UserName, PolicyArn }, account) => ({ ...boundaryOfUser(account, UserName), 'iam:PolicyARN': PolicyArn }),
  decide({ UserName, PolicyArn }, account) {
    const user = requireUser(account, UserName);
    requireAttached(user, PolicyArn);
    return [fact('UserPolicyDetached', { userName: user.userName, policyArn: PolicyArn })];
  },
});
