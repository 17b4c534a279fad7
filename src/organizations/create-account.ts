import { IsEmail, IsIn, IsOptional, Length, Matches } from 'class-validator';
import { EntityAlreadyExists, LimitExceeded, type Partition } from '../../libs/aws/index.ts';
import { AwsCommand } from '../iam/operation.ts';
import type { Organization, OrganizationEvent } from './organization.ts';

/** Accounts that one server holds at most: each is folded into memory. */
const accountsMax = 10_000;

/** Makes an account with a root user; its access key is shown once, in the answer. */
export class CreateAccount extends AwsCommand<{ Account: AccountView; RootAccessKey: { AccessKeyId: string; SecretAccessKey: string } }> {
  /** 12 digits; a random one by default. */
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @Length(1, 50) @Matches(/^[ -~]+$/, { message: 'AccountName must be printable ASCII' }) AccountName!: string;
  @IsEmail() @IsOptional() Email?: string;
  @IsIn(['aws', 'aws-cn', 'aws-us-gov']) Partition: Partition = 'aws';
}

/** An account as the JSON API shows it. */
export interface AccountView {
  readonly AccountId: string;
  readonly AccountName: string;
  readonly Email: string;
  readonly Partition: Partition;
  readonly Status: 'ACTIVE' | 'CLOSED';
  readonly CreatedAt: string;
  readonly IsManagementAccount: boolean;
}

/** What is decided about a new account beside what the command says. */
export interface NewAccount {
  readonly accountId: string;
  readonly rootAccessKeyId: string;
  readonly masterKeyId: string;
  readonly rootPasswordHash?: string | undefined;
  readonly openedAt: string;
}

/** Pure. @throws EntityAlreadyExists, LimitExceeded */
export function decideCreateAccount(
  { AccountName, Email, Partition }: CreateAccount,
  organization: Organization,
  account: NewAccount,
): OrganizationEvent[] {
  if (organization.accounts.has(account.accountId)) throw new EntityAlreadyExists(`Account ${account.accountId} already exists.`);
  if (organization.accounts.size >= accountsMax) throw new LimitExceeded(`Cannot exceed quota for AccountsPerServer: ${accountsMax}`);
  return [
    {
      type: 'AccountCreated',
      data: { ...account, accountName: AccountName, email: Email ?? `root+${account.accountId}@iam-ledger.invalid`, partition: Partition },
    },
  ];
}

export function describeAccounts(organization: Organization): AccountView[] {
  return [...organization.accounts.values()].map((account) => ({
    AccountId: account.accountId,
    AccountName: account.accountName,
    Email: account.email,
    Partition: account.partition,
    Status: account.status,
    CreatedAt: account.createdAt,
    IsManagementAccount: account.accountId === organization.managementAccountId,
  }));
}
