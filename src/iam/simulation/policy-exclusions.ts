import { InvalidInput, parseArn } from '../../../libs/aws/index.ts';
import { matchesWildcard, type AttachedPolicy } from '../../../libs/policy/index.ts';
import { isAwsManaged } from '../policies/find-policy.ts';
import { inlinePolicyId, type PoliciesOfPrincipal } from '../policies/policies-of.ts';

/** Policies that a simulation leaves out (IAM API, `PolicyIdentifier`): exactly one of the members. */
export interface PolicyIdentifier {
  readonly PolicyType?: 'inline' | 'aws-managed' | 'user-managed' | 'permission-boundary' | 'scp' | 'rcp';
  readonly PolicyArn?: string;
  readonly InlinePolicyIdentifier?: {
    readonly PolicyName: string;
    readonly AttachmentType: 'user' | 'group' | 'role';
    readonly AttachmentName: string;
  };
}

/**
 * The policies without those that `exclusions` name. Identifiers that fit nothing are passed over.
 *
 * @throws InvalidInput an identifier that is none, or an ARN with wildcards where none may be
 */
export function withoutExcluded(policies: PoliciesOfPrincipal, exclusions: readonly PolicyIdentifier[] | undefined): PoliciesOfPrincipal {
  if (exclusions === undefined || exclusions.length === 0) return policies;
  exclusions.forEach(checkIdentifier);
  const withoutBoundary = exclusions.some(({ PolicyType }) => PolicyType === 'permission-boundary');
  return {
    identity: policies.identity.filter((policy) => !exclusions.some((exclusion) => excludes(exclusion, policy))),
    boundary: withoutBoundary ? undefined : policies.boundary,
  };
}

function checkIdentifier(identifier: PolicyIdentifier): void {
  if (Object.values(identifier).filter((member) => member !== undefined).length !== 1) {
    throw new InvalidInput('A policy identifier must have exactly one of PolicyType, PolicyArn and InlinePolicyIdentifier.');
  }
  const { PolicyArn } = identifier;
  if (PolicyArn === undefined) return;
  const arn = parseArn(PolicyArn);
  const path = arn?.service === 'iam' && arn.resource.startsWith('policy/') ? arn.resource.slice('policy/'.length) : undefined;
  const wildcardsElsewhere = /[*?]/.test(PolicyArn.slice(0, PolicyArn.length - (path?.length ?? 0)));
  if (path === undefined || path === '' || wildcardsElsewhere || path.split('*').length > 2)
    throw new InvalidInput(`Invalid policy ARN to exclude: ${PolicyArn}`);
}

function excludes({ PolicyType, PolicyArn, InlinePolicyIdentifier }: PolicyIdentifier, { id }: AttachedPolicy): boolean {
  const isManaged = id.startsWith('arn:');
  if (PolicyArn !== undefined) return isManaged && matchesWildcard(PolicyArn, id);
  if (InlinePolicyIdentifier !== undefined) {
    const { AttachmentType, AttachmentName, PolicyName } = InlinePolicyIdentifier;
    return id.toLowerCase() === inlinePolicyId(AttachmentType, AttachmentName, PolicyName).toLowerCase();
  }
  switch (PolicyType) {
    case 'inline':
      return id.includes('/inline/') && !isManaged;
    case 'aws-managed':
      return isAwsManaged(id);
    case 'user-managed':
      return isManaged && !isAwsManaged(id);
    default:
      return false; // the boundary is no identity policy, and no service or resource control policy is in a simulation of a principal
  }
}
