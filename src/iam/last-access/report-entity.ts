import { InvalidInput, NoSuchEntity, parseArn } from '../../../libs/aws/index.ts';
import type { AttachedPolicy } from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import { arnOfExistingGroup, type Group } from '../groups/group.ts';
import { findPolicy } from '../policies/find-policy.ts';
import type { ManagedPolicy } from '../policies/managed-policy.ts';
import { managedPolicyFor, policiesOfGroup, policiesOfRole, policiesOfUser } from '../policies/policies-of.ts';
import { awsManagedPolicies } from '../policies/aws-managed-policies.ts';
import { arnOfExistingRole, type Role } from '../roles/role.ts';
import { arnOfExistingUser, type User } from '../users/user.ts';

/** What a report of last access can be about. */
export type ReportEntity =
  | { readonly kind: 'user'; readonly id: string; readonly user: User }
  | { readonly kind: 'group'; readonly id: string; readonly group: Group }
  | { readonly kind: 'role'; readonly id: string; readonly role: Role }
  | { readonly kind: 'policy'; readonly id: string; readonly policy: ManagedPolicy };

/** Somebody who uses actions. */
export type ReportPrincipal = Extract<ReportEntity, { readonly kind: 'user' | 'role' }>;

const userEntity = (user: User): ReportPrincipal => ({ kind: 'user', id: user.userId, user });
const roleEntity = (role: Role): ReportPrincipal => ({ kind: 'role', id: role.roleId, role });

/**
 * The user, group, role or policy of an ARN.
 *
 * @throws InvalidInput the text is no ARN of one
 * @throws NoSuchEntity there is none
 */
export function entityOfArn(account: Account, arn: string): ReportEntity {
  const parsed = parseArn(arn);
  const kind = parsed?.service === 'iam' ? parsed.resource.slice(0, Math.max(parsed.resource.indexOf('/'), 0)) : '';
  if (parsed === undefined || !['user', 'group', 'role', 'policy'].includes(kind)) throw new InvalidInput(`ARN ${arn} is not valid.`);
  const name = parsed.resource.slice(parsed.resource.lastIndexOf('/') + 1);
  const found = kind === 'policy' ? policyEntity(account, arn) : holderNamed(account, kind, name, arn);
  if (found === undefined) throw new NoSuchEntity(`ARN ${arn} is not found.`);
  return found;
}

function holderNamed(account: Account, kind: string, name: string, arn: string): ReportEntity | undefined {
  const [user, group, role] = [account.users.get(name), account.groups.get(name), account.roles.get(name)];
  if (kind === 'user') return user !== undefined && arnOfExistingUser(account, user) === arn ? userEntity(user) : undefined;
  if (kind === 'role') return role !== undefined && arnOfExistingRole(account, role) === arn ? roleEntity(role) : undefined;
  return group !== undefined && arnOfExistingGroup(account, group) === arn ? { kind: 'group', id: group.groupId, group } : undefined;
}

function policyEntity(account: Account, arn: string): ReportEntity | undefined {
  const policy = findPolicy(account, arn);
  return policy === undefined ? undefined : { kind: 'policy', id: policy.policyId, policy };
}

/** The entity whose unique id ends so; `undefined` where there is none any more. */
export function entityOfId(account: Account, kind: ReportEntity['kind'], idTail: string): ReportEntity | undefined {
  const isMeant = (id: string): boolean => id.slice(4) === idTail;
  switch (kind) {
    case 'user':
      for (const user of account.users.values()) if (isMeant(user.userId)) return userEntity(user);
      return undefined;
    case 'group':
      for (const group of account.groups.values()) if (isMeant(group.groupId)) return { kind, id: group.groupId, group };
      return undefined;
    case 'role':
      for (const role of account.roles.values()) if (isMeant(role.roleId)) return roleEntity(role);
      return undefined;
    case 'policy':
      for (const policies of [account.policies.values(), account.importedAwsPolicies.values(), awsManagedPolicies(account.partition)]) {
        for (const policy of policies) if (isMeant(policy.policyId)) return { kind, id: policy.policyId, policy };
      }
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** The policies that grant something to an entity, or the policy that it is. Boundaries and guardrails have no say in these reports. */
export function policiesOf(account: Account, entity: ReportEntity): readonly AttachedPolicy[] {
  switch (entity.kind) {
    case 'user':
      return policiesOfUser(account, entity.user).identity;
    case 'role':
      return policiesOfRole(account, entity.role).identity;
    case 'group':
      return policiesOfGroup(account, entity.group).identity;
    case 'policy':
      return [managedPolicyFor(account, entity.policy.arn, 'identity')];
    default:
      return entity satisfies never;
  }
}

/** Who could have used what an entity grants: itself, a group's members, or whoever a policy is attached to, directly or by a group. */
export function principalsOf(account: Account, entity: ReportEntity): readonly ReportPrincipal[] {
  switch (entity.kind) {
    case 'user':
    case 'role':
      return [entity];
    case 'group':
      return members(account, entity.group);
    case 'policy':
      return holders(account, entity.policy);
    default:
      return entity satisfies never;
  }
}

const members = (account: Account, group: Group): ReportPrincipal[] => [...group.members.keys()].map((name) => userEntity(account.users.get(name)!)); // membership stands on both sides

function holders(account: Account, { arn }: ManagedPolicy): readonly ReportPrincipal[] {
  const found = new Map<string, ReportPrincipal>();
  const add = (principal: ReportPrincipal): unknown => found.set(principal.id, principal);
  for (const key of account.attachments.get(arn)?.keys() ?? []) {
    const name = key.slice(key.indexOf('/') + 1);
    // They exist: attachments are forgotten with their holder.
    if (key.startsWith('user/')) add(userEntity(account.users.get(name)!));
    else if (key.startsWith('role/')) add(roleEntity(account.roles.get(name)!));
    else members(account, account.groups.get(name)!).forEach(add);
  }
  return [...found.values()];
}

/** ARN of a user or role. */
export const arnOfPrincipal = (account: Account, principal: ReportPrincipal): string =>
  principal.kind === 'user' ? arnOfExistingUser(account, principal.user) : arnOfExistingRole(account, principal.role);
