import type { PolicySourceType, Statement } from '@aws-sdk/client-iam';
import type { DecidingStatement } from '../../../libs/policy/index.ts';
import { isAwsManaged } from '../policies/find-policy.ts';
import { policyNameOf } from '../policies/managed-policy.ts';
import { resourcePolicyId } from './simulated-policies.ts';

/** A statement that decided, as the wire shows it: the place in its policy and, as AWS names it, the policy. */
export function describeStatement({ policyId, start, end }: DecidingStatement): Statement {
  const { id, type } = sourceOf(policyId);
  return {
    SourcePolicyId: id,
    SourcePolicyType: type,
    StartPosition: { Line: start.line, Column: start.column },
    EndPosition: { Line: end.line, Column: end.column },
  };
}

/**
 * What AWS calls a policy in `SourcePolicyId`: a managed policy by its name, an inline one `user_Bob_Name`, one that came along
 * `PolicyInputList.1`. The type is one of those that the API reference lists.
 */
function sourceOf(policyId: string): { readonly id: string; readonly type: PolicySourceType } {
  if (policyId === resourcePolicyId) return { id: policyId, type: 'resource' };
  if (policyId.startsWith('arn:')) return { id: policyNameOf(policyId), type: isAwsManaged(policyId) ? 'aws-managed' : 'user-managed' };
  const [kind, name, form, policyName] = policyId.split('/') as [string, string?, string?, string?];
  if (form === 'inline' && (kind === 'user' || kind === 'group' || kind === 'role')) return { id: `${kind}_${name}_${policyName}`, type: kind };
  if (form === 'trust') return { id: `${kind}_${name}_trust`, type: 'resource' };
  return { id: policyId, type: 'none' };
}
