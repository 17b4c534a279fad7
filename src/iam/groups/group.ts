import type { Group as WireGroup } from '@aws-sdk/client-iam';
import { groupArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Fact, Reducers } from '../events.ts';
import { PersistentMap } from '../persistent-map.ts';
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
import { changeUser } from '../users/user.ts';

export interface Group extends PolicyHolder {
  readonly groupName: string;
  /** `AGPA…` */
  readonly groupId: string;
  readonly path: string;
  readonly createDate: string;
  /** The users in it, by name. */
  readonly members: PersistentMap<true>;
  /** The ARN that an import brought, where it is not the one of this account, path and name. */
  readonly importedArn?: string | undefined;
}

export type GroupEvent =
  | Fact<'GroupCreated', { groupName: string; groupId: string; path: string; createDate: string; importedArn?: string | undefined }>
  | Fact<'GroupUpdated', { groupName: string; path: string; newGroupName: string; newPath: string }>
  | Fact<'GroupDeleted', { groupName: string; groupId: string; path: string }>
  | Fact<'UserAddedToGroup', { groupName: string; userName: string }>
  | Fact<'UserRemovedFromGroup', { groupName: string; userName: string }>
  | Fact<'GroupPolicyPut', { groupName: string; policyName: string; policyDocument: string; previousPolicyDocument?: string | undefined }>
  | Fact<'GroupPolicyDeleted', { groupName: string; policyName: string; policyDocument: string }>
  | Fact<'GroupPolicyAttached', { groupName: string; policyArn: string }>
  | Fact<'GroupPolicyDetached', { groupName: string; policyArn: string }>;

export const groupReducers: Reducers<GroupEvent> = {
  GroupCreated: (account, { data }) => ({
    ...account,
    groups: account.groups.set(data.groupName, {
      ...noPolicies,
      groupName: data.groupName,
      groupId: data.groupId,
      path: data.path,
      createDate: data.createDate,
      members: PersistentMap.empty(),
      importedArn: data.importedArn,
    }),
  }),
  GroupUpdated: (account, { data }) => renameGroup(account, data.groupName, data.newGroupName, data.newPath),
  GroupDeleted: (account, { data }) => {
    const group = account.groups.get(data.groupName)!; // decided: it exists
    let without: Account = account;
    for (const userName of group.members.keys()) without = leaveGroup(without, userName, data.groupName);
    return { ...forgetHolder(without, holderKey('group', data.groupName), group), groups: account.groups.delete(data.groupName) };
  },
  UserAddedToGroup: (account, { data }) => ({
    ...changeGroup(account, data.groupName, (group) => ({ ...group, members: group.members.set(data.userName, true) })),
    users: changeUser(account, data.userName, (user) => ({ ...user, groups: [...user.groups, data.groupName.toLowerCase()].sort() })).users,
  }),
  UserRemovedFromGroup: (account, { data }) => ({
    ...changeGroup(account, data.groupName, (group) => ({ ...group, members: group.members.delete(data.userName) })),
    users: leaveGroup(account, data.userName, data.groupName).users,
  }),
  GroupPolicyPut: (account, { data }) =>
    changeGroup(account, data.groupName, (group) => withInlinePolicy(group, data.policyName, data.policyDocument)),
  GroupPolicyDeleted: (account, { data }) => changeGroup(account, data.groupName, (group) => withoutInlinePolicy(group, data.policyName)),
  GroupPolicyAttached: (account, { data }) => ({
    ...changeGroup(account, data.groupName, (group) => withAttachedPolicy(group, data.policyArn)),
    attachments: noteUse(account.attachments, data.policyArn, holderKey('group', data.groupName)),
  }),
  GroupPolicyDetached: (account, { data }) => ({
    ...changeGroup(account, data.groupName, (group) => withoutAttachedPolicy(group, data.policyArn)),
    attachments: forgetUse(account.attachments, data.policyArn, holderKey('group', data.groupName)),
  }),
};

/** The account with one group changed. The group exists: it was decided so. */
export function changeGroup(account: Account, groupName: string, change: (group: Group) => Group): Account {
  const group = account.groups.get(groupName);
  if (group === undefined) throw new Error(`group ${groupName} is not in account ${account.id}`);
  return { ...account, groups: account.groups.set(groupName, change(group)) };
}

const leaveGroup = (account: Account, userName: string, groupName: string): Account =>
  changeUser(account, userName, (user) => ({ ...user, groups: user.groups.filter((name) => name !== groupName.toLowerCase()) }));

function renameGroup(account: Account, groupName: string, newGroupName: string, newPath: string): Account {
  const group = account.groups.get(groupName)!; // decided: it exists
  let renamed = renameHolder(account, holderKey('group', groupName), holderKey('group', newGroupName), group);
  const groups = account.groups.delete(groupName).set(newGroupName, { ...group, groupName: newGroupName, path: newPath, importedArn: undefined });
  if (groupName.toLowerCase() !== newGroupName.toLowerCase()) {
    const [from, to] = [groupName.toLowerCase(), newGroupName.toLowerCase()];
    for (const userName of group.members.keys()) {
      renamed = changeUser(renamed, userName, (user) => ({ ...user, groups: user.groups.map((name) => (name === from ? to : name)).sort() }));
    }
  }
  return { ...renamed, groups };
}

export const arnOfExistingGroup = (account: Account, group: Group): string => group.importedArn ?? groupArn(account, group.path, group.groupName);

/** A group as the wire shows it (IAM API, `Group`). */
export function describeGroup(account: Account, group: Group): WireGroup {
  return {
    Path: group.path,
    GroupName: group.groupName,
    GroupId: group.groupId,
    Arn: arnOfExistingGroup(account, group),
    CreateDate: new Date(group.createDate),
  };
}
