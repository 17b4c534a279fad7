import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { inlinePolicyPut } from '../policies/holder-policies.ts';
import { IsGroupName, IsPolicyDocument, IsPolicyName } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html */
export class PutGroupPolicy extends IamCommand {
  @IsGroupName() GroupName!: string;
  @IsPolicyName() PolicyName!: string;
  @IsPolicyDocument() PolicyDocument!: string;
}

export const putGroupPolicy = operation(PutGroupPolicy, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  decide({ GroupName, PolicyName, PolicyDocument }, account) {
    const group = requireGroup(account, GroupName);
    const put = inlinePolicyPut(group, {
      kind: 'group',
      holderName: group.groupName,
      policyName: PolicyName,
      policyDocument: PolicyDocument,
      charactersMax: account.quotas.groupInlinePolicyCharacters,
    });
    return put === undefined ? [] : [fact('GroupPolicyPut', { groupName: group.groupName, ...put })];
  },
});
