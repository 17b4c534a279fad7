import { RequestContext, whatCan } from '../../../libs/policy/index.ts';
import { policiesInForce, principalOf } from '../../authorization/authorize.ts';
import { setCaller } from '../../authorization/request-context.ts';
import type { Account } from '../../iam/account.ts';
import type { Caller } from '../../iam/call.ts';
import { policiesOfRole, policiesOfUser } from '../../iam/policies/policies-of.ts';
import { callerOfArn } from '../../pipeline/decisions/caller-of-arn.ts';
import { arnOfExistingRole } from '../../iam/roles/role.ts';
import { arnOfExistingUser } from '../../iam/users/user.ts';
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
  for (const [name, one, other] of sideBySide(before.users, after.users)) {
    const isSame = one !== undefined && one === other && samePolicies(policiesOfUser(before, one), policiesOfUser(after, other));
    if (!isSame) yield { entity: `user/${name}`, kind: 'user', name };
  }
  for (const [name, one, other] of sideBySide(before.roles, after.roles)) {
    const isSame = one !== undefined && one === other && samePolicies(policiesOfRole(before, one), policiesOfRole(after, other));
    if (!isSame) yield { entity: `role/${name}`, kind: 'role', name };
  }
}

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
