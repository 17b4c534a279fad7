import type { DecidingStatement } from '../../../libs/policy/index.ts';
import { evolve, type Account } from '../../iam/account.ts';
import type { Caller } from '../../iam/call.ts';
import type { AccountEvent } from '../../iam/events.ts';
import { findPolicy, isAwsManaged } from '../../iam/policies/find-policy.ts';
import { changePolicy, defaultVersion } from '../../iam/policies/managed-policy.ts';
import { changePasswordPolicyId } from '../../iam/policies/policies-of.ts';
import { changeRole } from '../../iam/roles/role.ts';
import {
  attachmentFact,
  boundaryFact,
  defaultVersionFact,
  importedPolicyFact,
  inlinePolicyFact,
  membershipFact,
  namesOf,
  passwordPolicyFact,
  trustFact,
  versionFact,
  type Holder,
  type NamedFact,
  type Names,
} from '../provenance/account-facts.ts';

export type CauseKind =
  | 'Attachment'
  | 'Membership'
  | 'InlinePolicy'
  | 'PolicyVersion'
  | 'DefaultVersion'
  | 'Boundary'
  | 'TrustPolicy'
  | 'PasswordPolicy'
  | 'ImportedPolicy';

/** Something that brought a statement to bear on a request. */
export interface Cause {
  readonly kind: CauseKind;
  /** What holds, for people: `user/alice is in group/admins`. */
  readonly text: string;
  readonly fact: NamedFact;
  readonly names: Names;
  /** The account as it would be without it; `undefined` where that means nothing (which version is in force). */
  readonly without?: (account: Account) => Account;
}

/** Who asks and where: the account of the caller, and that of the resource, where a trust policy stands. */
export interface Asked {
  readonly caller: Caller;
  readonly account: Account;
  readonly resourceAccount: Account;
  /** Whether the events of an account may be told to who asks. Default: they may. */
  readonly mayCite?: (accountId: string) => boolean;
}

/**
 * All that brought a statement to bear on a request: each of them is needed for it. A policy that comes by several ways — attached to a user and to groups —
 * speaks once for each; `way` counts them from 0.
 */
export function causesOf({ policyId, layer }: Pick<DecidingStatement, 'policyId' | 'layer'>, way: number, asked: Asked): Cause[] {
  const { caller, account, resourceAccount } = asked;
  if (layer === 'boundary') return [...boundaryCauses(caller), ...versionCauses(account, policyId)];
  if (layer === 'resource') return trustCauses(policyId, resourceAccount);
  if (layer === 'session') return versionCauses(account, policyId);
  if (layer !== 'identity') return [];
  if (policyId === changePasswordPolicyId) return [passwordPolicyCause];
  const inline = /^(user|group|role)\/(.+)\/inline\/(.+)$/.exec(policyId);
  if (inline !== null) {
    const holder = { kind: inline[1] as Holder['kind'], name: inline[2]! }; // the pattern has three groups
    return [...membershipCauses(caller, holder), inlineCause(holder, inline[3]!)];
  }
  const holder = holdersOfPolicy(account, caller, policyId)[way];
  return holder === undefined ? [] : [...membershipCauses(caller, holder), attachmentCause(holder, policyId), ...versionCauses(account, policyId)];
}

/** The boundary of a caller, as something that limits it. */
export function boundaryCauses(caller: Caller): Cause[] {
  const holder = ownHolder(caller);
  if (holder === undefined) return [];
  return [
    {
      kind: 'Boundary',
      text: `${nameOf(holder)} has a permissions boundary`,
      fact: boundaryFact,
      names: namesOf(holder),
      without: (account) => {
        const found = holder.kind === 'user' ? account.users.get(holder.name) : account.roles.get(holder.name);
        if (found?.permissionsBoundary === undefined) return account;
        const { permissionsBoundary } = found;
        return holder.kind === 'user'
          ? after(account, { type: 'UserPermissionsBoundaryDeleted', data: { userName: holder.name, permissionsBoundary } })
          : after(account, { type: 'RolePermissionsBoundaryDeleted', data: { roleName: holder.name, permissionsBoundary } });
      },
    },
  ];
}

export function ownHolder(caller: Caller): Holder | undefined {
  if (caller.type === 'AssumedRole') return caller.roleName === undefined ? undefined : { kind: 'role', name: caller.roleName };
  return caller.userName === undefined ? undefined : { kind: 'user', name: caller.userName };
}

const nameOf = ({ kind, name }: Holder): string => `${kind}/${name}`;

