import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { withExamples } from '../arguments.ts';
import type { Start } from '../invocation.ts';
import { listQuotas, setQuota, type ListedQuota } from '../operations.ts';

/** `iam-ledger quotas list|set`: how much of what an account may hold. */
export function addQuotasCommand(program: Command, start: Start): void {
  const quotas = program
    .command('quotas')
    .summary('list and set the quotas of the account')
    .description("List and set the quotas of the caller's account; they are AWS's until they are set");
  addList(quotas, start);
  addSet(quotas, start);
}

function addList(quotas: Command, start: Start): void {
  const command = quotas
    .command('list')
    .summary('list the quotas')
    .description('List the quotas in force')
    .action(async (_options: object, self: Command) => {
      const run = start(self);
      const listed = await listQuotas(await run.client());
      if (run.json) return run.printJson(listed);
      run.printTable<ListedQuota>(
        [
          { title: 'Quota', value: ({ QuotaName }) => QuotaName },
          { title: 'Value', value: ({ Value }) => String(Value), align: 'right' },
          { title: 'Default', value: ({ DefaultValue }) => String(DefaultValue), align: 'right' },
        ],
        listed.Quotas,
      );
    });
  withExamples(command, 'iam-ledger quotas list');
}

function addSet(quotas: Command, start: Start): void {
  const command = quotas
    .command('set')
    .summary('set a quota')
    .description('Set a quota; what is there already stays, also where it is more')
    .argument('<quota>', 'its name, as list shows it')
    .argument('<value>', 'the most there may be', parseQuota)
    .action(async (name: string, value: number, _options: object, self: Command) => {
      const run = start(self);
      const set = await setQuota(await run.client(), { QuotaName: name, Value: value });
      if (run.json) return run.printJson(set);
      run.print(`${set.QuotaName} is now ${set.Value}.`);
    });
  withExamples(command, 'iam-ledger quotas set users 20000');
}

function parseQuota(text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 to 10000000.');
  return Number(text);
}
