import type { MFADevice } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { operation } from '../operation.ts';
import { PagedIamCommand, boundedKey, page, sortedAfter } from '../paging.ts';
import { IsExistingUserName } from '../shapes.ts';
import { heldBy } from '../users/credential-holder.ts';
import { arnOfDeviceOwner, deviceOwner, requireDeviceOf } from './find-mfa-device.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html */
export class ListMFADevices extends PagedIamCommand<{ MFADevices: MFADevice[]; IsTruncated: boolean; Marker?: string }> {
  @IsExistingUserName() @IsOptional() UserName?: string;
}

export const listMFADevices = operation(ListMFADevices, {
  resource: ({ UserName }, account, call) => arnOfDeviceOwner(account, UserName, call),
  answer(command, account, call) {
    const owner = deviceOwner(account, command.UserName, call);
    const keyOf = (serialNumber: string): string => boundedKey(serialNumber);
    const sorted = [...heldBy(account, owner).mfaDevices].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)); // serial numbers are unique
    const { items, more } = page(command, account, call, (after) => sortedAfter(sorted, keyOf, after));
    return {
      MFADevices: items.map((serialNumber) => ({
        UserName: owner ?? account.alias ?? account.id,
        SerialNumber: serialNumber,
        EnableDate: new Date(requireDeviceOf(account, owner, serialNumber).assignment.enableDate),
      })),
      ...more,
    };
  },
});