/** The caller and its groups, as far as a managed policy is attached to them, in the order in which policies are gathered. */
function holdersOfPolicy(account: Account, caller: Caller, policyArn: string): Holder[] {
  const own = ownHolder(caller);
  if (own === undefined) return [];
  const found: Holder[] = [];
  const holder = own.kind === 'user' ? account.users.get(own.name) : account.roles.get(own.name);
  if (holder?.attachedPolicies.has(policyArn)) found.push(own);
  if (own.kind !== 'user') return found;
  for (const name of account.users.get(own.name)?.groups ?? []) {
    const group = account.groups.get(name);
    if (group?.attachedPolicies.has(policyArn)) found.push({ kind: 'group', name: group.groupName });
  }
  return found;
}

function membershipCauses(caller: Caller, { kind, name: groupName }: Holder): Cause[] {
  const { userName } = caller;
  if (kind !== 'group' || userName === undefined) return [];
  return [
    {
      kind: 'Membership',
      text: `user/${userName} is in group/${groupName}`,
      fact: membershipFact,
      names: { userName, groupName },
      without: (account) => after(account, { type: 'UserRemovedFromGroup', data: { groupName, userName } }),
    },
  ];
}

function attachmentCause(holder: Holder, policyArn: string): Cause {
  return {
    kind: 'Attachment',
    text: `${policyArn} is attached to ${nameOf(holder)}`,
    fact: attachmentFact(policyArn),
    names: namesOf(holder),
    without: (account) => after(account, detached(holder, policyArn)),
  };
}

function detached({ kind, name }: Holder, policyArn: string): AccountEvent {
  if (kind === 'user') return { type: 'UserPolicyDetached', data: { userName: name, policyArn } };
  if (kind === 'group') return { type: 'GroupPolicyDetached', data: { groupName: name, policyArn } };
  return { type: 'RolePolicyDetached', data: { roleName: name, policyArn } };
}

function inlineCause(holder: Holder, policyName: string): Cause {
  return {
    kind: 'InlinePolicy',
    text: `${nameOf(holder)} has the inline policy ${policyName}`,
    fact: inlinePolicyFact(policyName),
    names: namesOf(holder),
    without: (account) => after(account, inlineDeleted(holder, policyName)),
  };
}

function inlineDeleted({ kind, name }: Holder, policyName: string): AccountEvent {
  const policyDocument = '';
  if (kind === 'user') return { type: 'UserPolicyDeleted', data: { userName: name, policyName, policyDocument } };
  if (kind === 'group') return { type: 'GroupPolicyDeleted', data: { groupName: name, policyName, policyDocument } };
  return { type: 'RolePolicyDeleted', data: { roleName: name, policyName, policyDocument } };
}

/** Allows what nobody asks for: a document that is there and says nothing. */
const silentDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam-ledger:Nothing","Resource":"*"}]}';
const silentTrust =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"nobody.amazonaws.com"},"Action":"sts:AssumeRole"}]}';

function versionCauses(account: Account, policyArn: string): Cause[] {
  const policy = findPolicy(account, policyArn);
  if (policy === undefined) return [];
  if (isAwsManaged(policyArn)) {
    const isImported = account.importedAwsPolicies.has(policyArn);
    return isImported ? [{ kind: 'ImportedPolicy', text: `${policyArn} is as it was imported`, fact: importedPolicyFact(policyArn), names: {} }] : [];
  }
  const { versionId } = defaultVersion(policy);
  return [
    {
      kind: 'PolicyVersion',
      text: `${policyArn} has the document ${versionId}`,
      fact: versionFact(policyArn, versionId),
      names: {},
      without: (branch) =>
        changePolicy(branch, policyArn, (each) => ({
          ...each,
          versions: each.versions.map((version) => (version.versionId === versionId ? { ...version, policyDocument: silentDocument } : version)),
        })),
    },
    { kind: 'DefaultVersion', text: `${versionId} of ${policyArn} is in force`, fact: defaultVersionFact(policyArn), names: {} },
  ];
}

function trustCauses(policyId: string, account: Account): Cause[] {
  const roleName = /^role\/(.+)\/trust$/.exec(policyId)?.[1];
  if (roleName === undefined || !account.roles.has(roleName)) return [];
  return [
    {
      kind: 'TrustPolicy',
      text: `role/${roleName} has this trust policy`,
      fact: trustFact,
      names: { roleName },
      without: (branch) => changeRole(branch, roleName, (role) => ({ ...role, assumeRolePolicyDocument: silentTrust })),
    },
  ];
}

const passwordPolicyCause: Cause = {
  kind: 'PasswordPolicy',
  text: 'the password policy lets users change their own passwords',
  fact: passwordPolicyFact,
  names: {},
  without: (account) => after(account, { type: 'AccountPasswordPolicyDeleted', data: {} }),
};

/** A branch of the account's state in which one more thing happened. */
function after(account: Account, { type, data }: AccountEvent): Account {
  return evolve(account, { id: 'branch', type, data, time: account.time, revision: account.revision + 1, position: account.position + 1 });
}
