import { IsIn, IsOptional, Length, Matches } from 'class-validator';
import { MalformedPolicyDocument } from '../../../libs/aws/index.ts';
import type { PolicyKind } from '../../../libs/policy/index.ts';
import { accountArn } from '../../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { PolicyAnalyst } from '../../policy-analysis/policy-analyst.ts';
import type { Access } from '../../policy-analysis/policy-questions.ts';

const policyKinds = {
  IDENTITY_POLICY: 'identity',
  RESOURCE_POLICY: 'resource',
  TRUST_POLICY: 'trust',
  SERVICE_CONTROL_POLICY: 'service-control',
} as const satisfies Record<string, PolicyKind>;
const policyCharactersMax = 131_072;

/** A request that one of two policies allows. */
export interface RequestView {
  readonly PrincipalType: string;
  readonly PrincipalArn: string;
  readonly Action: string;
  readonly Resource: string;
  readonly Context: Readonly<Record<string, readonly string[]>>;
}

export interface Change {
  readonly Found: boolean;
  /** Where there is some: a request that shows it. */
  readonly Example?: RequestView;
  /** Where there is none: whether that is certain, and if not, why. */
  readonly Proof?: 'exact' | 'approximate';
  readonly Reasons?: readonly string[];
}

export interface PolicyDiffAnswer {
  readonly NewAccess: Change;
  readonly LostAccess: Change;
}

/** What a change of a policy allows that was not allowed before, and the other way round. */
export class PolicyDiff extends AwsCommand<PolicyDiffAnswer> {
  @Length(1, policyCharactersMax) Before!: string;
  @Length(1, policyCharactersMax) After!: string;
  @IsIn(Object.keys(policyKinds)) PolicyType: keyof typeof policyKinds = 'IDENTITY_POLICY';
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
}

/** `/v1/policy-diff` */
export const policyDiff = (analyst: PolicyAnalyst): Operation =>
  operation(
    PolicyDiff,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      async inquire({ Before, After, PolicyType }) {
        const kinds = [policyKinds[PolicyType]];
        const before = { member: 'Before', text: Before, kinds };
        const after = { member: 'After', text: After, kinds };
        const answer = await analyst.ask({ about: 'difference', before, after });
        if ('refused' in answer) throw new MalformedPolicyDocument(answer.refused);
        return { NewAccess: changeOf(answer.answer.gained), LostAccess: changeOf(answer.answer.lost) };
      },
    },
    'iam-ledger',
  ) as unknown as Operation;

function changeOf(access: Access): Change {
  if (!access.found) return { Found: false, Proof: access.proof, ...(access.reasons.length === 0 ? {} : { Reasons: access.reasons }) };
  const { principalType, principal, action, resource, context } = access.example;
  return { Found: true, Example: { PrincipalType: principalType, PrincipalArn: principal, Action: action, Resource: resource, Context: context } };
}
