import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsSerialNumber, IsTags } from '../shapes.ts';
import { checkTags, newTags, replacedTags, type Tag } from '../tags.ts';
import { arnOfMfaDevice, requireMfaDevice } from './find-mfa-device.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagMFADevice.html */
export class TagMFADevice extends IamCommand {
  @IsSerialNumber() SerialNumber!: string;
  @IsTags() Tags!: Tag[];
}

export const tagMFADevice = operation(TagMFADevice, {
  resource: ({ SerialNumber }, account) => arnOfMfaDevice(account, SerialNumber),
  context: ({ Tags }) => requestTags(Tags),
  decide({ SerialNumber, Tags }, account) {
    const { serialNumber, tags: present } = requireMfaDevice(account, SerialNumber);
    checkTags(present, Tags, account.quotas);
    const tags = newTags(present, Tags);
    return tags.length === 0 ? [] : [fact('MFADeviceTagged', { serialNumber, tags, previousTags: replacedTags(present, tags) })];
  },
});
