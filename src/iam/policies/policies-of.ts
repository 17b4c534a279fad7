import { policyFor, PolicySyntaxError, type AttachedPolicy, type CompiledPolicy, type PolicyKind } from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import type { Group } from '../groups/group.ts';
import type { PasswordPolicy } from '../password-policy/password-policy.ts';
import type { Role } from '../roles/role.ts';
import type { User } from '../users/user.ts';
import { findPolicy } from './find-policy.ts';
import { defaultVersion } from './managed-policy.ts';
import type { HolderKind, PolicyHolder } from './policy-holder.ts';

/** The policies of a principal as `libs/policy` takes them. The arrays are never changed, and are the same ones while nothing about them changed. */
export interface PoliciesOfPrincipal {
  /** Inline and attached policies; a user's include those of its groups. */
  readonly identity: readonly AttachedPolicy[];
  readonly boundary?: AttachedPolicy | undefined;
}

/**
 * The policies of a user: inline, attached, those of its groups, the boundary, and what the account's password policy grants everyone.
 *
 * Every request asks this, so the answer is kept with the user value. It costs three comparisons while the account's policies and groups are
 * the maps that it was gathered from, and one per group and managed policy after one of those changed.
 */
export function policiesOfUser(account: Account, user: User): PoliciesOfPrincipal {
  const known = gatheredForUsers.get(user);
  if (known !== undefined && isOf(known, account) && known.groups === account.groups && known.passwordPolicy === account.passwordPolicy)
    return known.policies;
  const parts = [
    ownPolicies(account, 'user', user.userName, user),
    ...user.groups.map((name) => groupPart(account, name)),
    grantedToAllUsers(account.passwordPolicy),
  ];
  const boundary = boundaryOf(account, user);
  const unchanged = known !== undefined && sameItems(known.parts, parts) && known.policies.boundary?.policy === boundary?.policy;
  const policies = unchanged ? known.policies : { identity: parts.flat(), boundary };
  gatheredForUsers.set(user, { ...sourcesOf(account), groups: account.groups, passwordPolicy: account.passwordPolicy, parts, policies });
  return policies;
}

/** The policies of a role and its boundary. Kept like those of a user. */
export function policiesOfRole(account: Account, role: Role): PoliciesOfPrincipal {
  const known = gatheredForRoles.get(role);
  if (known !== undefined && isOf(known, account)) return known.policies;
  const identity = ownPolicies(account, 'role', role.roleName, role);
  const boundary = boundaryOf(account, role);
  const unchanged = known !== undefined && known.policies.identity === identity && known.policies.boundary?.policy === boundary?.policy;
  const policies = unchanged ? known.policies : { identity, boundary };
  gatheredForRoles.set(role, { ...sourcesOf(account), policies });
  return policies;
}

/** The policies of a group; groups have no boundary. */
export function policiesOfGroup(account: Account, group: Group): PoliciesOfPrincipal {
  return { identity: ownPolicies(account, 'group', group.groupName, group) };
}

/** A role's trust policy: the resource policy of the role when somebody wants to assume it. */
export function trustPolicyOf(role: Role): AttachedPolicy {
  return { id: `role/${role.roleName}/trust`, policy: compiled(role.assumeRolePolicyDocument, 'trust') };
}

/** The managed policy of an ARN, in its default version, made ready as `kind`. */
export function managedPolicyFor(account: Account, policyArn: string, kind: PolicyKind): AttachedPolicy {
  const policy = findPolicy(account, policyArn);
  return { id: policyArn, policy: policy === undefined ? unreadable(kind) : compiled(defaultVersion(policy).policyDocument, kind) };
}

/** `user/Bob/inline/Name`: how an inline policy is called in a decision's reasons. */
export const inlinePolicyId = (kind: HolderKind, name: string, policyName: string): string => `${kind}/${name}/inline/${policyName}`;

/** The maps of the account that managed policies were looked up in: as long as they are the same objects, so is what was found. */
interface Sources {
  readonly managed: Account['policies'];
  readonly imported: Account['importedAwsPolicies'];
}

const sourcesOf = (account: Account): Sources => ({ managed: account.policies, imported: account.importedAwsPolicies });
const isOf = (sources: Sources, account: Account): boolean =>
  sources.managed === account.policies && sources.imported === account.importedAwsPolicies;

