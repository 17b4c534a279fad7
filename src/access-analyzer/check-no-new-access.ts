import type { CheckNoNewAccessResponse } from '@aws-sdk/client-accessanalyzer';
import { newAccess } from '../../libs/policy/index.ts';
import { AwsCommand, operation } from '../iam/operation.ts';
import { IsAccessCheckPolicyDocument, IsAccessCheckPolicyType } from './check-shapes.ts';
import { checkAnswer, checkedPolicy, kindsOf } from './checked-policy.ts';

/** https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckNoNewAccess.html */
export class CheckNoNewAccess extends AwsCommand<CheckNoNewAccessResponse> {
  @IsAccessCheckPolicyDocument() newPolicyDocument!: string;
  @IsAccessCheckPolicyDocument() existingPolicyDocument!: string;
  @IsAccessCheckPolicyType() policyType!: string;
}

export const checkNoNewAccess = operation(
  CheckNoNewAccess,
  {
    resource: () => '*',
    answer({ newPolicyDocument, existingPolicyDocument, policyType }) {
      const kinds = kindsOf(policyType);
      const after = checkedPolicy('newPolicyDocument', newPolicyDocument, kinds);
      const before = checkedPolicy('existingPolicyDocument', existingPolicyDocument, kinds);
      const answer = newAccess([before], [after]);
      return checkAnswer(after, answer.newAccess ? { found: true, witness: answer.witness } : { found: false, ...answer }, {
        pass: 'The modified permissions do not grant new access compared to your existing policy.',
        fail: 'The modified permissions grant new access compared to your existing policy.',
      });
    },
  },
  'access-analyzer',
);
