import { NoSuchEntity, ValidationError, parseArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { awsManagedPolicy } from './aws-managed-policies.ts';
import { policyNameOf, type ManagedPolicy } from './managed-policy.ts';

/** A managed policy by ARN: the account's own or AWS's; `undefined` where there is none. */
export function findPolicy(account: Account, policyArn: string): ManagedPolicy | undefined {
  if (isAwsManaged(policyArn)) return account.importedAwsPolicies.get(policyArn) ?? awsManagedPolicy(policyArn);
  const policy = account.policies.get(policyNameOf(policyArn));
  return policy?.arn === policyArn ? policy : undefined;
}

/** The policy, or AWS's errors. */
export function requirePolicy(account: Account, policyArn: string): ManagedPolicy {
  const policy = findPolicy(account, policyArn);
  if (policy !== undefined) return policy;
  const arn = parseArn(policyArn);
  if (arn === undefined || arn.service !== 'iam' || !arn.resource.startsWith('policy/')) throw new ValidationError(`ARN ${policyArn} is not valid.`);
  throw new NoSuchEntity(`Policy ${policyArn} does not exist or is not attachable.`);
}

/** Whether an ARN names a policy of AWS's own (`arn:aws:iam::aws:policy/…`). */
export const isAwsManaged = (policyArn: string): boolean => /^arn:[^:]+:iam::aws:policy\//.test(policyArn);
