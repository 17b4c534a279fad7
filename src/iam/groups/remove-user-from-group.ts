import { NoSuchEntity } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName, IsGroupName } from '../shapes.ts';
import { requireUser } from '../users/find-user.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html */
export class RemoveUserFromGroup extends IamCommand {
  @IsGroupName() GroupName!: string;
  @IsExistingUserName() UserName!: string;
}

export const removeUserFromGroup = operation(RemoveUserFromGroup, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  decide({ GroupName, UserName }, account) {
    const group = requireGroup(account, GroupName);
    const user = requireUser(account, UserName);
    if (!group.members.has(user.userName)) throw new NoSuchEntity(`User ${UserName} is not in group ${GroupName}.`);
    return [fact('UserRemovedFromGroup', { groupName: group.groupName, userName: user.userName })];
  },
});
