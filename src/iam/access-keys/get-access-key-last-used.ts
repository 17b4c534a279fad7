import type { AccessKeyLastUsed } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsAccessKeyId } from '../shapes.ts';
import { arnOfUser } from '../users/find-user.ts';
import { findAccessKey, noSuchAccessKey } from './find-access-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html */
export class GetAccessKeyLastUsed extends IamCommand<{ UserName?: string; AccessKeyLastUsed: AccessKeyLastUsed }> {
  @IsAccessKeyId() AccessKeyId!: string;
}

export const getAccessKeyLastUsed = operation(GetAccessKeyLastUsed, {
  /** The key's user. Of a key that is not there, only those may learn so who may ask about every user. */
  resource({ AccessKeyId }, account) {
    const key = findAccessKey(account, AccessKeyId);
    return key === undefined ? '*' : arnOfUser(account, key.userName);
  },
  answer({ AccessKeyId }, account, call) {
    const key = findAccessKey(account, AccessKeyId);
    if (key === undefined) throw noSuchAccessKey(AccessKeyId);
    const used = call.lastUsed.accessKey(AccessKeyId);
    return {
      ...(key.userName === undefined ? {} : { UserName: key.userName }),
      AccessKeyLastUsed: used === undefined ? neverUsed : { LastUsedDate: used.date, ServiceName: used.serviceName, Region: used.region },
    };
  },
});

const neverUsed: AccessKeyLastUsed = { ServiceName: 'N/A', Region: 'N/A' };
