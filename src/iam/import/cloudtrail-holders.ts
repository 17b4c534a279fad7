import type { Account } from '../account.ts';
import type { AccountEvent } from '../events.ts';
import { findPolicy, isAwsManaged } from '../policies/find-policy.ts';
import type { HolderKind, PolicyHolder } from '../policies/policy-holder.ts';
import { newTags, replacedTags, tagsWithKeys, type Tags } from '../tags.ts';
import { changed, isMissing, tagsOf, unchanged, type Fold } from './cloudtrail-call.ts';
import { arrayOf, documentText, textOf, type Json } from './json.ts';

const titles = { user: 'User', group: 'Group', role: 'Role' } as const;

type Holder = PolicyHolder & { readonly permissionsBoundary?: string | undefined; readonly tags?: Tags };

/** A user, group or role and its name as first written. */
export function findHolder(account: Account, kind: HolderKind, name: string): { readonly holder: Holder; readonly name: string } | undefined {
  switch (kind) {
    case 'user': {
      const holder = account.users.get(name);
      return holder === undefined ? undefined : { holder, name: holder.userName };
    }
    case 'group': {
      const holder = account.groups.get(name);
      return holder === undefined ? undefined : { holder, name: holder.groupName };
    }
    case 'role': {
      const holder = account.roles.get(name);
      return holder === undefined ? undefined : { holder, name: holder.roleName };
    }
    default:
      return kind satisfies never;
  }
}

/** `RolePolicyDetached` of a role, `UserPolicyDetached` of a user. The types of the three differ in the holder's name alone. */
export function holderFact(kind: HolderKind, suffix: string, name: string, data: Json): AccountEvent {
  return { type: `${titles[kind]}${suffix}`, data: { [`${kind}Name`]: name, ...data } } as unknown as AccountEvent;
}

/** Calls that must have emptied a holder before it was deleted, and are not known. */
export function leftInHolder(kind: HolderKind, name: string, holder: PolicyHolder): string[] {
  const title = titles[kind];
  return [
    ...[...holder.attachedPolicies.values()].map((arn) => `Detach${title}Policy of ${arn} from ${kind} ${name}`),
    ...[...holder.inlinePolicies.values()].map(({ policyName }) => `Delete${title}Policy of ${policyName} from ${kind} ${name}`),
  ];
}

/** The policy must have been made, where it is a customer's. AWS's own are there without a record. */
export function policyUnknown(account: Account, policyArn: string): string[] {
  return isAwsManaged(policyArn) || findPolicy(account, policyArn) !== undefined ? [] : [`CreatePolicy of policy ${policyArn}`];
}

/** What users, groups and roles have in common: inline policies and attachments; of users and roles also boundary and tags. */
export function holderFolds(kind: HolderKind): Readonly<Record<string, Fold>> {
  const title = titles[kind];
  const common: Readonly<Record<string, Fold>> = {
    [`Put${title}Policy`]: inHolder(kind, ({ request }, name, holder) => {
      const [policyName, policyDocument] = [textOf(request, 'policyName'), documentText(request['policyDocument'], 'policyDocument')];
      const present = holder.inlinePolicies.get(policyName);
      if (present?.policyDocument === policyDocument) return unchanged;
      return changed(
        holderFact(kind, 'PolicyPut', name, {
          policyName: present?.policyName ?? policyName,
          policyDocument,
          previousPolicyDocument: present?.policyDocument,
        }),
      );
    }),
    [`Delete${title}Policy`]: inHolder(kind, ({ request }, name, holder) => {
      const present = holder.inlinePolicies.get(textOf(request, 'policyName'));
      if (present === undefined) return isMissing(`Put${title}Policy of ${textOf(request, 'policyName')} into ${kind} ${name}`);
      return changed(holderFact(kind, 'PolicyDeleted', name, { policyName: present.policyName, policyDocument: present.policyDocument }));
    }),
    [`Attach${title}Policy`]: inHolder(kind, ({ request }, name, holder, account) => {
      const policyArn = textOf(request, 'policyArn');
      if (holder.attachedPolicies.get(policyArn) === policyArn) return unchanged;
      return { events: [holderFact(kind, 'PolicyAttached', name, { policyArn })], missing: policyUnknown(account, policyArn) };
    }),
    [`Detach${title}Policy`]: inHolder(kind, ({ request }, name, holder) => {
      const policyArn = textOf(request, 'policyArn');
      if (holder.attachedPolicies.get(policyArn) !== policyArn) return isMissing(`Attach${title}Policy of ${policyArn} to ${kind} ${name}`);
      return changed(holderFact(kind, 'PolicyDetached', name, { policyArn }));
    }),
  };
  return kind === 'group' ? common : { ...common, ...boundaryFolds(kind), ...tagFolds(kind) };
}

function boundaryFolds(kind: 'user' | 'role'): Readonly<Record<string, Fold>> {
  const title = titles[kind];
  return {
    [`Put${title}PermissionsBoundary`]: inHolder(kind, ({ request }, name, { permissionsBoundary: previousPermissionsBoundary }, account) => {
      const permissionsBoundary = textOf(request, 'permissionsBoundary');
      if (permissionsBoundary === previousPermissionsBoundary) return unchanged;
      const put = holderFact(kind, 'PermissionsBoundaryPut', name, { permissionsBoundary, previousPermissionsBoundary });
      return { events: [put], missing: policyUnknown(account, permissionsBoundary) };
    }),
    [`Delete${title}PermissionsBoundary`]: inHolder(kind, (_call, name, { permissionsBoundary }) => {
      if (permissionsBoundary === undefined) return isMissing(`Put${title}PermissionsBoundary of ${kind} ${name}`);
      return changed(holderFact(kind, 'PermissionsBoundaryDeleted', name, { permissionsBoundary }));
    }),
  };
}

function tagFolds(kind: 'user' | 'role'): Readonly<Record<string, Fold>> {
  const title = titles[kind];
  return {
    [`Tag${title}`]: inHolder(kind, ({ request }, name, { tags: present = [] }) => {
      const tagged = tagging(present, request);
      return tagged === undefined ? unchanged : changed(holderFact(kind, 'Tagged', name, tagged));
    }),
    [`Untag${title}`]: inHolder(kind, ({ request }, name, { tags: present = [] }) => {
      const untagged = untagging(present, request);
      return untagged === undefined ? unchanged : changed(holderFact(kind, 'Untagged', name, untagged));
    }),
  };
}

/** What tagging with `request` changes of the tags that are there; `undefined`: nothing. */
export function tagging(present: Tags, request: Json): { readonly tags: Tags; readonly previousTags: Tags } | undefined {
  const tags = newTags(present, tagsOf(request));
  return tags.length === 0 ? undefined : { tags, previousTags: replacedTags(present, tags) };
}

/** What taking off the tags that `request` names changes; `undefined`: nothing. */
export function untagging(present: Tags, request: Json): { readonly tagKeys: readonly string[]; readonly removedTags: Tags } | undefined {
  const removedTags = tagsWithKeys(present, arrayOf(request['tagKeys'] ?? [], 'tagKeys').map(String));
  return removedTags.length === 0 ? undefined : { tagKeys: removedTags.map((tag) => tag.Key), removedTags };
}

function inHolder(kind: HolderKind, fold: (call: Parameters<Fold>[0], name: string, holder: Holder, account: Account) => ReturnType<Fold>): Fold {
  return (call, account) => {
    const given = textOf(call.request, `${kind}Name`);
    const found = findHolder(account, kind, given);
    return found === undefined ? isMissing(`Create${titles[kind]} of ${kind} ${given}`) : fold(call, found.name, found.holder, account);
  };
}
