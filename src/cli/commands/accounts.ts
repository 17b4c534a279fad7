import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import { parseAccountId, withExamples } from '../arguments.ts';
import { rootKeyText, type Start } from '../invocation.ts';
import { closeAccount, createAccount, listAccounts, type CreateAccountInput, type ListedAccount } from '../operations.ts';

/** `iam-ledger accounts create|list|close`: the accounts of the running server. */
export function addAccountsCommand(program: Command, start: Start): void {
  const accounts = program
    .command('accounts')
    .summary('create, list and close accounts')
    .description('Create, list and close the accounts of the server');
  addCreate(accounts, start);
  addList(accounts, start);
  addClose(accounts, start);
}

interface CreateOptions {
  readonly id?: string;
  readonly email?: string;
  readonly partition?: string;
}

function addCreate(accounts: Command, start: Start): void {
  const command = accounts
    .command('create')
    .summary('create an account')
    .description('Create an account; the access key of its root user is printed once and never again')
    .argument('<name>', 'name of the account')
    .option('--id <account>', '12 digits (default: chosen by the server)', parseAccountId)
    .option('--email <address>', 'e-mail address of its root user')
    .addOption(new Option('--partition <partition>', 'second part of its ARNs (default: aws)').choices(['aws', 'aws-cn', 'aws-us-gov']))
    .action(async (name: string, { id, email, partition }: CreateOptions, self: Command) => {
      const run = start(self);
      const input: CreateAccountInput = { AccountName: name, AccountId: id, Email: email, Partition: partition };
      const created = await createAccount(await run.client(), input);
      if (run.json) return run.printJson(created);
      run.print(`Created account ${created.Account.AccountId} (${created.Account.AccountName}).`);
      run.print(rootKeyText(created.RootAccessKey, created.Account.AccountId));
    });
  withExamples(command, 'iam-ledger accounts create staging', 'iam-ledger accounts create staging --id 000000000002 --email ops@example.com --json');
}

function addList(accounts: Command, start: Start): void {
  const command = accounts
    .command('list')
    .summary('list the accounts')
    .description('List the accounts of the server')
    .action(async (_options: object, self: Command) => {
      const run = start(self);
      const listed = await listAccounts(await run.client());
      if (run.json) return run.printJson(listed);
      run.printTable<ListedAccount>(
        [
          { title: 'Account', value: ({ AccountId }) => AccountId },
          { title: 'Name', value: ({ AccountName }) => AccountName },
          { title: 'Status', value: ({ Status }) => Status },
          { title: 'Partition', value: ({ Partition }) => Partition },
          { title: 'Created', value: ({ CreatedAt }) => CreatedAt },
          { title: 'Email', value: ({ Email }) => Email },
        ],
        listed.Accounts,
      );
    });
  withExamples(command, 'iam-ledger accounts list');
}

function addClose(accounts: Command, start: Start): void {
  const command = accounts
    .command('close')
    .summary('close an account')
    .description('Close an account: its credentials stop working; its history stays')
    .addArgument(new Argument('<account>', '12 digits').argParser(parseAccountId))
    .action(async (accountId: string, _options: object, self: Command) => {
      const run = start(self);
      const closed = await closeAccount(await run.client(), accountId);
      if (run.json) return run.printJson(closed);
      run.print(`Closed account ${accountId}.`);
    });
  withExamples(command, 'iam-ledger accounts close 000000000002');
}
