import type { Command } from 'commander';
import { parseAccountId, parseTimeOrPosition, withExamples } from '../arguments.ts';
import type { Start } from '../invocation.ts';
import { getState } from '../operations.ts';
import { jsonText } from '../terminal.ts';

interface StateOptions {
  readonly asOf?: string | number;
  readonly account?: string;
}

/** `iam-ledger state`: a whole account, now or as it was. */
export function addStateCommand(program: Command, start: Start): void {
  const command = program
    .command('state')
    .summary('print a whole account, now or as it was')
    .description('Print a whole account as JSON, now or as it was. With --json in canonical form, byte for byte the same for the same state')
    .option('--as-of <time>', 'the account as it was then: a time, a time ago (24h), or a position of the log', parseTimeOrPosition)
    .option('--account <id>', "the account (default: the caller's)", parseAccountId)
    .action(async ({ asOf, account }: StateOptions, self: Command) => {
      const run = start(self);
      const text = await getState(await run.client(), { AsOf: asOf, AccountId: account });
      run.print(run.json ? text : jsonText(JSON.parse(text), 2));
    });
  withExamples(
    command,
    'iam-ledger state',
    'iam-ledger state --as-of 2026-01-01T00:00:00Z',
    'iam-ledger state --as-of 4711 --account 000000000002 --json',
  );
}
