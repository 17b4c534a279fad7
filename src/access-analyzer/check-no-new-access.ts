import type { CheckNoNewAccessResponse } from '@aws-sdk/client-accessanalyzer';
import { AwsCommand, operation, type Operation } from '../iam/operation.ts';
import type { PolicyAnalyst } from '../policy-analysis/policy-analyst.ts';
import { IsAccessCheckPolicyDocument, IsAccessCheckPolicyType } from './check-shapes.ts';
import { checkAnswer, kindsOf } from './checked-policy.ts';

/** https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html */
export class CheckNoNewAccess extends AwsCommand<CheckNoNewAccessResponse> {
  @IsAccessCheckPolicyDocument() newPolicyDocument!: string;
  @IsAccessCheckPolicyDocument() existingPolicyDocument!: string;
  @IsAccessCheckPolicyType() policyType!: string;
}

export const checkNoNewAccess = (analyst: PolicyAnalyst): Operation<CheckNoNewAccess> =>
  operation(
    CheckNoNewAccess,
    {
      resource: () => '*',
      async inquire({ newPolicyDocument, existingPolicyDocument, policyType }) {
        const kinds = kindsOf(policyType);
        const after = { member: 'newPolicyDocument', text: newPolicyDocument, kinds };
        const before = { member: 'existingPolicyDocument', text: existingPolicyDocument, kinds };
        return checkAnswer(await analyst.ask({ about: 'new access', before, after }), {
          pass: 'The modified permissions do not grant new access compared to your existing policy.',
          fail: 'The modified permissions grant new access compared to your existing policy.',
        });
      },
    },
    'access-analyzer',
  );
