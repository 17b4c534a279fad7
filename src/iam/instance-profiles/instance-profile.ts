import type { InstanceProfile as WireInstanceProfile } from '@aws-sdk/client-iam';
import { instanceProfileArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { describeRoleBriefly } from '../roles/role.ts';
import { withTags, withoutTags, type Tags } from '../tags.ts';

export interface InstanceProfile {
  readonly instanceProfileName: string;
  /** `AIPA…` */
  readonly instanceProfileId: string;
  readonly path: string;
  readonly createDate: string;
  readonly tags: Tags;
  /** Names of the roles in it (AWS allows one). */
  readonly roles: readonly string[];
  /** The ARN that an import brought, where it is not the one of this account, path and name. */
  readonly importedArn?: string | undefined;
}

export type InstanceProfileEvent =
  | Fact<
      'InstanceProfileCreated',
      { instanceProfileName: string; instanceProfileId: string; path: string; createDate: string; tags: Tags; importedArn?: string | undefined }
    >
  | Fact<'InstanceProfileDeleted', { instanceProfileName: string; instanceProfileId: string; path: string }>
  | Fact<'RoleAddedToInstanceProfile', { instanceProfileName: string; roleName: string }>
  | Fact<'RoleRemovedFromInstanceProfile', { instanceProfileName: string; roleName: string }>
  | Fact<'InstanceProfileTagged', { instanceProfileName: string; tags: Tags; previousTags: Tags }>
  | Fact<'InstanceProfileUntagged', { instanceProfileName: string; tagKeys: readonly string[]; removedTags: Tags }>;

export const instanceProfileReducers: Reducers<InstanceProfileEvent> = {
  InstanceProfileCreated: (account, { data }) => ({
    ...account,
    instanceProfiles: account.instanceProfiles.set(data.instanceProfileName, { ...data, roles: [] }),
  }),
  InstanceProfileDeleted: (account, { data }) => ({ ...account, instanceProfiles: account.instanceProfiles.delete(data.instanceProfileName) }),
  RoleAddedToInstanceProfile: (account, { data }) =>
    changeInstanceProfile(account, data.instanceProfileName, (profile) => ({ ...profile, roles: [...profile.roles, data.roleName] })),
  RoleRemovedFromInstanceProfile: (account, { data }) =>
    changeInstanceProfile(account, data.instanceProfileName, (profile) => ({
      ...profile,
      roles: profile.roles.filter((name) => name.toLowerCase() !== data.roleName.toLowerCase()),
    })),
  InstanceProfileTagged: (account, { data }) =>
    changeInstanceProfile(account, data.instanceProfileName, (profile) => ({ ...profile, tags: withTags(profile.tags, data.tags) })),
  InstanceProfileUntagged: (account, { data }) =>
    changeInstanceProfile(account, data.instanceProfileName, (profile) => ({ ...profile, tags: withoutTags(profile.tags, data.tagKeys) })),
};

function changeInstanceProfile(account: Account, name: string, change: (profile: InstanceProfile) => InstanceProfile): Account {
  const profile = account.instanceProfiles.get(name);
  if (profile === undefined) throw new Error(`instance profile ${name} is not in account ${account.id}`);
  return { ...account, instanceProfiles: account.instanceProfiles.set(name, change(profile)) };
}

/** An instance profile as the wire shows it (IAM API, `InstanceProfile`). */
export function describeInstanceProfile(account: Account, profile: InstanceProfile): WireInstanceProfile {
  return {
    Path: profile.path,
    InstanceProfileName: profile.instanceProfileName,
    InstanceProfileId: profile.instanceProfileId,
    Arn: profile.importedArn ?? instanceProfileArn(account, profile.path, profile.instanceProfileName),
    CreateDate: new Date(profile.createDate),
    Roles: profile.roles.flatMap((name) => {
      const role = account.roles.get(name);
      return role === undefined ? [] : [describeRoleBriefly(account, role)];
    }),
    ...(profile.tags.length === 0 ? {} : { Tags: profile.tags.map((tag) => ({ ...tag })) }),
  };
}

/** An instance profile as lists show it: without tags. */
export function describeListedInstanceProfile(account: Account, profile: InstanceProfile): WireInstanceProfile {
  const { Tags: _tags, ...listed } = describeInstanceProfile(account, profile);
  return listed;
}

/** Whether a role is in the profile. */
export const holdsRole = (profile: InstanceProfile, roleName: string): boolean =>
  profile.roles.some((name) => name.toLowerCase() === roleName.toLowerCase());
