import type { Group as WireGroup } from '@aws-sdk/client-iam';
import { EntityAlreadyExists, LimitExceeded, groupArn } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsGroupName, IsPath } from '../shapes.ts';
import { describeGroup } from './group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html */
export class CreateGroup extends IamCommand<{ Group: WireGroup }> {
  @IsPath() Path: string = '/';
  @IsGroupName() GroupName!: string;
}

export const createGroup = operation(CreateGroup, {
  resource: ({ Path, GroupName }, account) => groupArn(account, Path, GroupName),
  decide({ Path, GroupName }, account, call) {
    if (account.groups.has(GroupName)) throw new EntityAlreadyExists(`Group with name ${GroupName} already exists.`);
    if (account.groups.size >= account.quotas.groups) throw new LimitExceeded(`Cannot exceed quota for GroupsPerAccount: ${account.quotas.groups}`);
    return [fact('GroupCreated', { groupName: GroupName, groupId: call.newId('AGPA'), path: Path, createDate: call.time })];
  },
  respond: ({ GroupName }, account) => ({ Group: describeGroup(account, account.groups.get(GroupName)!) }), // decided: it exists
});
