import { RequestContext, whatCan } from '../../../libs/policy/index.ts';
import { policiesInForce, principalOf } from '../../authorization/authorize.ts';
import { setCaller } from '../../authorization/request-context.ts';
import type { Account } from '../../iam/account.ts';
import type { Caller } from '../../iam/call.ts';
import { policiesOfRole, policiesOfUser } from '../../iam/policies/policies-of.ts';
import { callerOfArn } from '../../pipeline/decisions/caller-of-arn.ts';
import { arnOfExistingRole, type Role } from '../../iam/roles/role.ts';
import { arnOfExistingUser, type User } from '../../iam/users/user.ts';
import { sideBySide, type Change } from './account-changes.ts';

/** Actions that a principal may do, on some resource or other. */
type Permissions = ReadonlySet<string>;
const noPermissions: Permissions = new Set();

/** A principal whose policies are not the same in two states of its account. */
interface ChangedPrincipal {
  /** `user/alice`, `role/deploy`; folded. */
  readonly entity: string;
  readonly kind: 'user' | 'role';
  readonly name: string;
}

/** The users and roles whose policies, or what conditions ask of themselves, are not the same. */
export function* changedPrincipals(before: Account, after: Account): Generator<ChangedPrincipal> {
  for (const kind of ['user', 'role'] as const) {
    const [one, other] = kind === 'user' ? [before.users, after.users] : [before.roles, after.roles];
    for (const [name] of sideBySide<User | Role>(one, other)) {
      const principal = { entity: `${kind}/${name}`, kind, name };
      if (!isSubjectToTheSame(before, after, principal)) yield principal;
    }
  }
}

/**
 * Whether a principal is in two states of its account subject to the same policies, and the same as conditions see it: then it may do the same. A user's or role's
 * groups, keys and passwords make no difference beyond that.
 */
export function isSubjectToTheSame(before: Account, after: Account, { kind, name }: Pick<ChangedPrincipal, 'kind' | 'name'>): boolean {
  if (kind === 'user') {
    const [one, other] = [before.users.get(name), after.users.get(name)];
    if (one === undefined || other === undefined) return one === other;
    return hasSameFeatures(one, other) && samePolicies(policiesOfUser(before, one), policiesOfUser(after, other));
  }
  const [one, other] = [before.roles.get(name), after.roles.get(name)];
  if (one === undefined || other === undefined) return one === other;
  return hasSameFeatures(one, other) && samePolicies(policiesOfRole(before, one), policiesOfRole(after, other));
}

/** What conditions can ask of a principal: its ARN and its tags. */
const hasSameFeatures = (one: User | Role, other: User | Role): boolean =>
  one.tags === other.tags && one.path === other.path && one.importedArn === other.importedArn;

type Gathered = ReturnType<typeof policiesOfUser>;

/** The same compiled policies in the same order: documents of the same text are compiled once. */
function samePolicies(one: Gathered, other: Gathered): boolean {
  if (one.boundary?.policy !== other.boundary?.policy) return false;
  if (one.identity === other.identity) return true;
  return one.identity.length === other.identity.length && one.identity.every(({ policy }, index) => policy === other.identity[index]?.policy);
}

/** What a principal may do in the end: actions of the service catalogue, on some resource or other. */
export function permissionsOf(account: Account, { kind, name }: Pick<ChangedPrincipal, 'kind' | 'name'>): Permissions {
  const caller = callerOf(account, kind, name);
  if (caller === undefined) return noPermissions;
  const context = new RequestContext();
  setCaller(context, caller, account, new Date(account.time === '' ? 0 : account.time));
  const policies = policiesInForce({ action: '', resource: '*' }, { callerAccount: account, account }, caller);
  return new Set(whatCan(policies, { principal: principalOf(caller, account, '*'), resourceAccountId: account.id, context }));
}

function callerOf(account: Account, kind: 'user' | 'role', name: string): Caller | undefined {
  if (kind === 'user') {
    const user = account.users.get(name);
    return user === undefined ? undefined : callerOfArn(account, arnOfExistingUser(account, user));
  }
  const role = account.roles.get(name);
  return role === undefined ? undefined : callerOfArn(account, arnOfExistingRole(account, role));
}

/** What each principal may do at the end and might not at the beginning, and the other way round. */
export function* permissionChanges(before: Account, after: Account, entity?: string): Generator<Change> {
  for (const principal of changedPrincipals(before, after)) {
    if (entity !== undefined && principal.entity !== entity) continue;
    yield* permissionLines(principal.entity, permissionsOf(before, principal), permissionsOf(after, principal));
  }
}

export function* permissionLines(entity: string, before: Permissions, after: Permissions): Generator<Change> {
  const lost = [...before.difference(after)].map((item) => ({ item, before: 'may', after: undefined }));
  const gained = [...after.difference(before)].map((item) => ({ item, before: undefined, after: 'may' }));
  for (const line of [...lost, ...gained].sort((one, other) => (one.item < other.item ? -1 : 1))) yield { level: 'permission', entity, ...line };
}
