import type { SigningCertificate as WireSigningCertificate } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { accessKeyOwner } from '../access-keys/find-access-key.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsExistingUserName } from '../shapes.ts';
import { heldBy } from '../users/credential-holder.ts';
import { arnOfUser } from '../users/find-user.ts';
import { describeSigningCertificate } from './signing-certificate.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSigningCertificates.html */
export class ListSigningCertificates extends PagedIamCommand<{ Certificates: WireSigningCertificate[]; IsTruncated: boolean; Marker?: string }> {
  @IsExistingUserName() @IsOptional() UserName?: string;
}

export const listSigningCertificates = operation(ListSigningCertificates, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  answer(command, account, call) {
    const owner = accessKeyOwner(account, command.UserName, call);
    const sorted = [...heldBy(account, owner).signingCertificates].sort((a, b) => (a.certificateId < b.certificateId ? -1 : 1)); // ids are unique
    const { items, more } = page(command, account, call, (after) => sortedAfter(sorted, (certificate) => certificate.certificateId, after));
    return { Certificates: items.map((certificate) => describeSigningCertificate(account, owner, certificate)), ...more };
  },
});
