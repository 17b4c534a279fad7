import type { User as WireUser, VirtualMFADevice } from '@aws-sdk/client-iam';
import { rootArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, boundedKey, page, sortedAfter } from '../paging.ts';
import { IsAssignmentStatus } from '../shapes.ts';
import { describeUserBriefly } from '../users/user.ts';
import type { MfaDevice } from './mfa-device.ts';

/**
 * Lists devices, those of users and those of nobody; never with a seed.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListVirtualMFADevices.html
 */
export class ListVirtualMFADevices extends PagedIamCommand<{ VirtualMFADevices: VirtualMFADevice[]; IsTruncated: boolean; Marker?: string }> {
  @IsAssignmentStatus() AssignmentStatus: 'Assigned' | 'Unassigned' | 'Any' = 'Any';
}

export const listVirtualMFADevices = operation(ListVirtualMFADevices, {
  resource: () => '*',
  answer(command, account, call) {
    const { AssignmentStatus } = command;
    const keyOf = ({ serialNumber }: MfaDevice): string => boundedKey(serialNumber.toLowerCase());
    const sorted = [...account.mfaDevices.values()]
      .filter(({ assignment }) => AssignmentStatus === 'Any' || (assignment !== undefined) === (AssignmentStatus === 'Assigned'))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)); // serial numbers are unique
    const { items, more } = page(command, account, call, (after) => sortedAfter(sorted, keyOf, after));
    return { VirtualMFADevices: items.map((device) => describe(account, device, call)), ...more };
  },
});

function describe(account: Account, { serialNumber, assignment }: MfaDevice, call: Call): VirtualMFADevice {
  if (assignment === undefined) return { SerialNumber: serialNumber };
  return { SerialNumber: serialNumber, EnableDate: new Date(assignment.enableDate), User: describeOwner(account, assignment.userName, call) };
}

function describeOwner(account: Account, userName: string | undefined, call: Call): WireUser {
  if (userName === undefined)
    return { Path: '/', UserName: account.alias ?? account.id, UserId: account.id, Arn: rootArn(account), CreateDate: new Date(account.openedAt) };
  const user = account.users.get(userName)!; // a user with a device can not be deleted
  return describeUserBriefly(account, user, call.lastUsed.password(user.userId));
}
