import { userArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { fact } from '../events.ts';
import type { User } from '../users/user.ts';
import { changed, dateOf, entityOf, foreignArn, isMissing, tagsOf, unchanged, type Fold } from './cloudtrail-call.ts';
import { holderFolds, leftInHolder, policyUnknown } from './cloudtrail-holders.ts';
import { optionalText, textOf } from './json.ts';

const createUser: Fold = (call, account) => {
  const created = entityOf(call, 'user');
  const [userName, userId, path] = [textOf(created, 'userName'), textOf(created, 'userId'), optionalText(created, 'path') ?? '/'];
  const present = account.users.get(userName);
  if (present?.userId === userId) return unchanged;
  const permissionsBoundary = optionalText(call.request, 'permissionsBoundary');
  const event = fact('UserCreated', {
    userName,
    userId,
    path,
    createDate: dateOf(created, 'createDate', call),
    permissionsBoundary,
    tags: tagsOf(call.request),
    importedArn: foreignArn(created, userArn(account, path, userName)),
  });
  const unknown = permissionsBoundary === undefined ? [] : policyUnknown(account, permissionsBoundary);
  if (present === undefined) return { events: [event], missing: unknown };
  // AWS gave the name away again, so the one before is gone.
  return { events: [userDeleted(present), event], missing: [`DeleteUser of user ${userName} with the id ${present.userId}`, ...unknown] };
};

const updateUser: Fold = ({ request }, account) => {
  const user = account.users.get(textOf(request, 'userName'));
  if (user === undefined) return isMissing(`CreateUser of user ${textOf(request, 'userName')}`);
  const [newUserName, newPath] = [optionalText(request, 'newUserName') ?? user.userName, optionalText(request, 'newPath') ?? user.path];
  if (newUserName === user.userName && newPath === user.path) return unchanged;
  const updated = fact('UserUpdated', { userName: user.userName, path: user.path, newUserName, newPath });
  const namesake = account.users.get(newUserName);
  if (namesake === undefined || namesake === user) return changed(updated);
  return { events: [userDeleted(namesake), updated], missing: [`DeleteUser of user ${newUserName} with the id ${namesake.userId}`] };
};

const deleteUser: Fold = ({ request }, account) => {
  const user = account.users.get(textOf(request, 'userName'));
  if (user === undefined) return isMissing(`CreateUser of user ${textOf(request, 'userName')}`);
  return { events: [userDeleted(user)], missing: leftInUser(account, user) };
};

function leftInUser(account: Account, user: User): string[] {
  const { userName, loginProfile, accessKeyIds, groups } = user;
  return [
    ...(loginProfile === undefined ? [] : [`DeleteLoginProfile of user ${userName}`]),
    ...accessKeyIds.map((id) => `DeleteAccessKey of ${id} of user ${userName}`),
    ...groups.map((name) => `RemoveUserFromGroup of user ${userName} from group ${account.groups.get(name)?.groupName ?? name}`),
    ...leftInHolder('user', userName, user),
  ];
}

const userDeleted = ({ userName, userId, path }: User) => fact('UserDeleted', { userName, userId, path });

/** The calls that change users, by their names. */
export const userFolds: Readonly<Record<string, Fold>> = {
  CreateUser: createUser,
  UpdateUser: updateUser,
  DeleteUser: deleteUser,
  ...holderFolds('user'),
};
