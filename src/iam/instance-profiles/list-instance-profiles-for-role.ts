import type { InstanceProfile as WireInstanceProfile } from '@aws-sdk/client-iam';
import { operation } from '../operation.ts';
import { PagedIamCommand, page } from '../paging.ts';
import { arnOfRole, requireRole } from '../roles/find-role.ts';
import { IsRoleName } from '../shapes.ts';
import { instanceProfilesOfRole } from './find-instance-profile.ts';
import { describeListedInstanceProfile } from './instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html */
export class ListInstanceProfilesForRole extends PagedIamCommand<{ InstanceProfiles: WireInstanceProfile[]; IsTruncated: boolean; Marker?: string }> {
  @IsRoleName() RoleName!: string;
}

export const listInstanceProfilesForRole = operation(ListInstanceProfilesForRole, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  answer(command, account, call) {
    const { roleName } = requireRole(account, command.RoleName);
    const { items, more } = page(command, account, call, (after) => instanceProfilesOfRole(account, roleName, after));
    return { InstanceProfiles: items.map((profile) => describeListedInstanceProfile(account, profile)), ...more };
  },
});
