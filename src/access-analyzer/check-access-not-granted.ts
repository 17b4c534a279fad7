import type { CheckAccessNotGrantedResponse } from '@aws-sdk/client-accessanalyzer';
import { InvalidParameter } from '../../libs/aws/index.ts';
import { AwsCommand, operation, type Operation } from '../iam/operation.ts';
import type { PolicyAnalyst } from '../policy-analysis/policy-analyst.ts';
import { IsAccessCheckPolicyDocument, IsAccessCheckPolicyType, IsAccessList } from './check-shapes.ts';
import { checkAnswer, kindsOf } from './checked-policy.ts';

/** https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CheckAccessNotGranted.html */
export class CheckAccessNotGranted extends AwsCommand<CheckAccessNotGrantedResponse> {
  @IsAccessCheckPolicyDocument() policyDocument!: string;
  @IsAccessList() access!: { actions?: string[]; resources?: string[] }[];
  @IsAccessCheckPolicyType() policyType!: string;
}

export const checkAccessNotGranted = (analyst: PolicyAnalyst): Operation<CheckAccessNotGranted> =>
  operation(
    CheckAccessNotGranted,
    {
      resource: () => '*',
      async inquire({ policyDocument, access, policyType }) {
        if (access.every(({ actions = [], resources = [] }) => actions.length + resources.length === 0))
          throw new InvalidParameter('access must name an action or a resource.');
        for (const action of access.flatMap(({ actions = [] }) => actions)) {
          if (!/^(\*|[a-z0-9-]+:[a-z0-9*?]+)$/i.test(action)) throw new InvalidParameter(`The action ${action} is not valid.`);
        }
        const policy = { member: 'policyDocument', text: policyDocument, kinds: kindsOf(policyType) };
        return checkAnswer(await analyst.ask({ about: 'access not granted', policy, access }), {
          pass: 'The policy document does not grant access to perform the listed actions or resources.',
          fail: 'The policy document grants access to perform one or more of the listed actions or resources.',
        });
      },
    },
    'access-analyzer',
  );
