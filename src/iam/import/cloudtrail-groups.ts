import { groupArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { fact } from '../events.ts';
import type { Group } from '../groups/group.ts';
import { changed, dateOf, entityOf, foreignArn, isMissing, unchanged, type Fold, type Folded, type RecordedCall } from './cloudtrail-call.ts';
import { holderFolds, leftInHolder } from './cloudtrail-holders.ts';
import { optionalText, textOf } from './json.ts';

const createGroup: Fold = (call, account) => {
  const created = entityOf(call, 'group');
  const [groupName, groupId, path] = [textOf(created, 'groupName'), textOf(created, 'groupId'), optionalText(created, 'path') ?? '/'];
  const present = account.groups.get(groupName);
  if (present?.groupId === groupId) return unchanged;
  const importedArn = foreignArn(created, groupArn(account, path, groupName));
  const event = fact('GroupCreated', { groupName, groupId, path, createDate: dateOf(created, 'createDate', call), importedArn });
  if (present === undefined) return changed(event);
  return { events: [groupDeleted(present), event], missing: [`DeleteGroup of group ${groupName} with the id ${present.groupId}`] };
};

const updateGroup: Fold = ({ request }, account) => {
  const group = account.groups.get(textOf(request, 'groupName'));
  if (group === undefined) return isMissing(`CreateGroup of group ${textOf(request, 'groupName')}`);
  const [newGroupName, newPath] = [optionalText(request, 'newGroupName') ?? group.groupName, optionalText(request, 'newPath') ?? group.path];
  if (newGroupName === group.groupName && newPath === group.path) return unchanged;
  const updated = fact('GroupUpdated', { groupName: group.groupName, path: group.path, newGroupName, newPath });
  const namesake = account.groups.get(newGroupName);
  if (namesake === undefined || namesake === group) return changed(updated);
  return { events: [groupDeleted(namesake), updated], missing: [`DeleteGroup of group ${newGroupName} with the id ${namesake.groupId}`] };
};

const deleteGroup: Fold = ({ request }, account) => {
  const group = account.groups.get(textOf(request, 'groupName'));
  if (group === undefined) return isMissing(`CreateGroup of group ${textOf(request, 'groupName')}`);
  const members = [...group.members.keys()].map(
    (name) => `RemoveUserFromGroup of user ${account.users.get(name)?.userName ?? name} from group ${group.groupName}`,
  );
  return { events: [groupDeleted(group)], missing: [...members, ...leftInHolder('group', group.groupName, group)] };
};

/** Calls about a user and a group: both must be there. */
function inGroup(fold: (names: { readonly groupName: string; readonly userName: string }, isMember: boolean) => Folded): Fold {
  return ({ request }: RecordedCall, account: Account) => {
    const [group, user] = [account.groups.get(textOf(request, 'groupName')), account.users.get(textOf(request, 'userName'))];
    if (group !== undefined && user !== undefined)
      return fold({ groupName: group.groupName, userName: user.userName }, group.members.has(user.userName));
    return isMissing(
      ...(group === undefined ? [`CreateGroup of group ${textOf(request, 'groupName')}`] : []),
      ...(user === undefined ? [`CreateUser of user ${textOf(request, 'userName')}`] : []),
    );
  };
}

const groupDeleted = ({ groupName, groupId, path }: Group) => fact('GroupDeleted', { groupName, groupId, path });

/** The calls that change groups, by their names. */
export const groupFolds: Readonly<Record<string, Fold>> = {
  CreateGroup: createGroup,
  UpdateGroup: updateGroup,
  DeleteGroup: deleteGroup,
  AddUserToGroup: inGroup((names, isMember) => (isMember ? unchanged : changed(fact('UserAddedToGroup', names)))),
  RemoveUserFromGroup: inGroup((names, isMember) =>
    isMember ? changed(fact('UserRemovedFromGroup', names)) : isMissing(`AddUserToGroup of user ${names.userName} to group ${names.groupName}`),
  ),
  ...holderFolds('group'),
};
