import type { AccessKey as WireAccessKey } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { LimitExceeded } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { accessKeyIdsOf, accessKeyOwner } from './find-access-key.ts';

/** Root has the key of its account's first start and no other: it is for setting up, not for daily work. */
export const rootAccessKeysMax = 1;

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html */
export class CreateAccessKey extends IamCommand<{ AccessKey: WireAccessKey }> {
  @IsExistingUserName() @IsOptional() UserName?: string;
}

export const createAccessKey = operation(CreateAccessKey, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  decide({ UserName }, account, call) {
    const userName = accessKeyOwner(account, UserName, call);
    const keysMax = userName === undefined ? rootAccessKeysMax : account.quotas.accessKeysPerUser;
    if (accessKeyIdsOf(account, userName).length >= keysMax) throw new LimitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${keysMax}`);
    return [
      fact('AccessKeyCreated', {
        accessKeyId: call.newAccessKeyId('AKIA'),
        ...(userName === undefined ? {} : { userName }),
        status: 'Active',
        createDate: call.time,
        masterKeyId: call.secrets.masterKeyId,
      }),
    ];
  },
  respond(_command, _account, call, events) {
    const [created] = events;
    if (created?.type !== 'AccessKeyCreated') throw new Error('CreateAccessKey decides exactly one AccessKeyCreated');
    const { accessKeyId, userName, status, createDate, masterKeyId } = created.data;
    return {
      AccessKey: {
        UserName: userName,
        AccessKeyId: accessKeyId,
        Status: status,
        SecretAccessKey: call.secrets.secretAccessKey(masterKeyId!, accessKeyId), // decided above: it has one
        CreateDate: new Date(createDate),
      },
    };
  },
});
