import type { InstanceProfile as WireInstanceProfile } from '@aws-sdk/client-iam';
import { instanceProfileArn } from '../../../libs/aws/index.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page } from '../paging.ts';
import { IsPathPrefix } from '../shapes.ts';
import { describeListedInstanceProfile } from './instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfiles.html */
export class ListInstanceProfiles extends PagedIamCommand<{ InstanceProfiles: WireInstanceProfile[]; IsTruncated: boolean; Marker?: string }> {
  @IsPathPrefix() PathPrefix: string = '/';
}

export const listInstanceProfiles = operation(ListInstanceProfiles, {
  resource: ({ PathPrefix }, account) => instanceProfileArn(account, PathPrefix, ''),
  answer(command, account, call) {
    const { items, more } = page(command, account, call, function* (after) {
      for (const entry of account.instanceProfiles.entries(after)) if (entry[1].path.startsWith(command.PathPrefix)) yield entry;
    });
    return { InstanceProfiles: items.map((profile) => describeListedInstanceProfile(account, profile)), ...more };
  },
});
