import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsAuthenticationCode, IsExistingUserName, IsSerialNumber } from '../shapes.ts';
import { arnOfDeviceOwner, deviceOwner, ownerMember, requireDeviceOf } from './find-mfa-device.ts';
import { synchronize } from './two-codes.ts';

/**
 * Learns how far the clock of a device is off, and forgets the wrong codes that it gave.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResyncMFADevice.html
 */
export class ResyncMFADevice extends IamCommand {
  @IsExistingUserName() UserName!: string;
  @IsSerialNumber() SerialNumber!: string;
  @IsAuthenticationCode() AuthenticationCode1!: string;
  @IsAuthenticationCode() AuthenticationCode2!: string;
}

/** Steps that a clock may be off to be set right: a little more than four hours. */
const stepsMax = 500;

export const resyncMFADevice = operation(ResyncMFADevice, {
  resource: ({ UserName }, account, call) => arnOfDeviceOwner(account, UserName, call),
  decide(command, account, call) {
    const owner = deviceOwner(account, command.UserName, call);
    const { device } = requireDeviceOf(account, owner, command.SerialNumber);
    const { drift, step } = synchronize(device, command, call, stepsMax);
    return [fact('MFADeviceResynced', { serialNumber: device.serialNumber, ...ownerMember(owner), drift, step })];
  },
});
