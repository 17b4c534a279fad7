import type { AccessKey } from '../../iam/access-keys/access-key.ts';
import type { Account } from '../../iam/account.ts';
import { arnOfExistingGroup, type Group } from '../../iam/groups/group.ts';
import type { MfaDevice } from '../../iam/mfa-devices/mfa-device.ts';
import type { ManagedPolicy } from '../../iam/policies/managed-policy.ts';
import { arnOfExistingRole, type Role } from '../../iam/roles/role.ts';
import type { SigningCertificate } from '../../iam/signing-certificates/signing-certificate.ts';
import { arnOfExistingUser, type User } from '../../iam/users/user.ts';
import type { ExemptionSubject } from '../exemptions/exemptions.ts';
import type { UnusedKind } from './settings.ts';

/** Names a thing for the whole life of a saga: by its unique id, since names are used again. Plain data: it stands in facts. */
export interface EntityRef {
  readonly kind: UnusedKind;
  /** Unique id of the thing; of a password and of a permission that of its user or role. */
  readonly id: string;
  /** What it is called now: its name, or that of its user or role; of an MFA device its serial number. */
  readonly name: string;
  /** Of a permission: whose it is, and the frozen list of what is to be taken away. */
  readonly holder?: 'user' | 'role';
  readonly actions?: readonly string[];
}

/** The thing that a reference names, as it is in one version of the account. */
export type Entity =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'access-key'; readonly key: AccessKey; readonly user: User }
  | { readonly kind: 'password'; readonly user: User }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'group'; readonly group: Group }
  | { readonly kind: 'policy'; readonly policy: ManagedPolicy }
  | { readonly kind: 'mfa-device'; readonly device: MfaDevice }
  | { readonly kind: 'signing-certificate'; readonly certificate: SigningCertificate; readonly user: User }
  | { readonly kind: 'permission'; readonly user: User; readonly role?: undefined }
  | { readonly kind: 'permission'; readonly role: Role; readonly user?: undefined };

/** The thing, under whatever name it has now; `undefined` where it is gone. Root's keys are nobody's business here. */
export function findEntity(account: Account, ref: EntityRef): Entity | undefined {
  switch (ref.kind) {
    case 'user':
    case 'password': {
      const user = findUser(account, ref);
      if (user === undefined || (ref.kind === 'password' && user.loginProfile === undefined)) return undefined;
      return { kind: ref.kind, user };
    }
    case 'access-key': {
      const key = account.accessKeys.get(ref.id);
      const user = key?.userName === undefined ? undefined : account.users.get(key.userName);
      return key === undefined || user === undefined ? undefined : { kind: 'access-key', key, user };
    }
    case 'role': {
      const role = findRole(account, ref);
      return role === undefined ? undefined : { kind: 'role', role };
    }
    case 'group': {
      const group = byId(account.groups, ref, ({ groupId }) => groupId);
      return group === undefined ? undefined : { kind: 'group', group };
    }
    case 'policy': {
      const policy = byId(account.policies, ref, ({ policyId }) => policyId);
      return policy === undefined ? undefined : { kind: 'policy', policy };
    }
    case 'mfa-device': {
      const device = account.mfaDevices.get(ref.name);
      return device?.deviceId === ref.id ? { kind: 'mfa-device', device } : undefined;
    }
    case 'signing-certificate':
      return findCertificate(account, ref);
    case 'permission': {
      const user = ref.holder === 'user' ? findUser(account, ref) : undefined;
      if (user !== undefined) return { kind: 'permission', user };
      const role = ref.holder === 'role' ? findRole(account, ref) : undefined;
      return role === undefined ? undefined : { kind: 'permission', role };
    }
    default:
      throw new Error(`there is no ${(ref.kind satisfies never as EntityRef).kind}`);
  }
}

