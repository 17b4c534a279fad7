import { InvalidArgumentError, Option, type Command } from 'commander';
import type { ChangeView, DiffAnswer } from '../../audit/diff/operations.ts';
import { levels, type Level } from '../../audit/diff/entity-facts.ts';
import { collect, parseAccountId, parseTimeOrPosition, withExamples } from '../arguments.ts';
import type { Start } from '../invocation.ts';

interface DiffOptions {
  readonly entity?: string;
  readonly level?: readonly string[];
  readonly account?: string;
}

/** `iam-ledger diff`: what changed in an account between two moments, and who changed it. */
export function addDiffCommand(program: Command, start: Start): void {
  const command = program
    .command('diff')
    .summary('what changed between two moments, and who changed it')
    .description('Print what is different in an account between two moments, each line with the event that made it so and who was behind it')
    .argument('<from>', 'a time, a time ago (24h), or a position of the log', parseTimeOrPosition)
    .argument('[to]', 'the same (default: now)', parseTimeOrPosition)
    .option('--entity <kind/name>', 'only of user/alice, group/admins, role/deploy, policy/Readers, instance-profile/web or account')
    .addOption(new Option('--level <level>', `${levels.join(', ')}; may be repeated (default: all)`).argParser(parseLevel))
    .option('--account <id>', "the account (default: the caller's)", parseAccountId)
    .action(async (From: string | number, To: string | number | undefined, options: DiffOptions, self: Command) => {
      const run = start(self);
      const input = { From, To, Entity: options.entity, Levels: options.level, AccountId: options.account };
      const answer = await (await run.client()).call<DiffAnswer>('diff-account', input);
      if (run.json) return run.printJson(answer);
      run.printTable<ChangeView>(
        [
          { title: 'Level', value: ({ Level }) => Level },
          { title: 'Entity', value: ({ Entity }) => Entity },
          { title: 'Item', value: ({ Item }) => Item },
          { title: 'Before', value: ({ Before }) => Before, style: 'red' },
          { title: 'After', value: ({ After }) => After, style: 'green' },
          { title: 'Position', value: ({ Event }) => Event?.Position, align: 'right' },
          { title: 'By', value: ({ Event }) => Event?.SessionRoot ?? Event?.Actor },
        ],
        answer.Changes,
      );
      run.note(`${answer.Changed} changes from position ${answer.From.Position} to ${answer.To.Position}`);
    });
  withExamples(
    command,
    'iam-ledger diff 30m',
    'iam-ledger diff 2026-01-01T00:00:00Z 2026-02-01T00:00:00Z --entity user/alice --level permission',
    'iam-ledger diff 4711 4712 --json',
  );
}

function parseLevel(text: string, earlier: readonly string[] | undefined): readonly string[] {
  if (!levels.includes(text as Level)) throw new InvalidArgumentError(`It must be one of ${levels.join(', ')}.`);
  return collect(text, earlier);
}
