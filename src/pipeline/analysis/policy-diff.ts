import { IsIn, IsOptional, Length, Matches } from 'class-validator';
import { MalformedPolicyDocument } from '../../../libs/aws/index.ts';
import {
  PolicySyntaxError,
  compilePolicy,
  newAccess,
  parsePolicy,
  type AccessRequest,
  type CompiledPolicy,
  type NewAccess,
  type PolicyKind,
} from '../../../libs/policy/index.ts';
import { accountArn } from '../../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';

const kinds = {
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
  @IsIn(Object.keys(kinds)) PolicyType: keyof typeof kinds = 'IDENTITY_POLICY';
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
}

/** `/v1/policy-diff` */
export const policyDiff = operation(
  PolicyDiff,
  {
    accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
    resource: ({ AccountId }, account) => accountArn(account, AccountId),
    answer({ Before, After, PolicyType }) {
      const before = [compiled('Before', Before, kinds[PolicyType])];
      const after = [compiled('After', After, kinds[PolicyType])];
      return { NewAccess: changeOf(newAccess(before, after)), LostAccess: changeOf(newAccess(after, before)) };
    },
  },
  'iam-ledger',
) as unknown as Operation;

function compiled(member: string, text: string, kind: PolicyKind): CompiledPolicy {
  try {
    return compilePolicy(parsePolicy(text, kind));
  } catch (error) {
    if (error instanceof PolicySyntaxError)
      throw new MalformedPolicyDocument(`${member}: ${error.message} (line ${error.line}, column ${error.column})`);
    throw error;
  }
}

function changeOf(answer: NewAccess): Change {
  if (answer.newAccess) return { Found: true, Example: viewOf(answer.witness) };
  return { Found: false, Proof: answer.proof, ...(answer.reasons.length === 0 ? {} : { Reasons: answer.reasons }) };
}

function viewOf({ principal, action, resource, context }: AccessRequest): RequestView {
  return {
    PrincipalType: principal.type,
    PrincipalArn: principal.arn || (principal.federatedProvider ?? ''),
    Action: action,
    Resource: resource,
    Context: Object.fromEntries([...context.keys()].map((key) => [key, context.get(key) ?? []])),
  };
}
