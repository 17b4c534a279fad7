import { tagKeys } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsSerialNumber, IsTagKeys } from '../shapes.ts';
import { tagsWithKeys } from '../tags.ts';
import { arnOfMfaDevice, requireMfaDevice } from './find-mfa-device.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagMFADevice.html */
export class UntagMFADevice extends IamCommand {
  @IsSerialNumber() SerialNumber!: string;
  @IsTagKeys() TagKeys!: string[];
}

export const untagMFADevice = operation(UntagMFADevice, {
  resource: ({ SerialNumber }, account) => arnOfMfaDevice(account, SerialNumber),
  context: ({ TagKeys }) => tagKeys(TagKeys),
  decide({ SerialNumber, TagKeys }, account) {
    const { serialNumber, tags } = requireMfaDevice(account, SerialNumber);
    const removedTags = tagsWithKeys(tags, TagKeys);
    if (removedTags.length === 0) return [];
    return [fact('MFADeviceUntagged', { serialNumber, tagKeys: removedTags.map((tag) => tag.Key), removedTags })];
  },
});
