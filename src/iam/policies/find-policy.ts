import { InvalidInput, NoSuchEntity, PolicyNotAttachable, parseArn, parseArnResource, policyArn as arnOfPolicy } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { awsManagedPolicy } from './aws-managed-policies.ts';
import { policyNameOf, type ManagedPolicy, type PolicyVersion } from './managed-policy.ts';

/**
 * A managed policy by ARN: the account's own or AWS's; `undefined` where there is none. The ARN must be the policy's own to the letter: one that
 * only resembles it would pass by a condition on `iam:PolicyARN`.
 */
export function findPolicy(account: Account, policyArn: string): ManagedPolicy | undefined {
  const policy = isAwsManaged(policyArn)
    ? (account.importedAwsPolicies.get(policyArn) ?? awsManagedPolicy(account.partition, policyArn))
    : account.policies.get(policyNameOf(policyArn));
  return policy?.arn === policyArn ? policy : undefined;
}

/**
 * The policy that is asked about.
 *
 * @throws InvalidInput the text is no ARN of a policy
 * @throws NoSuchEntity there is none
 */
export function requirePolicy(account: Account, policyArn: string): ManagedPolicy {
  return findPolicy(account, policyArn) ?? refuse(policyArn, `Policy ${policyArn} was not found.`);
}

/**
 * The policy that is to be attached, or to become a permissions boundary.
 *
 * @throws InvalidInput the text is no ARN of a policy
 * @throws NoSuchEntity there is none
 * @throws PolicyNotAttachable it is reserved for service-linked roles
 */
export function requireAttachablePolicy(account: Account, policyArn: string): ManagedPolicy {
  const policy = findPolicy(account, policyArn) ?? refuse(policyArn, `Policy ${policyArn} does not exist or is not attachable.`);
  if (isAwsManaged(policyArn) && policy.path === serviceLinkedPath)
    throw new PolicyNotAttachable('Cannot attach a Service Role Policy to a Customer Role.');
  return policy;
}

/**
 * A policy of the account's own that is to be changed.
 *
 * @throws InvalidInput the text is no ARN of a policy, or the policy is AWS's
 * @throws NoSuchEntity there is none
 */
export function requireOwnPolicy(account: Account, policyArn: string): ManagedPolicy {
  const policy = requirePolicy(account, policyArn);
  if (isAwsManaged(policyArn)) throw new InvalidInput(`Policy ${policyArn} is managed by AWS and cannot be modified.`);
  return policy;
}

/** A version of a policy. @throws NoSuchEntity there is none of this id */
export function requireVersion(policy: ManagedPolicy, versionId: string): PolicyVersion {
  const version = policy.versions.find((candidate) => candidate.versionId === versionId);
  if (version === undefined) throw new NoSuchEntity(`Policy ${policy.arn} version ${versionId} does not exist or is not attachable.`);
  return version;
}

/** Policies under this path belong to service-linked roles. */
const serviceLinkedPath = '/aws-service-role/';

/** Throws what the ARN of a missing policy deserves. @throws InvalidInput, NoSuchEntity */
export function refuse(policyArn: string, missing: string): never {
  checkPolicyArn(policyArn);
  throw new NoSuchEntity(missing);
}

/** @throws InvalidInput the text is no ARN that a managed policy can have */
export function checkPolicyArn(policyArn: string): void {
  const arn = parseArn(policyArn);
  const wellFormed =
    arn !== undefined &&
    arn.service === 'iam' &&
    arn.region === '' &&
    ownerPattern.test(arn.accountId) &&
    arn.resource.startsWith('policy/') &&
    policyNameOf(policyArn) !== '';
  if (!wellFormed) throw new InvalidInput(`ARN ${policyArn} is not valid.`);
}

const ownerPattern = /^(?:[0-9]{12}|aws)$/;

/** Whether an ARN names a policy of AWS's own (`arn:aws:iam::aws:policy/…`). */
export const isAwsManaged = (policyArn: string): boolean => /^arn:[^:]+:iam::aws:policy\//.test(policyArn);

/** The path in the ARN of a managed policy: `/` or `/job-function/`. */
export const pathOfPolicyArn = (policyArn: string): string => parseArnResource(parseArn(policyArn)?.resource ?? '').path;

/** ARN that `CreatePolicy` is authorized on and gives. */
export const newPolicyArn = (account: Account, path: string, policyName: string): string => arnOfPolicy(account, path, policyName);
