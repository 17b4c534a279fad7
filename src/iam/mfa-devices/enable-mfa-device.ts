import { EntityAlreadyExists, LimitExceeded } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsAuthenticationCode, IsExistingUserName, IsSerialNumber } from '../shapes.ts';
import { heldBy } from '../users/credential-holder.ts';
import { arnOfDeviceOwner, deviceOwner, ownerMember, requireMfaDevice } from './find-mfa-device.ts';
import { synchronize } from './two-codes.ts';

/**
 * Gives a device to a user, or to root, who proves to have it by two codes in a row.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableMFADevice.html
 */
export class EnableMFADevice extends IamCommand {
  @IsExistingUserName() UserName!: string;
  @IsSerialNumber() SerialNumber!: string;
  @IsAuthenticationCode() AuthenticationCode1!: string;
  @IsAuthenticationCode() AuthenticationCode2!: string;
}

/** Steps that the clock of a device may be off when it is enabled: five minutes. */
const stepsMax = 10;

export const enableMFADevice = operation(EnableMFADevice, {
  resource: ({ UserName }, account, call) => arnOfDeviceOwner(account, UserName, call),
  decide(command, account, call) {
    const owner = deviceOwner(account, command.UserName, call);
    const device = requireMfaDevice(account, command.SerialNumber);
    if (device.assignment !== undefined) throw new EntityAlreadyExists('MFA Device is already in use.');
    const { mfaDevicesPerUser: max } = account.quotas;
    if (heldBy(account, owner).mfaDevices.length >= max) throw new LimitExceeded(`Cannot exceed quota for MfaDevicesPerUser: ${max}`);
    const { drift, step } = synchronize(device, command, call, stepsMax);
    return [fact('MFADeviceEnabled', { serialNumber: device.serialNumber, ...ownerMember(owner), enableDate: call.time, drift, step })];
  },
});
