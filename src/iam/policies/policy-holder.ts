import type { Account } from '../account.ts';
import { PersistentMap } from '../persistent-map.ts';

/** What users, groups and roles have in common: inline policies and attached managed policies. */
export interface PolicyHolder {
  readonly inlinePolicies: PersistentMap<InlinePolicy>;
  /** ARNs as written, keyed by themselves. */
  readonly attachedPolicies: PersistentMap<string>;
}

export interface InlinePolicy {
  readonly policyName: string;
  /** The document exactly as it came. */
  readonly policyDocument: string;
}

export const noPolicies: PolicyHolder = { inlinePolicies: PersistentMap.empty(), attachedPolicies: PersistentMap.empty() };

/** `user/bob`, `group/admins`, `role/deploy`: an entry in `Account.attachments` and `Account.boundaryUses`; names are folded. */
export type HolderKind = 'user' | 'group' | 'role';
export const holderKey = (kind: HolderKind, name: string): string => `${kind}/${name.toLowerCase()}`;

export function withInlinePolicy<H extends PolicyHolder>(holder: H, policyName: string, policyDocument: string): H {
  return { ...holder, inlinePolicies: holder.inlinePolicies.set(policyName, { policyName, policyDocument }) };
}

export function withoutInlinePolicy<H extends PolicyHolder>(holder: H, policyName: string): H {
  return { ...holder, inlinePolicies: holder.inlinePolicies.delete(policyName) };
}

export function withAttachedPolicy<H extends PolicyHolder>(holder: H, policyArn: string): H {
  return { ...holder, attachedPolicies: holder.attachedPolicies.set(policyArn, policyArn) };
}

export function withoutAttachedPolicy<H extends PolicyHolder>(holder: H, policyArn: string): H {
  return { ...holder, attachedPolicies: holder.attachedPolicies.delete(policyArn) };
}

/** `uses` (attachments or boundary uses) with `key` noted under `policyArn`. */
export function noteUse(uses: Account['attachments'], policyArn: string, key: string): Account['attachments'] {
  return uses.set(policyArn, (uses.get(policyArn) ?? PersistentMap.empty<true>()).set(key, true));
}

/** `uses` with `key` gone from `policyArn`. */
export function forgetUse(uses: Account['attachments'], policyArn: string, key: string): Account['attachments'] {
  const remaining = uses.get(policyArn)?.delete(key);
  if (remaining === undefined) return uses;
  return remaining.size === 0 ? uses.delete(policyArn) : uses.set(policyArn, remaining);
}

/** All uses of a holder that goes away, forgotten. */
export function forgetHolder(account: Account, key: string, holder: PolicyHolder & { readonly permissionsBoundary?: string | undefined }): Account {
  let attachments = account.attachments;
  for (const arn of holder.attachedPolicies.values()) attachments = forgetUse(attachments, arn, key);
  const boundaryUses =
    holder.permissionsBoundary === undefined ? account.boundaryUses : forgetUse(account.boundaryUses, holder.permissionsBoundary, key);
  return { ...account, attachments, boundaryUses };
}

/** All uses of a holder that changes its name, moved. */
export function renameHolder(
  account: Account,
  from: string,
  to: string,
  holder: PolicyHolder & { readonly permissionsBoundary?: string | undefined },
): Account {
  if (from === to) return account;
  const forgotten = forgetHolder(account, from, holder);
  let { attachments, boundaryUses } = forgotten;
  for (const arn of holder.attachedPolicies.values()) attachments = noteUse(attachments, arn, to);
  if (holder.permissionsBoundary !== undefined) boundaryUses = noteUse(boundaryUses, holder.permissionsBoundary, to);
  return { ...forgotten, attachments, boundaryUses };
}
