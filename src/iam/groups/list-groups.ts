import type { Group as WireGroup } from '@aws-sdk/client-iam';
import { operation } from '../operation.ts';
import { PagedIamCommand, page } from '../paging.ts';
import { IsPathPrefix } from '../shapes.ts';
import { describeGroup } from './group.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroups.html */
export class ListGroups extends PagedIamCommand<{ Groups: WireGroup[]; IsTruncated: boolean; Marker?: string }> {
  @IsPathPrefix() PathPrefix: string = '/';
}

export const listGroups = operation(ListGroups, {
  resource: () => '*',
  answer(command, account, call) {
    const { items, more } = page(command, account, call, function* (after) {
      for (const entry of account.groups.entries(after)) if (entry[1].path.startsWith(command.PathPrefix)) yield entry;
    });
    return { Groups: items.map((group) => describeGroup(account, group)), ...more };
  },
});
