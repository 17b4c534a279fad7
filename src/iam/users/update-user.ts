import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, userArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName, IsPath, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from './find-user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html */
export class UpdateUser extends IamCommand {
  @IsExistingUserName() UserName!: string;
  @IsPath() @IsOptional() NewPath?: string;
  @IsUserName() @IsOptional() NewUserName?: string;
}

export const updateUser = operation(UpdateUser, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  // AWS, "Renaming an IAM user": who renames needs the permission on the user as it is and as it will be
  alsoRequires: (command, account) => {
    const [from, to] = [arnOfUser(account, command.UserName), arnAfter(command, account)];
    return from === to ? [] : [{ action: 'iam:UpdateUser', resource: to }];
  },
  decide({ UserName, NewPath, NewUserName }, account) {
    const user = requireUser(account, UserName);
    const newUserName = NewUserName ?? user.userName;
    const newPath = NewPath ?? user.path;
    if (newUserName === user.userName && newPath === user.path) return [];
    const namesake = account.users.get(newUserName);
    if (namesake !== undefined && namesake !== user) throw new EntityAlreadyExists(`User with name ${newUserName} already exists.`);
    return [fact('UserUpdated', { userName: user.userName, path: user.path, newUserName, newPath })];
  },
});

function arnAfter({ UserName, NewPath, NewUserName }: UpdateUser, account: Account): string {
  const user = account.users.get(UserName);
  return userArn(account, NewPath ?? user?.path ?? '/', NewUserName ?? user?.userName ?? UserName);
}
