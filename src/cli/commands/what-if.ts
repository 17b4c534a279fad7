import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import type { WhatIfAnswer } from '../../audit/what-if/operations.ts';
import { parseAccountId, withExamples } from '../arguments.ts';
import { CommandFailure } from '../failures.ts';
import type { Start } from '../invocation.ts';

interface WhatIfOptions {
  readonly days?: number;
  readonly account?: string;
}

/** `iam-ledger what-if`: what would be if some commands were carried out. */
export function addWhatIfCommand(program: Command, start: Start): void {
  const command = program
    .command('what-if')
    .summary('what would be if some commands were carried out')
    .description(
      'Run commands on a branch of the state, never on the account itself: what would change, which permissions would be gained and lost, and which calls of the last days would have been refused. The file is JSON: [{"Operation": "DetachUserPolicy", "Input": {"UserName": …}}, …]',
    )
    .argument('<file>', 'the commands; - reads standard input')
    .option('--days <number>', 'how many days of calls to look at; 0: none (default: 30)', parseDays)
    .option('--account <id>', "the account (default: the caller's)", parseAccountId)
    .action(async (file: string, { days: Days, account: AccountId }: WhatIfOptions, self: Command) => {
      const run = start(self);
      const Commands = readCommands(file === '-' ? 0 : resolve(run.terminal.cwd, file));
      const answer = await (await run.client()).call<WhatIfAnswer>('what-if', { Commands, Days, AccountId });
      if (run.json) return run.printJson(answer);
      run.printTable(
        [
          { title: 'Level', value: ({ Level }) => Level },
          { title: 'Entity', value: ({ Entity }) => Entity },
          { title: 'Item', value: ({ Item }) => Item },
          { title: 'Before', value: ({ Before }) => Before, style: 'red' },
          { title: 'After', value: ({ After }) => After, style: 'green' },
        ],
        answer.Changes,
      );
      run.printTable(
        [
          { title: 'Would be refused', value: ({ Action }) => Action },
          { title: 'Resource', value: ({ Resource }) => Resource },
          { title: 'Principal', value: ({ PrincipalArn }) => PrincipalArn },
          { title: 'Calls', value: ({ Calls }) => Calls, align: 'right' },
          { title: 'Last', value: ({ LastTime }) => LastTime },
        ],
        answer.RefusedCalls,
      );
      run.note(`${answer.CallsLookedAt} calls looked at${answer.Truncated ? '; there are more' : ''}. Nothing was changed.`);
    });
  withExamples(command, 'iam-ledger what-if cleanup.json', 'iam-ledger what-if cleanup.json --days 90 --json');
}

function readCommands(file: string | number): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CommandFailure(`the commands can not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parseDays(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of days.');
  return Number(text);
}
