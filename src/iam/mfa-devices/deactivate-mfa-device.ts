import { IsOptional } from 'class-validator';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName, IsSerialNumber } from '../shapes.ts';
import { arnOfDeviceOwner, deviceOwner, ownerMember, requireDeviceOf } from './find-mfa-device.ts';

/**
 * Takes a device from its user. Sessions that were proven with it end.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeactivateMFADevice.html
 */
export class DeactivateMFADevice extends IamCommand {
  @IsExistingUserName() @IsOptional() UserName?: string;
  @IsSerialNumber() SerialNumber!: string;
}

export const deactivateMFADevice = operation(DeactivateMFADevice, {
  resource: ({ UserName }, account, call) => arnOfDeviceOwner(account, UserName, call),
  decide({ UserName, SerialNumber }, account, call) {
    const owner = deviceOwner(account, UserName, call);
    const { device } = requireDeviceOf(account, owner, SerialNumber);
    return [fact('MFADeviceDeactivated', { serialNumber: device.serialNumber, ...ownerMember(owner) })];
  },
});
