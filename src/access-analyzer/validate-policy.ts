import type { ValidatePolicyResponse } from '@aws-sdk/client-accessanalyzer';
import { IsOptional } from 'class-validator';
import { ValidationError } from '../../libs/aws/index.ts';
import type { Finding, PolicyKind } from '../../libs/policy/index.ts';
import type { Call } from '../iam/call.ts';
import { AwsCommand, operation, type Operation } from '../iam/operation.ts';
import type { PolicyAnalyst } from '../policy-analysis/policy-analyst.ts';
import { readable } from './checked-policy.ts';
import { IsLocale, IsMaxResults, IsPolicyDocument, IsPolicyType, IsToken, IsValidatePolicyResourceType } from './shapes.ts';

/** https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html; the findings are in English, whatever the locale. */
export class ValidatePolicy extends AwsCommand<ValidatePolicyResponse> {
  @IsPolicyDocument() policyDocument!: string;
  @IsPolicyType() policyType!: string;
  @IsLocale() @IsOptional() locale?: string;
  @IsMaxResults() maxResults: number = 100;
  @IsToken() @IsOptional() nextToken?: string;
  @IsValidatePolicyResourceType() @IsOptional() validatePolicyResourceType?: string;
}

/** Prefixes of actions that this server has and AWS has not. */
const ownServices = ['iam-ledger'];

export const validatePolicy = (analyst: PolicyAnalyst): Operation<ValidatePolicy> =>
  operation(
    ValidatePolicy,
    {
      resource: () => '*',
      async inquire(command, _account, call) {
        const options = { nowMs: call.now.getTime(), ownServices };
        const findings = readable(await analyst.ask({ about: 'findings', text: command.policyDocument, kind: kindOf(command), options }));
        const start = command.nextToken === undefined ? 0 : readToken(command, call);
        const end = start + command.maxResults;
        const nextToken = end < findings.length ? writeToken(command, end, call) : undefined;
        return { findings: findings.slice(start, end).map(described), ...(nextToken === undefined ? {} : { nextToken }) };
      },
    },
    'access-analyzer',
  );

function kindOf({ policyType, validatePolicyResourceType }: ValidatePolicy): PolicyKind {
  if (validatePolicyResourceType !== undefined && policyType !== 'RESOURCE_POLICY') {
    throw new ValidationError('validatePolicyResourceType is taken only with the policyType RESOURCE_POLICY.');
  }
  switch (policyType) {
    case 'RESOURCE_POLICY':
      return validatePolicyResourceType === 'AWS::IAM::AssumeRolePolicyDocument' ? 'trust' : 'resource';
    case 'SERVICE_CONTROL_POLICY':
      return 'service-control';
    case 'RESOURCE_CONTROL_POLICY':
      return 'resource-control';
    default:
      return 'identity';
  }
}

type WireFinding = NonNullable<ValidatePolicyResponse['findings']>[number];

function described({ locations, ...finding }: Finding): WireFinding {
  return {
    ...finding,
    locations: locations.map(({ path, span }) => ({
      path: path.map((element) => ({ ...element })) as NonNullable<WireFinding['locations']>[number]['path'],
      span: { start: { ...span.start }, end: { ...span.end } },
    })),
  };
}

/** A token says where the next page begins, and of which document's findings. */
function writeToken({ policyDocument, policyType, validatePolicyResourceType = '' }: ValidatePolicy, start: number, call: Call): string {
  return `${start}.${call.secrets.mac(`ValidatePolicy\n${policyType}\n${validatePolicyResourceType}\n${start}\n${policyDocument}`)}`;
}

function readToken(command: ValidatePolicy, call: Call): number {
  const token = command.nextToken ?? '';
  const start = Number(/^\d{1,4}(?=\.)/.exec(token)?.[0] ?? Number.NaN);
  if (Number.isNaN(start) || writeToken(command, start, call) !== token) throw new ValidationError('The nextToken is not one of this document.');
  return start;
}
