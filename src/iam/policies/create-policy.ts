import type { Policy as WirePolicy } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, LimitExceeded } from '../../../libs/aws/index.ts';
import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsPolicyDescription, IsPolicyDocument, IsPolicyName, IsPolicyPath, IsTags } from '../shapes.ts';
import { checkTags, type Tag } from '../tags.ts';
import { checkPolicyDocument } from './check-document.ts';
import { newPolicyArn } from './find-policy.ts';
import { describePolicy } from './managed-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html */
export class CreatePolicy extends IamCommand<{ Policy: WirePolicy }> {
  @IsPolicyName() PolicyName!: string;
  @IsPolicyPath() Path: string = '/';
  @IsPolicyDocument() PolicyDocument!: string;
  @IsPolicyDescription() @IsOptional() Description?: string;
  @IsTags() Tags: Tag[] = [];
}

export const createPolicy = operation(CreatePolicy, {
  resource: ({ Path, PolicyName }, account) => newPolicyArn(account, Path, PolicyName),
  context: ({ Tags }) => requestTags(Tags),
  alsoRequires: ({ Path, PolicyName, Tags }, account) =>
    Tags.length === 0 ? [] : [{ action: 'iam:TagPolicy', resource: newPolicyArn(account, Path, PolicyName), context: requestTags(Tags) }],
  decide({ PolicyName, Path, PolicyDocument, Description, Tags }, account, call) {
    const { quotas } = account;
    if (account.policies.has(PolicyName))
      throw new EntityAlreadyExists(`A policy called ${PolicyName} already exists. Duplicate names are not allowed.`);
    checkTags([], Tags, quotas);
    checkPolicyDocument(PolicyDocument, 'identity', { managed: true, charactersMax: quotas.managedPolicyCharacters });
    if (account.policies.size >= quotas.policies) throw new LimitExceeded(`Cannot exceed quota for PoliciesPerAccount: ${quotas.policies}`);
    return [
      fact('PolicyCreated', {
        policyName: PolicyName,
        policyId: call.newId('ANPA'),
        policyArn: newPolicyArn(account, Path, PolicyName),
        path: Path,
        description: Description,
        createDate: call.time,
        policyDocument: PolicyDocument,
        tags: Tags,
      }),
    ];
  },
  respond: ({ PolicyName }, account) => ({ Policy: describePolicy(account, account.policies.get(PolicyName)!) }), // decided: it exists
});
