import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, groupArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsGroupName, IsPath } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html */
export class UpdateGroup extends IamCommand {
  @IsGroupName() GroupName!: string;
  @IsPath() @IsOptional() NewPath?: string;
  @IsGroupName() @IsOptional() NewGroupName?: string;
}

export const updateGroup = operation(UpdateGroup, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  // AWS, "Renaming an IAM user group": who renames needs the permission on the group as it is and as it will be
  alsoRequires: (command, account) => {
    const [from, to] = [arnOfGroup(account, command.GroupName), arnAfter(command, account)];
    return from === to ? [] : [{ action: 'iam:UpdateGroup', resource: to }];
  },
  decide({ GroupName, NewPath, NewGroupName }, account) {
    const group = requireGroup(account, GroupName);
    const newGroupName = NewGroupName ?? group.groupName;
    const newPath = NewPath ?? group.path;
    if (newGroupName === group.groupName && newPath === group.path) return [];
    const namesake = account.groups.get(newGroupName);
    if (namesake !== undefined && namesake !== group) throw new EntityAlreadyExists(`Group with name ${newGroupName} already exists.`);
    return [fact('GroupUpdated', { groupName: group.groupName, path: group.path, newGroupName, newPath })];
  },
});

function arnAfter({ GroupName, NewPath, NewGroupName }: UpdateGroup, account: Account): string {
  const group = account.groups.get(GroupName);
  return groupArn(account, NewPath ?? group?.path ?? '/', NewGroupName ?? group?.groupName ?? GroupName);
}
