import type { Role as WireRole } from '@aws-sdk/client-iam';
import { roleArn } from '../../../libs/aws/index.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page } from '../paging.ts';
import { IsPathPrefix } from '../shapes.ts';
import { describeRoleBriefly } from './role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
export class ListRoles extends PagedIamCommand<{ Roles: WireRole[]; IsTruncated: boolean; Marker?: string }> {
  @IsPathPrefix() PathPrefix: string = '/';
}

export const listRoles = operation(ListRoles, {
  resource: ({ PathPrefix }, account) => roleArn(account, PathPrefix, ''),
  answer(command, account, call) {
    const { items, more } = page(command, account, call, function* (after) {
      for (const entry of account.roles.entries(after)) if (entry[1].path.startsWith(command.PathPrefix)) yield entry;
    });
    return { Roles: items.map((role) => describeRoleBriefly(account, role)), ...more };
  },
});
