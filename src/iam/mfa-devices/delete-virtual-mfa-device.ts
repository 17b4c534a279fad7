import { DeleteConflict } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsSerialNumber } from '../shapes.ts';
import { arnOfMfaDevice, requireMfaDevice } from './find-mfa-device.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteVirtualMFADevice.html */
export class DeleteVirtualMFADevice extends IamCommand {
  @IsSerialNumber() SerialNumber!: string;
}

export const deleteVirtualMFADevice = operation(DeleteVirtualMFADevice, {
  resource: ({ SerialNumber }, account) => arnOfMfaDevice(account, SerialNumber),
  decide({ SerialNumber }, account) {
    const { serialNumber, assignment } = requireMfaDevice(account, SerialNumber);
    if (assignment !== undefined) throw new DeleteConflict('MFA VirtualDevice in use. Must deactivate first.');
    return [fact('VirtualMFADeviceDeleted', { serialNumber })];
  },
});
