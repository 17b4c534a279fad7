import { IsOptional } from 'class-validator';
import { InvalidInput } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsAccessKeyId, IsExistingUserName, IsStatus } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { accessKeyOwner, requireAccessKey } from './find-access-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html */
export class UpdateAccessKey extends IamCommand {
  @IsExistingUserName() @IsOptional() UserName?: string;
  @IsAccessKeyId() AccessKeyId!: string;
  @IsStatus() Status!: 'Active' | 'Inactive' | 'Expired';
}

export const updateAccessKey = operation(UpdateAccessKey, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  decide({ UserName, AccessKeyId, Status }, account, call) {
    const userName = accessKeyOwner(account, UserName, call);
    const key = requireAccessKey(account, userName, AccessKeyId);
    if (Status === 'Expired') throw new InvalidInput('The status of an access key can be set to Active or Inactive only.');
    if (key.status === Status) return [];
    const data = { accessKeyId: AccessKeyId, ...(userName === undefined ? {} : { userName }) };
    return [Status === 'Active' ? fact('AccessKeyActivated', data) : fact('AccessKeyDeactivated', data)];
  },
});
