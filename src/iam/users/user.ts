import type { User as WireUser } from '@aws-sdk/client-iam';
import { userArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import type { LoginProfile } from '../login-profiles/login-profile.ts';
import { ofRenamedUser } from '../mfa-devices/assignment.ts';
import {
  forgetHolder,
  forgetUse,
  holderKey,
  noPolicies,
  noteUse,
  renameHolder,
  withAttachedPolicy,
  withInlinePolicy,
  withoutAttachedPolicy,
  withoutInlinePolicy,
  type PolicyHolder,
} from '../policies/policy-holder.ts';
import type { ServiceSpecificCredential } from '../service-specific-credentials/service-specific-credential.ts';
import type { SigningCertificate } from '../signing-certificates/signing-certificate.ts';
import type { SshPublicKey } from '../ssh-public-keys/ssh-public-key.ts';
import { withTags, withoutTags, type Tags } from '../tags.ts';

export interface User extends PolicyHolder {
  readonly userName: string;
  /** `AIDA…`, never used again. */
  readonly userId: string;
  readonly path: string;
  readonly createDate: string;
  readonly tags: Tags;
  readonly permissionsBoundary: string | undefined;
  /** Folded names. */
  readonly groups: readonly string[];
  readonly accessKeyIds: readonly string[];
  readonly loginProfile: LoginProfile | undefined;
  /** Serial numbers of the user's MFA devices, in the order in which they were enabled. */
  readonly mfaDevices: readonly string[];
  readonly signingCertificates: readonly SigningCertificate[];
  readonly sshPublicKeys: readonly SshPublicKey[];
  readonly serviceSpecificCredentials: readonly ServiceSpecificCredential[];
  /** The ARN that an import brought, where it is not the one of this account, path and name. */
  readonly importedArn?: string | undefined;
}

export type UserEvent =
  | Fact<
      'UserCreated',
      {
        userName: string;
        userId: string;
        path: string;
        createDate: string;
        permissionsBoundary?: string | undefined;
        tags: Tags;
        importedArn?: string | undefined;
      }
    >
  | Fact<'UserUpdated', { userName: string; path: string; newUserName: string; newPath: string }>
  | Fact<'UserDeleted', { userName: string; userId: string; path: string }>
  | Fact<'UserTagged', { userName: string; tags: Tags; previousTags: Tags }>
  | Fact<'UserUntagged', { userName: string; tagKeys: readonly string[]; removedTags: Tags }>
  | Fact<'UserPolicyPut', { userName: string; policyName: string; policyDocument: string; previousPolicyDocument?: string | undefined }>
  | Fact<'UserPolicyDeleted', { userName: string; policyName: string; policyDocument: string }>
  | Fact<'UserPolicyAttached', { userName: string; policyArn: string }>
  | Fact<'UserPolicyDetached', { userName: string; policyArn: string }>
  | Fact<'UserPermissionsBoundaryPut', { userName: string; permissionsBoundary: string; previousPermissionsBoundary?: string | undefined }>
  | Fact<'UserPermissionsBoundaryDeleted', { userName: string; permissionsBoundary: string }>;

export const userReducers: Reducers<UserEvent> = {
  UserCreated: (account, { data }) => {
    const user: User = {
      ...noPolicies,
      userName: data.userName,
      userId: data.userId,
      path: data.path,
      createDate: data.createDate,
      tags: data.tags,
      permissionsBoundary: data.permissionsBoundary,
      groups: [],
      accessKeyIds: [],
      loginProfile: undefined,
      mfaDevices: [],
      signingCertificates: [],
      sshPublicKeys: [],
      serviceSpecificCredentials: [],
      importedArn: data.importedArn,
    };
    const users = account.users.set(data.userName, user);
    if (data.permissionsBoundary === undefined) return { ...account, users };
    return { ...account, users, boundaryUses: noteUse(account.boundaryUses, data.permissionsBoundary, holderKey('user', data.userName)) };
  },
  UserUpdated: (account, { data }) => renameUser(account, data.userName, data.newUserName, data.newPath),
  UserDeleted: (account, { data }) => {
    const user = account.users.get(data.userName)!; // decided: it exists
    let groups = account.groups;
    for (const name of user.groups) {
      const group = groups.get(name)!; // membership stands on both sides
      groups = groups.set(name, { ...group, members: group.members.delete(data.userName) });
    }
    let accessKeys = account.accessKeys;
    for (const id of user.accessKeyIds) accessKeys = accessKeys.delete(id);
    return { ...forgetHolder(account, holderKey('user', data.userName), user), groups, accessKeys, users: account.users.delete(data.userName) };
  },
  UserTagged: (account, { data }) => changeUser(account, data.userName, (user) => ({ ...user, tags: withTags(user.tags, data.tags) })),
  UserUntagged: (account, { data }) => changeUser(account, data.userName, (user) => ({ ...user, tags: withoutTags(user.tags, data.tagKeys) })),
  UserPolicyPut: (account, { data }) => changeUser(account, data.userName, (user) => withInlinePolicy(user, data.policyName, data.policyDocument)),
  UserPolicyDeleted: (account, { data }) => changeUser(account, data.userName, (user) => withoutInlinePolicy(user, data.policyName)),
  UserPolicyAttached: (account, { data }) => ({
    ...changeUser(account, data.userName, (user) => withAttachedPolicy(user, data.policyArn)),
    attachments: noteUse(account.attachments, data.policyArn, holderKey('user', data.userName)),
  }),
  UserPolicyDetached: (account, { data }) => ({
    ...changeUser(account, data.userName, (user) => withoutAttachedPolicy(user, data.policyArn)),
    attachments: forgetUse(account.attachments, data.policyArn, holderKey('user', data.userName)),
  }),
  UserPermissionsBoundaryPut: (account, { data }) => {
    const key = holderKey('user', data.userName);
    const previous = account.users.get(data.userName)?.permissionsBoundary;
    const uses = previous === undefined ? account.boundaryUses : forgetUse(account.boundaryUses, previous, key);
    return {
      ...changeUser(account, data.userName, (user) => ({ ...user, permissionsBoundary: data.permissionsBoundary })),
      boundaryUses: noteUse(uses, data.permissionsBoundary, key),
    };
  },
  UserPermissionsBoundaryDeleted: (account, { data }) => ({
    ...changeUser(account, data.userName, (user) => ({ ...user, permissionsBoundary: undefined })),
    boundaryUses: forgetUse(account.boundaryUses, data.permissionsBoundary, holderKey('user', data.userName)),
  }),
};

/** The account with one user changed. The user exists: it was decided so. */
export function changeUser(account: Account, userName: string, change: (user: User) => User): Account {
  const user = account.users.get(userName);
  if (user === undefined) throw new Error(`user ${userName} is not in account ${account.id}`);
  return { ...account, users: account.users.set(userName, change(user)) };
}

function renameUser(account: Account, userName: string, newUserName: string, newPath: string): Account {
  const user = account.users.get(userName)!; // decided: it exists
  const moved = renameHolder(account, holderKey('user', userName), holderKey('user', newUserName), user);
  const users = account.users.delete(userName).set(newUserName, { ...user, userName: newUserName, path: newPath, importedArn: undefined });
  if (userName.toLowerCase() === newUserName.toLowerCase()) return { ...moved, users };
  let { groups, accessKeys, mfaDevices } = account;
  for (const name of user.groups) {
    const group = groups.get(name)!; // membership stands on both sides
    groups = groups.set(name, { ...group, members: group.members.delete(userName).set(newUserName, true) });
  }
  for (const id of user.accessKeyIds) accessKeys = accessKeys.set(id, { ...accessKeys.get(id)!, userName: newUserName });
  for (const serialNumber of user.mfaDevices) mfaDevices = mfaDevices.set(serialNumber, ofRenamedUser(mfaDevices.get(serialNumber)!, newUserName));
  return { ...moved, users, groups, accessKeys, mfaDevices };
}

export const arnOfExistingUser = (account: Account, user: User): string => user.importedArn ?? userArn(account, user.path, user.userName);

/** A user as the wire shows it (IAM API, `User`). `passwordLastUsed` comes from the access history. */
export function describeUser(account: Account, user: User, passwordLastUsed?: Date | undefined): WireUser {
  return {
    ...describeUserBriefly(account, user, passwordLastUsed),
    ...(user.permissionsBoundary === undefined
      ? {}
      : { PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: user.permissionsBoundary } }),
    ...(user.tags.length === 0 ? {} : { Tags: user.tags.map((tag) => ({ ...tag })) }),
  };
}

/** A user as lists show it: without tags and boundary. */
export function describeUserBriefly(account: Account, user: User, passwordLastUsed?: Date | undefined): WireUser {
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: arnOfExistingUser(account, user),
    CreateDate: new Date(user.createDate),
    ...(passwordLastUsed === undefined ? {} : { PasswordLastUsed: passwordLastUsed }),
  };
}
