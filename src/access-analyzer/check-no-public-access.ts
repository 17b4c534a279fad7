import type { CheckNoPublicAccessResponse } from '@aws-sdk/client-accessanalyzer';
import { isPublic } from '../../libs/policy/index.ts';
import { AwsCommand, operation } from '../iam/operation.ts';
import { IsAccessCheckPolicyDocument, IsAccessCheckResourceType } from './check-shapes.ts';
import { checkAnswer, checkedPolicy } from './checked-policy.ts';

/** https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoPublicAccess.html */
export class CheckNoPublicAccess extends AwsCommand<CheckNoPublicAccessResponse> {
  @IsAccessCheckPolicyDocument() policyDocument!: string;
  @IsAccessCheckResourceType() resourceType!: string;
}

export const checkNoPublicAccess = operation(
  CheckNoPublicAccess,
  {
    resource: () => '*',
    answer({ policyDocument, resourceType }) {
      const policy = checkedPolicy('policyDocument', policyDocument, [resourceType === 'AWS::IAM::AssumeRolePolicyDocument' ? 'trust' : 'resource']);
      return checkAnswer(policy, isPublic(policy), {
        pass: 'The resource policy does not grant public access for the specified resource type.',
        fail: 'The resource policy grants public access for the specified resource type.',
      });
    },
  },
  'access-analyzer',
);
