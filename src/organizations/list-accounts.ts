import { AwsCommand } from '../iam/operation.ts';
import type { AccountView } from './create-account.ts';

/** Lists the accounts of this server. */
export class ListAccounts extends AwsCommand<{ Accounts: AccountView[] }> {}
