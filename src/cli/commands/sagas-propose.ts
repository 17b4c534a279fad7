import { InvalidArgumentError, type Command } from 'commander';
import { withExamples } from '../arguments.ts';
import { CommandFailure } from '../failures.ts';
import type { Start } from '../invocation.ts';
import { proposeLeastPrivilege } from '../operations.ts';

interface ProposeOptions {
  readonly role?: boolean;
  readonly days?: number;
}

/** `iam-ledger sagas propose`: the policy text on standard output, what is to be known about it on standard error. */
export function addPropose(sagas: Command, start: Start): void {
  const command = sagas
    .command('propose <name>')
    .summary('propose policies that grant what was used, and no more')
    .description(
      'Propose policies for a user (or, with --role, a role) that grant what it used and no more, after trying them on all that it did. Changes nothing',
    )
    .option('--role', 'the name is that of a role')
    .option('--days <n>', 'how far back (default: 90)', wholeDays)
    .action(async (name: string, { role, days: Days }: ProposeOptions, self: Command) => {
      const run = start(self);
      const proposal = await proposeLeastPrivilege(await run.client(), { ...(role === true ? { RoleName: name } : { UserName: name }), Days });
      const { Replay, Removed, KeptWithoutUse, OnlyAttempted } = proposal;
      if (run.json) run.printJson(proposal);
      else for (const document of proposal.PolicyDocuments) run.print(document);
      if (!proposal.CoversWindow) run.note(`The history does not reach back to ${proposal.WindowStart}: what was used before is not known.`);
      for (const { Pattern, Source } of Removed) run.note(`not used, left out: ${Pattern} (${Source})`);
      for (const action of KeptWithoutUse) run.note(`kept, since no history shows its use: ${action}`);
      for (const action of OnlyAttempted) run.note(`only tried, and refused: ${action}`);
      run.note(`${Replay.Requests} requests of the history tried: ${Replay.Lost.length} would be lost, ${Replay.Undecided.length} can not be told.`);
      if (Replay.Lost.length > 0) throw new CommandFailure('the proposal would refuse what was allowed');
    });
  withExamples(command, 'iam-ledger sagas propose alice', 'iam-ledger sagas propose deploy --role --days 180 --json');
}

function wholeDays(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text) || Number(text) > 400) throw new InvalidArgumentError('It must be a whole number from 1 to 400.');
  return Number(text);
}
