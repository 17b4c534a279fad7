import type { Account } from './account.ts';

/** How policies name an account as a whole: the resource of `iam-ledger:` actions on it. */
export const accountArn = (account: Pick<Account, 'id' | 'partition'>, accountId: string = account.id): string =>
  `arn:${account.partition}:iam-ledger::${accountId}:account`;
