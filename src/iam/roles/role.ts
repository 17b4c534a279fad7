import type { Role as WireRole } from '@aws-sdk/client-iam';
import { roleArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import {
  forgetHolder,
  forgetUse,
  holderKey,
  noPolicies,
  noteUse,
  withAttachedPolicy,
  withInlinePolicy,
  withoutAttachedPolicy,
  withoutInlinePolicy,
  type PolicyHolder,
} from '../policies/policy-holder.ts';
import { withTags, withoutTags, type Tags } from '../tags.ts';

export interface Role extends PolicyHolder {
  readonly roleName: string;
  /** `AROA…` */
  readonly roleId: string;
  readonly path: string;
  readonly createDate: string;
  readonly description: string | undefined;
  /** Seconds, 3600 to 43200. */
  readonly maxSessionDuration: number;
  /** The trust policy exactly as it came. */
  readonly assumeRolePolicyDocument: string;
  /**
   * Unique ids of the users and roles of this account that the trust policy names, by ARN, as they were when it was written: one that is
   * deleted and made again under the same name is not the same principal and is not trusted.
   */
  readonly trustedPrincipalIds: Readonly<Record<string, string>>;
  readonly tags: Tags;
  readonly permissionsBoundary: string | undefined;
  /** The ARN that an import brought, where it is not the one of this account, path and name. */
  readonly importedArn?: string | undefined;
  /** The last use that an import brought; the access history knows of later ones. */
  readonly importedLastUsed?: { readonly lastUsedDate: string; readonly region: string } | undefined;
}

export type RoleEvent =
  | Fact<
      'RoleCreated',
      {
        roleName: string;
        roleId: string;
        path: string;
        createDate: string;
        description?: string | undefined;
        maxSessionDuration: number;
        assumeRolePolicyDocument: string;
        trustedPrincipalIds: Readonly<Record<string, string>>;
        permissionsBoundary?: string | undefined;
        tags: Tags;
        importedArn?: string | undefined;
        importedLastUsed?: { readonly lastUsedDate: string; readonly region: string } | undefined;
      }
    >
  | Fact<
      'RoleUpdated',
      {
        roleName: string;
        description?: string | undefined;
        maxSessionDuration: number;
        previousDescription?: string | undefined;
        previousMaxSessionDuration: number;
      }
    >
  | Fact<
      'AssumeRolePolicyUpdated',
      { roleName: string; policyDocument: string; previousPolicyDocument: string; trustedPrincipalIds: Readonly<Record<string, string>> }
    >
  | Fact<'RoleDeleted', { roleName: string; roleId: string; path: string }>
  | Fact<'RoleTagged', { roleName: string; tags: Tags; previousTags: Tags }>
  | Fact<'RoleUntagged', { roleName: string; tagKeys: readonly string[]; removedTags: Tags }>
  | Fact<'RolePolicyPut', { roleName: string; policyName: string; policyDocument: string; previousPolicyDocument?: string | undefined }>
  | Fact<'RolePolicyDeleted', { roleName: string; policyName: string; policyDocument: string }>
  | Fact<'RolePolicyAttached', { roleName: string; policyArn: string }>
  | Fact<'RolePolicyDetached', { roleName: string; policyArn: string }>
  | Fact<'RolePermissionsBoundaryPut', { roleName: string; permissionsBoundary: string; previousPermissionsBoundary?: string | undefined }>
  | Fact<'RolePermissionsBoundaryDeleted', { roleName: string; permissionsBoundary: string }>;

export const roleReducers: Reducers<RoleEvent> = {
  RoleCreated: (account, { data }) => {
    const role: Role = {
      ...noPolicies,
      roleName: data.roleName,
      roleId: data.roleId,
      path: data.path,
      createDate: data.createDate,
      description: data.description,
      maxSessionDuration: data.maxSessionDuration,
      assumeRolePolicyDocument: data.assumeRolePolicyDocument,
      trustedPrincipalIds: data.trustedPrincipalIds,
      tags: data.tags,
      permissionsBoundary: data.permissionsBoundary,
      importedArn: data.importedArn,
      importedLastUsed: data.importedLastUsed,
    };
    const roles = account.roles.set(data.roleName, role);
    if (data.permissionsBoundary === undefined) return { ...account, roles };
    return { ...account, roles, boundaryUses: noteUse(account.boundaryUses, data.permissionsBoundary, holderKey('role', data.roleName)) };
  },
  RoleUpdated: (account, { data }) =>
    changeRole(account, data.roleName, (role) => ({ ...role, description: data.description, maxSessionDuration: data.maxSessionDuration })),
  AssumeRolePolicyUpdated: (account, { data }) =>
    changeRole(account, data.roleName, (role) => ({
      ...role,
      assumeRolePolicyDocument: data.policyDocument,
      trustedPrincipalIds: data.trustedPrincipalIds,
    })),
  RoleDeleted: (account, { data }) => {
    const role = account.roles.get(data.roleName)!; // decided: it exists
    return { ...forgetHolder(account, holderKey('role', data.roleName), role), roles: account.roles.delete(data.roleName) };
  },
  RoleTagged: (account, { data }) => changeRole(account, data.roleName, (role) => ({ ...role, tags: withTags(role.tags, data.tags) })),
  RoleUntagged: (account, { data }) => changeRole(account, data.roleName, (role) => ({ ...role, tags: withoutTags(role.tags, data.tagKeys) })),
  RolePolicyPut: (account, { data }) => changeRole(account, data.roleName, (role) => withInlinePolicy(role, data.policyName, data.policyDocument)),
  RolePolicyDeleted: (account, { data }) => changeRole(account, data.roleName, (role) => withoutInlinePolicy(role, data.policyName)),
  RolePolicyAttached: (account, { data }) => ({
    ...changeRole(account, data.roleName, (role) => withAttachedPolicy(role, data.policyArn)),
    attachments: noteUse(account.attachments, data.policyArn, holderKey('role', data.roleName)),
  }),
  RolePolicyDetached: (account, { data }) => ({
    ...changeRole(account, data.roleName, (role) => withoutAttachedPolicy(role, data.policyArn)),
    attachments: forgetUse(account.attachments, data.policyArn, holderKey('role', data.roleName)),
  }),
  RolePermissionsBoundaryPut: (account, { data }) => {
    const key = holderKey('role', data.roleName);
    const previous = account.roles.get(data.roleName)?.permissionsBoundary;
    const uses = previous === undefined ? account.boundaryUses : forgetUse(account.boundaryUses, previous, key);
    return {
      ...changeRole(account, data.roleName, (role) => ({ ...role, permissionsBoundary: data.permissionsBoundary })),
      boundaryUses: noteUse(uses, data.permissionsBoundary, key),
    };
  },
  RolePermissionsBoundaryDeleted: (account, { data }) => ({
    ...changeRole(account, data.roleName, (role) => ({ ...role, permissionsBoundary: undefined })),
    boundaryUses: forgetUse(account.boundaryUses, data.permissionsBoundary, holderKey('role', data.roleName)),
  }),
};

/** The account with one role changed. The role exists: it was decided so. */
export function changeRole(account: Account, roleName: string, change: (role: Role) => Role): Account {
  const role = account.roles.get(roleName);
  if (role === undefined) throw new Error(`role ${roleName} is not in account ${account.id}`);
  return { ...account, roles: account.roles.set(roleName, change(role)) };
}

export const arnOfExistingRole = (account: Account, role: Role): string => role.importedArn ?? roleArn(account, role.path, role.roleName);

/** When and where a role was last used (IAM API, `RoleLastUsed`). */
export interface RoleLastUsed {
  readonly LastUsedDate?: Date;
  readonly Region?: string;
}

/** A role as the wire shows it (IAM API, `Role`). `lastUsed` comes from the access history; lists leave it, tags and boundary out. */
export function describeRole(account: Account, role: Role, lastUsed?: RoleLastUsed): WireRole {
  return {
    ...describeRoleBriefly(account, role),
    ...(role.permissionsBoundary === undefined
      ? {}
      : { PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: role.permissionsBoundary } }),
    ...(role.tags.length === 0 ? {} : { Tags: role.tags.map((tag) => ({ ...tag })) }),
    ...(lastUsed === undefined ? {} : { RoleLastUsed: lastUsed.LastUsedDate === undefined ? importedLastUse(role) : lastUsed }),
  };
}

function importedLastUse({ importedLastUsed: imported }: Role): RoleLastUsed {
  return imported === undefined ? {} : { LastUsedDate: new Date(imported.lastUsedDate), Region: imported.region };
}

/** A role as lists show it: without tags, boundary and last use. */
export function describeRoleBriefly(account: Account, role: Role): WireRole {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: arnOfExistingRole(account, role),
    CreateDate: new Date(role.createDate),
    AssumeRolePolicyDocument: role.assumeRolePolicyDocument,
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
  };
}
