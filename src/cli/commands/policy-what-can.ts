import type { Command } from 'commander';
import { parseAccountId, parseTimeOrPosition, withExamples } from '../arguments.ts';
import type { Client } from '../client.ts';
import type { Start } from '../invocation.ts';
import { parseContext, type ContextOption } from './policy-context.ts';

interface WhatCanOptions {
  readonly principal: string;
  readonly resource?: string;
  readonly context?: ContextOption;
  readonly asOf?: string | number;
  readonly account?: string;
}

/** `iam-ledger policy what-can`: the actions that a principal may do, now or then. */
export function addPolicyWhatCan(policy: Command, start: Start): void {
  const command = policy
    .command('what-can')
    .summary('list the actions that a principal may do')
    .description('List the actions that a user, a role or root may do: on a resource, or without one on some resource or other')
    .requiredOption('--principal <arn>', 'user, role or role session')
    .option('--resource <arn>', 'on what (default: whatever there is)')
    .option('--context <key=value>', 'condition key of the request; may be repeated, also for several values of a key', parseContext)
    .option('--as-of <time>', 'the account as it was then: a time, a time ago (24h), or a position of the log', parseTimeOrPosition)
    .option('--account <id>', "the account (default: the caller's)", parseAccountId)
    .action(async (options: WhatCanOptions, self: Command) => {
      const run = start(self);
      const answer = await whatCan(await run.client(), options);
      if (run.json) return run.printJson(answer);
      for (const action of answer.Actions) run.print(action);
      run.note(`${answer.Actions.length} actions`);
    });
  withExamples(
    command,
    'iam-ledger policy what-can --principal arn:aws:iam::000000000001:user/alice',
    'iam-ledger policy what-can --principal arn:aws:iam::000000000001:role/app --resource arn:aws:s3:::reports/2026.csv --json',
  );
}

function whatCan(client: Client, { principal, resource, context, asOf, account }: WhatCanOptions): Promise<{ readonly Actions: readonly string[] }> {
  return client.call('what-can', { PrincipalArn: principal, Resource: resource, Context: context, AsOf: asOf, AccountId: account });
}
