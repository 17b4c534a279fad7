import type { GetMFADeviceResponse } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { IamCommand, operation } from '../operation.ts';
import { IsSerialNumber, IsUserName } from '../shapes.ts';
import { arnOfDeviceOwner, deviceOwner, requireDeviceOf } from './find-mfa-device.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetMFADevice.html */
export class GetMFADevice extends IamCommand<GetMFADeviceResponse> {
  @IsSerialNumber() SerialNumber!: string;
  @IsUserName() @IsOptional() UserName?: string;
}

export const getMFADevice = operation(GetMFADevice, {
  resource: ({ UserName }, account, call) => arnOfDeviceOwner(account, UserName, call),
  answer({ SerialNumber, UserName }, account, call) {
    const owner = deviceOwner(account, UserName, call);
    const { device, assignment } = requireDeviceOf(account, owner, SerialNumber);
    return {
      ...(owner === undefined ? {} : { UserName: owner }),
      SerialNumber: device.serialNumber,
      EnableDate: new Date(assignment.enableDate),
    };
  },
});
