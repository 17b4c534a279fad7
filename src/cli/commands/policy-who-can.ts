import type { Command } from 'commander';
import { parseAccountId, parseTimeOrPosition, withExamples } from '../arguments.ts';
import type { Client } from '../client.ts';
import type { Start } from '../invocation.ts';
import { parseContext, type ContextOption } from './policy-context.ts';

interface WhoCanOptions {
  readonly action: string;
  readonly resource?: string;
  readonly context?: ContextOption;
  readonly asOf?: string | number;
  readonly account?: string;
}

interface WhoCanAnswer {
  readonly Principals: readonly AllowedPrincipal[];
  readonly Allowed: number;
  readonly Asked: number;
}

interface AllowedPrincipal {
  readonly PrincipalArn: string;
  readonly Type: string;
}

/** `iam-ledger policy who-can`: the users and roles that may do something, now or then. */
export function addPolicyWhoCan(policy: Command, start: Start): void {
  const command = policy
    .command('who-can')
    .summary('list the users and roles that may do something')
    .description('List the users and roles of an account that may do something, now or as it was')
    .requiredOption('--action <action>', 'such as s3:GetObject')
    .option('--resource <arn>', 'on what (default: *)')
    .option('--context <key=value>', 'condition key of the request; may be repeated, also for several values of a key', parseContext)
    .option('--as-of <time>', 'the account as it was then: a time, a time ago (24h), or a position of the log', parseTimeOrPosition)
    .option('--account <id>', "the account (default: the caller's)", parseAccountId)
    .action(async (options: WhoCanOptions, self: Command) => {
      const run = start(self);
      const answer = await whoCan(await run.client(), options);
      if (run.json) return run.printJson(answer);
      run.printTable<AllowedPrincipal>(
        [
          { title: 'Type', value: ({ Type }) => Type },
          { title: 'Principal', value: ({ PrincipalArn }) => PrincipalArn },
        ],
        answer.Principals,
      );
      run.note(`${answer.Allowed} of ${answer.Asked} users and roles`);
    });
  withExamples(
    command,
    'iam-ledger policy who-can --action iam:CreateUser',
    'iam-ledger policy who-can --action s3:GetObject --resource arn:aws:s3:::reports/2026.csv --context aws:SourceIp=192.0.2.1 --as-of 7d',
  );
}

function whoCan(client: Client, { action, resource, context, asOf, account }: WhoCanOptions): Promise<WhoCanAnswer> {
  return client.call('who-can', { Action: action, Resource: resource, Context: context, AsOf: asOf, AccountId: account });
}
