import { DeleteConflict } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsGroupName } from '../shapes.ts';
import { arnOfGroup, requireGroup } from './find-group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html */
export class DeleteGroup extends IamCommand {
  @IsGroupName() GroupName!: string;
}

export const deleteGroup = operation(DeleteGroup, {
  resource: ({ GroupName }, account) => arnOfGroup(account, GroupName),
  decide({ GroupName }, account) {
    const group = requireGroup(account, GroupName);
    if (group.members.size > 0) throw new DeleteConflict('Cannot delete entity, must remove users from group first.');
    if (group.attachedPolicies.size > 0) throw new DeleteConflict('Cannot delete entity, must detach all policies first.');
    if (group.inlinePolicies.size > 0) throw new DeleteConflict('Cannot delete entity, must delete policies first.');
    return [fact('GroupDeleted', { groupName: group.groupName, groupId: group.groupId, path: group.path })];
  },
});
