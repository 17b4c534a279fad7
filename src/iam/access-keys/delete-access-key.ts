import { IsOptional } from 'class-validator';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsAccessKeyId, IsExistingUserName } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { accessKeyOwner, requireAccessKey } from './find-access-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html */
export class DeleteAccessKey extends IamCommand {
  @IsExistingUserName() @IsOptional() UserName?: string;
  @IsAccessKeyId() AccessKeyId!: string;
}

export const deleteAccessKey = operation(DeleteAccessKey, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  decide({ UserName, AccessKeyId }, account, call) {
    const userName = accessKeyOwner(account, UserName, call);
    requireAccessKey(account, userName, AccessKeyId);
    return [fact('AccessKeyDeleted', { accessKeyId: AccessKeyId, ...(userName === undefined ? {} : { userName }) })];
  },
});