export const findUser = (account: Account, ref: Pick<EntityRef, 'id' | 'name'>): User | undefined => byId(account.users, ref, ({ userId }) => userId);
export const findRole = (account: Account, ref: Pick<EntityRef, 'id' | 'name'>): Role | undefined => byId(account.roles, ref, ({ roleId }) => roleId);

/** A user's certificate, by its id: under the user that had it, or under the name that this one has now. Root's is not found. */
function findCertificate(account: Account, { id, name }: Pick<EntityRef, 'id' | 'name'>): Entity | undefined {
  const of = (user: User | undefined): Entity | undefined => {
    const certificate = user?.signingCertificates.find(({ certificateId }) => certificateId === id);
    return user === undefined || certificate === undefined ? undefined : { kind: 'signing-certificate', certificate, user };
  };
  const named = of(account.users.get(name));
  if (named !== undefined) return named;
  for (const user of account.users.values()) {
    const found = of(user);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** By the name that it had; where another has that name now, or none, by its id. */
function byId<T>(
  map: { get(name: string): T | undefined; values(): Iterable<T> },
  { id, name }: Pick<EntityRef, 'id' | 'name'>,
  idOf: (value: T) => string,
): T | undefined {
  const named = map.get(name);
  if (named !== undefined && idOf(named) === id) return named;
  for (const value of map.values()) if (idOf(value) === id) return value;
  return undefined;
}

/** Who is asked for when exemptions and break-glass are looked up: the thing, and the user that it belongs to. */
export function subjectOf(account: Account, entity: Entity): ExemptionSubject {
  switch (entity.kind) {
    case 'group': {
      const { groupId, groupName, path } = entity.group;
      return { ids: [groupId, arnOfExistingGroup(account, entity.group)], tags: [], paths: [path], groups: [groupName] };
    }
    case 'policy': {
      const { policyId, arn, tags, path } = entity.policy;
      return { ids: [policyId, arn], tags, paths: [path], groups: [] };
    }
    case 'mfa-device': {
      const { deviceId, serialNumber, tags, path } = entity.device;
      return { ids: [deviceId, serialNumber], tags, paths: [path], groups: [] };
    }
    case 'signing-certificate': {
      const owner = subjectOfUser(account, entity.user);
      return { ...owner, ids: [entity.certificate.certificateId, ...owner.ids] };
    }
    case 'role':
      return subjectOfRole(account, entity.role);
    case 'access-key': {
      const owner = subjectOfUser(account, entity.user);
      return { ...owner, ids: [entity.key.accessKeyId, ...owner.ids] };
    }
    default:
      return entity.user === undefined ? subjectOfRole(account, entity.role) : subjectOfUser(account, entity.user);
  }
}

const subjectOfUser = (account: Account, user: User): ExemptionSubject => ({
  ids: [user.userId, arnOfExistingUser(account, user)],
  tags: user.tags,
  paths: [user.path],
  groups: user.groups,
});

const subjectOfRole = (account: Account, role: Role): ExemptionSubject => ({
  ids: [role.roleId, arnOfExistingRole(account, role)],
  tags: role.tags,
  paths: [role.path],
  groups: [],
});

/** How people know it: `access key AKIA… of alice`. */
export function describeRef({ kind, id, name, actions }: EntityRef): string {
  if (kind === 'access-key') return `access key ${id} of ${name}`;
  if (kind === 'signing-certificate') return `signing certificate ${id} of ${name}`;
  if (kind === 'mfa-device') return `MFA device ${name}`;
  if (kind === 'password') return `password of ${name}`;
  if (kind === 'permission') return `${actions?.length ?? 0} permissions of ${name}`;
  return `${kind} ${name}`;
}

/** `access-key.AKIA…`: the instance of the saga; a thing has one stream for all its ladders. */
export function instanceOf({ kind, id, actions }: EntityRef): string {
  return kind === 'permission' ? `${kind}.${id}.${actions?.[0]?.split(':')[0] ?? ''}` : `${kind}.${id}`;
}
