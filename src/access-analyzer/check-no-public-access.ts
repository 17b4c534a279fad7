import type { CheckNoPublicAccessResponse } from '@aws-sdk/client-accessanalyzer';
import type { PolicyKind } from '../../libs/policy/index.ts';
import { AwsCommand, operation, type Operation } from '../iam/operation.ts';
import type { PolicyAnalyst } from '../policy-analysis/policy-analyst.ts';
import { IsAccessCheckPolicyDocument, IsAccessCheckResourceType } from './check-shapes.ts';
import { checkAnswer } from './checked-policy.ts';

/** https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html */
export class CheckNoPublicAccess extends AwsCommand<CheckNoPublicAccessResponse> {
  @IsAccessCheckPolicyDocument() policyDocument!: string;
  @IsAccessCheckResourceType() resourceType!: string;
}

export const checkNoPublicAccess = (analyst: PolicyAnalyst): Operation<CheckNoPublicAccess> =>
  operation(
    CheckNoPublicAccess,
    {
      resource: () => '*',
      async inquire({ policyDocument, resourceType }) {
        const kinds: readonly PolicyKind[] = [resourceType === 'AWS::IAM::AssumeRolePolicyDocument' ? 'trust' : 'resource'];
        const policy = { member: 'policyDocument', text: policyDocument, kinds };
        return checkAnswer(await analyst.ask({ about: 'public access', policy }), {
          pass: 'The resource policy does not grant public access for the specified resource type.',
          fail: 'The resource policy grants public access for the specified resource type.',
        });
      },
    },
    'access-analyzer',
  );
