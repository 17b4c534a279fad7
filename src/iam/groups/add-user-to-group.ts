import { LimitExceeded } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName, IsGroupName } from '../shapes.ts';
import { requireUser } from '../users/find-user.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html */
export class AddUserToGroup extends IamCommand {
  @IsGroupName() GroupName!: string;
  @IsExistingUserName() UserName!: string;
}

export const addUserToGroup = operation(AddUserToGroup, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  decide({ GroupName, UserName }, account) {
    const group = requireGroup(account, GroupName);
    const user = requireUser(account, UserName);
    if (group.members.has(user.userName)) return [];
    const max = account.quotas.groupsPerUser;
    if (user.groups.length >= max) throw new LimitExceeded(`Cannot exceed quota for GroupsPerUser: ${max}`);
    return [fact('UserAddedToGroup', { groupName: group.groupName, userName: user.userName })];
  },
});
