import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html */
export class ListAccountAliases extends PagedIamCommand<{ AccountAliases: string[]; IsTruncated: boolean; Marker?: string }> {}

export const listAccountAliases = operation(ListAccountAliases, {
  resource: () => '*',
  answer(command, account, call) {
    const aliases = account.alias === undefined ? [] : [account.alias];
    const { items, more } = page(command, account, call, (after) => sortedAfter(aliases, (alias) => alias, after));
    return { AccountAliases: items, ...more };
  },
});
