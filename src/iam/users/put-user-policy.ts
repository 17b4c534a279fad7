import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { inlinePolicyPut } from '../policies/holder-policies.ts';
import { IsExistingUserName, IsPolicyDocument, IsPolicyName } from '../shapes.ts';
import { arnOfUser, boundaryOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html */
export class PutUserPolicy extends IamCommand {
  @IsExistingUserName() UserName!: string;
  @IsPolicyName() PolicyName!: string;
  @IsPolicyDocument() PolicyDocument!: string;
}

export const putUserPolicy = operation(PutUserPolicy, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  context: ({ UserName }, account) => boundaryOfUser(account, UserName),
  decide({ UserName, PolicyName, PolicyDocument }, account) {
    const user = requireUser(account, UserName);
    const put = inlinePolicyPut(user, {
      kind: 'user',
      holderName: user.userName,
      policyName: PolicyName,
      policyDocument: PolicyDocument,
      charactersMax: account.quotas.userInlinePolicyCharacters,
    });
    return put === undefined ? [] : [fact('UserPolicyPut', { userName: user.userName, ...put })];
  },
});
