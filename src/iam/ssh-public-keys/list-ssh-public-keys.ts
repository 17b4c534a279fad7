import type { SSHPublicKeyMetadata } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser, userNameOrCaller } from '../users/find-user.ts';
import { describeListedKey } from './ssh-public-key.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSSHPublicKeys.html */
export class ListSSHPublicKeys extends PagedIamCommand<{ SSHPublicKeys: SSHPublicKeyMetadata[]; IsTruncated: boolean; Marker?: string }> {
  @IsUserName() @IsOptional() UserName?: string;
}

export const listSSHPublicKeys = operation(ListSSHPublicKeys, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  answer(command, account, call) {
    const user = requireUser(account, userNameOrCaller(command.UserName, call));
    const sorted = [...user.sshPublicKeys].sort((a, b) => (a.sshPublicKeyId < b.sshPublicKeyId ? -1 : 1)); // ids are unique
    const { items, more } = page(command, account, call, (after) => sortedAfter(sorted, (key) => key.sshPublicKeyId, after));
    return { SSHPublicKeys: items.map((key) => describeListedKey(user, key)), ...more };
  },
});
