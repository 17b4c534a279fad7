import { operation } from '../operation.ts';
import { PagedIamCommand } from '../paging.ts';
import { IsSerialNumber } from '../shapes.ts';
import { pageOfTags, type TagPage } from '../tag-pages.ts';
import { arnOfMfaDevice, requireMfaDevice } from './find-mfa-device.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADeviceTags.html */
export class ListMFADeviceTags extends PagedIamCommand<TagPage> {
  @IsSerialNumber() SerialNumber!: string;
}

export const listMFADeviceTags = operation(ListMFADeviceTags, {
  resource: ({ SerialNumber }, account) => arnOfMfaDevice(account, SerialNumber),
  answer: (command, account, call) => pageOfTags(command, account, call, requireMfaDevice(account, command.SerialNumber).tags),
});
