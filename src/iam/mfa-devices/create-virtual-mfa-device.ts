import type { VirtualMFADevice } from '@aws-sdk/client-iam';
import { EntityAlreadyExists, InvalidInput, LimitExceeded, mfaArn } from '../../../libs/aws/index.ts';
import { base32, qrCodePng } from '../../../libs/credentials/index.ts';
import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsPath, IsTags, IsVirtualMfaDeviceName } from '../shapes.ts';
import { checkTags, type Tag } from '../tags.ts';

/**
 * Makes an authenticator's seed. It is shown in this answer only, as text and as a picture, and the same again to a client that repeats the call.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateVirtualMFADevice.html
 */
export class CreateVirtualMFADevice extends IamCommand<{ VirtualMFADevice: VirtualMFADevice }> {
  @IsPath() Path: string = '/';
  @IsVirtualMfaDeviceName() VirtualMFADeviceName!: string;
  @IsTags() Tags: Tag[] = [];
}

/** Characters of a serial number (IAM API, `serialNumberType`). */
const serialNumberMax = 256;

export const createVirtualMFADevice = operation(CreateVirtualMFADevice, {
  resource: ({ Path, VirtualMFADeviceName }, account) => mfaArn(account, Path, VirtualMFADeviceName),
  context: ({ Tags }) => requestTags(Tags),
  alsoRequires: ({ Path, VirtualMFADeviceName, Tags }, account) =>
    Tags.length === 0 ? [] : [{ action: 'iam:TagMFADevice', resource: mfaArn(account, Path, VirtualMFADeviceName), context: requestTags(Tags) }],
  decide({ Path, VirtualMFADeviceName, Tags }, account, call) {
    const serialNumber = mfaArn(account, Path, VirtualMFADeviceName);
    if (serialNumber.length > serialNumberMax)
      throw new InvalidInput(`The serial number of the device, ${serialNumber}, would have more than ${serialNumberMax} characters.`);
    if (account.mfaDevices.has(serialNumber)) throw new EntityAlreadyExists('MFADevice entity at the same path and name already exists.');
    const { users: max } = account.quotas; // AWS: as many devices as users
    if (account.mfaDevices.size >= max) throw new LimitExceeded(`Cannot exceed quota for VirtualMFADevicesPerAccount: ${max}`);
    checkTags([], Tags, account.quotas);
    return [
      fact('VirtualMFADeviceCreated', {
        serialNumber,
        deviceName: VirtualMFADeviceName,
        path: Path,
        deviceId: call.request.eventId,
        masterKeyId: call.secrets.masterKeyId,
        tags: Tags,
      }),
    ];
  },
  respond(_command, account, call, events) {
    const [created] = events;
    if (created?.type !== 'VirtualMFADeviceCreated') throw new Error('CreateVirtualMFADevice decides exactly one VirtualMFADeviceCreated');
    const { serialNumber, deviceName, deviceId, masterKeyId, tags } = created.data;
    const seed = base32(call.secrets.mfaSeed(masterKeyId, deviceId));
    const label = `${encodeURIComponent(deviceName)}@${call.caller.userName === undefined ? account.id : encodeURIComponent(call.caller.userName)}`;
    return {
      VirtualMFADevice: {
        SerialNumber: serialNumber,
        Base32StringSeed: Buffer.from(seed),
        QRCodePNG: qrCodePng(`otpauth://totp/${label}?secret=${seed}`),
        ...(tags.length === 0 ? {} : { Tags: tags.map((tag) => ({ ...tag })) }),
      },
    };
  },
});
