import type { AttachedPolicy as WireAttachedPolicy } from '@aws-sdk/client-iam';
import { LimitExceeded, NoSuchEntity } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { type PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { policyCharacters } from '../quotas/quotas.ts';
import { checkPolicyDocument } from './check-document.ts';
import { isAwsManaged, pathOfPolicyArn, refuse } from './find-policy.ts';
import { policyNameOf } from './managed-policy.ts';
import type { HolderKind, InlinePolicy, PolicyHolder } from './policy-holder.ts';

/** What every `List…Policies` of a user, group or role answers. */
export interface InlinePolicyPage {
  PolicyNames: string[];
  IsTruncated: boolean;
  Marker?: string;
}

/** What every `ListAttached…Policies` answers. */
export interface AttachedPolicyPage {
  AttachedPolicies: WireAttachedPolicy[];
  IsTruncated: boolean;
  Marker?: string;
}

/** The inline policy. @throws NoSuchEntity */
export function requireInlinePolicy(holder: PolicyHolder, kind: HolderKind, policyName: string): InlinePolicy {
  const policy = holder.inlinePolicies.get(policyName);
  if (policy === undefined) throw new NoSuchEntity(`The ${kind} policy with name ${policyName} cannot be found.`);
  return policy;
}

export interface InlinePolicyPut {
  readonly kind: HolderKind;
  readonly holderName: string;
  readonly policyName: string;
  readonly policyDocument: string;
  /** Characters, without white space, of all inline policies of the holder together. */
  readonly charactersMax: number;
}

/**
 * Checks an inline policy that is to be put into a holder and gives what the put is to record: the name as it was first written, and the
 * document before. `undefined` where the same document stands there already.
 *
 * @throws MalformedPolicyDocument
 * @throws LimitExceeded all inline policies of the holder together would exceed their quota
 */
export function inlinePolicyPut(
  holder: PolicyHolder,
  { kind, holderName, policyName, policyDocument, charactersMax }: InlinePolicyPut,
): { policyName: string; policyDocument: string; previousPolicyDocument: string | undefined } | undefined {
  checkPolicyDocument(policyDocument, 'identity');
  const previous = holder.inlinePolicies.get(policyName);
  if (previous?.policyDocument === policyDocument) return undefined;
  let characters = policyCharacters(policyDocument);
  for (const policy of holder.inlinePolicies.values()) if (policy !== previous) characters += policyCharacters(policy.policyDocument);
  if (characters > charactersMax) throw new LimitExceeded(`Maximum policy size of ${charactersMax} bytes exceeded for ${kind} ${holderName}`);
  return { policyName: previous?.policyName ?? policyName, policyDocument, previousPolicyDocument: previous?.policyDocument };
}

/** One page of the names of a holder's inline policies. */
export function pageOfInlinePolicies(
  command: PagedIamCommand<InlinePolicyPage>,
  account: Account,
  call: Call,
  holder: PolicyHolder,
): InlinePolicyPage {
  const { items, more } = page(command, account, call, (after) => holder.inlinePolicies.entries(after));
  return { PolicyNames: items.map((policy) => policy.policyName), ...more };
}

/** One page of the managed policies attached to a holder that have this path prefix. */
export function pageOfAttachedPolicies(
  command: PagedIamCommand<AttachedPolicyPage> & { readonly PathPrefix: string },
  account: Account,
  call: Call,
  holder: PolicyHolder,
): AttachedPolicyPage {
  const matching = [...holder.attachedPolicies.values()].filter((arn) => pathOfPolicyArn(arn).startsWith(command.PathPrefix));
  const sorted = matching.sort((a, b) => (attachmentKey(a) < attachmentKey(b) ? -1 : 1)); // keys are unique
  const { items, more } = page(command, account, call, (after) => sortedAfter(sorted, attachmentKey, after));
  return { AttachedPolicies: items.map((arn) => ({ PolicyName: policyNameOf(arn), PolicyArn: arn })), ...more };
}

/** By name, AWS's before one's own of the same name. Not by ARN: a path can be longer than a marker. */
const attachmentKey = (arn: string): string => `${policyNameOf(arn).toLowerCase()}/${isAwsManaged(arn) ? 'aws' : 'own'}`;

/** @throws LimitExceeded a holder has as many managed policies as it may */
export function checkAttachmentQuota(holder: PolicyHolder, max: number, quotaName: 'PoliciesPerUser' | 'PoliciesPerGroup' | 'PoliciesPerRole'): void {
  if (holder.attachedPolicies.size >= max) throw new LimitExceeded(`Cannot exceed quota for ${quotaName}: ${max}`);
}

/** @throws InvalidInput the text is no ARN of a policy @throws NoSuchEntity the policy is not attached, whether it exists or not */
export function requireAttached(holder: PolicyHolder, policyArn: string): void {
  if (holder.attachedPolicies.get(policyArn) !== policyArn) refuse(policyArn, `Policy ${policyArn} was not found.`);
}