const gatheredForUsers = new WeakMap<
  User,
  Sources & {
    readonly groups: Account['groups'];
    readonly passwordPolicy: PasswordPolicy | undefined;
    readonly parts: readonly (readonly AttachedPolicy[])[];
    readonly policies: PoliciesOfPrincipal;
  }
>();
const gatheredForRoles = new WeakMap<Role, Sources & { readonly policies: PoliciesOfPrincipal }>();
const gatheredForHolders = new WeakMap<PolicyHolder, Sources & { readonly policies: readonly AttachedPolicy[] }>();

/** Inline and attached policies of one holder: the same array while none of them changed. */
function ownPolicies(account: Account, kind: HolderKind, name: string, holder: PolicyHolder): readonly AttachedPolicy[] {
  const known = gatheredForHolders.get(holder);
  if (known !== undefined && isOf(known, account)) return known.policies;
  const inline = known === undefined ? inlinePolicies(kind, name, holder) : known.policies.slice(0, holder.inlinePolicies.size);
  const attached: AttachedPolicy[] = [];
  for (const policyArn of holder.attachedPolicies.values()) attached.push(managedPolicyFor(account, policyArn, 'identity'));
  const found = [...inline, ...attached];
  const policies = known !== undefined && found.every((each, index) => each.policy === known.policies[index]?.policy) ? known.policies : found;
  gatheredForHolders.set(holder, { ...sourcesOf(account), policies });
  return policies;
}

const inlinePolicies = (kind: HolderKind, name: string, holder: PolicyHolder): AttachedPolicy[] =>
  [...holder.inlinePolicies.values()].map(({ policyName, policyDocument }) => ({
    id: inlinePolicyId(kind, name, policyName),
    policy: compiled(policyDocument, 'identity'),
  }));

function groupPart(account: Account, name: string): readonly AttachedPolicy[] {
  const group = account.groups.get(name)!; // membership stands on both sides
  return ownPolicies(account, 'group', group.groupName, group);
}

function boundaryOf(account: Account, { permissionsBoundary }: User | Role): AttachedPolicy | undefined {
  return permissionsBoundary === undefined ? undefined : managedPolicyFor(account, permissionsBoundary, 'boundary');
}

const nothing: readonly AttachedPolicy[] = [];

/** Id of the permission that the password policy's `AllowUsersToChangePassword` stands for. */
export const changePasswordPolicyId = 'password-policy/allow-users-to-change-password';

/**
 * `AllowUsersToChangePassword` is a permission that stands in no policy: every user may change its own password and see the password policy
 * (IAM User Guide, "Set an account password policy for IAM users"). Boundaries and explicit denies hold as ever.
 */
function grantedToAllUsers(passwordPolicy: PasswordPolicy | undefined): readonly AttachedPolicy[] {
  return passwordPolicy?.allowUsersToChangePassword === true
    ? (changePasswordPolicy ??= [{ id: changePasswordPolicyId, policy: compiled(changePasswordDocument, 'identity') }])
    : nothing;
}

let changePasswordPolicy: readonly AttachedPolicy[] | undefined;
const changePasswordDocument = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'iam:ChangePassword', Resource: ['arn:*:iam::*:user/${aws:username}', 'arn:*:iam::*:user/*/${aws:username}'] },
    { Effect: 'Allow', Action: 'iam:GetAccountPasswordPolicy', Resource: '*' },
  ],
});

/**
 * INVARIANT: a stored document that can not be read, or a policy that is attached and not there, denies everything. Both can only come out of an
 * import; passing them over would lose their denies.
 */
function compiled(document: string, kind: PolicyKind): CompiledPolicy {
  try {
    return policyFor(document, kind);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return unreadable(kind);
    throw error;
  }
}

const unreadable = (kind: PolicyKind): CompiledPolicy => policyFor(kind === 'trust' ? deniesTrust : deniesAll, kind);
const deniesAll = '{"Version":"2012-10-17","Statement":[{"Sid":"UnreadablePolicy","Effect":"Deny","Action":"*","Resource":"*"}]}';
const deniesTrust =
  '{"Version":"2012-10-17","Statement":[{"Sid":"UnreadablePolicy","Effect":"Deny","Principal":"*","Action":["sts:AssumeRole","sts:AssumeRoleWithSAML","sts:AssumeRoleWithWebIdentity","sts:TagSession","sts:SetSourceIdentity"]}]}';

const sameItems = <T>(a: readonly T[], b: readonly T[]): boolean => a.length === b.length && a.every((item, index) => item === b[index]);
