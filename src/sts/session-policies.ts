import { PackedPolicyTooLarge, ValidationError } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import { checkPolicyDocument } from '../iam/policies/check-document.ts';
import { findPolicy } from '../iam/policies/find-policy.ts';
import type { Tags } from '../iam/tags.ts';

/** Managed policies that a session may be limited by (STS API, `AssumeRole`, `PolicyArns`). */
const policyArnsMax = 10;

/** UTF-8 bytes of session policies, policy ARNs and tags together. They travel in the session token, in a header of every request. */
export const packedBytesMax = 4096;

export interface SessionPolicyInput {
  readonly Policy?: string | undefined;
  readonly PolicyArns: readonly { readonly arn?: string }[];
}

/**
 * Checks the policies that a session is to be limited by, and gives the ARNs, each once. They are of the account that the session is in, or AWS's.
 *
 * @throws PackedPolicyTooLarge document and ARNs have more characters than the quota (IAM User Guide, "IAM and AWS STS quotas")
 * @throws MalformedPolicyDocument
 * @throws ValidationError too many ARNs, or one that names no policy of this account
 */
export function checkSessionPolicies({ Policy, PolicyArns }: SessionPolicyInput, account: Account): readonly string[] {
  if (PolicyArns.length > policyArnsMax) throw new ValidationError(`A session can be limited by at most ${policyArnsMax} managed policies.`);
  const arns = [...new Set(PolicyArns.map(({ arn = '' }) => arn))];
  const charactersMax = account.quotas.sessionPolicyCharacters;
  const characters = arns.reduce((sum, arn) => sum + arn.length, Policy?.length ?? 0);
  if (characters > charactersMax) throw tooLarge(characters / charactersMax);
  for (const arn of arns) {
    if (findPolicy(account, arn) === undefined) throw new ValidationError(`The policy ${arn} does not exist in account ${account.id}.`);
  }
  if (Policy !== undefined) checkPolicyDocument(Policy, 'session');
  return arns;
}

/**
 * How much of the room for session policies and tags is taken, in percent; `undefined` where there are none.
 *
 * @throws PackedPolicyTooLarge more than all of it
 */
export function packedPolicySize(policy: string | undefined, policyArns: readonly string[], tags: Tags): number | undefined {
  const parts = [policy ?? '', ...policyArns, ...tags.flatMap((tag) => [tag.Key, tag.Value])];
  const bytes = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  if (bytes === 0) return undefined;
  if (bytes > packedBytesMax) throw tooLarge(bytes / packedBytesMax);
  return Math.ceil((100 * bytes) / packedBytesMax);
}

const tooLarge = (share: number): PackedPolicyTooLarge =>
  new PackedPolicyTooLarge(`Packed policy consumes ${Math.ceil(100 * share)}% of allotted space, please use smaller policy.`);
