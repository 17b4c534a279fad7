import type { Command } from 'commander';
import { isInitialized } from '../../config/data-directory.ts';
import { withExamples } from '../arguments.ts';
import { CommandFailure, WrongUsage } from '../failures.ts';
import type { Start } from '../invocation.ts';

/** `iam-ledger rebuild`: throws every derived file away and makes it again from the log. */
export function addRebuildCommand(program: Command, start: Start): void {
  const command = program
    .command('rebuild')
    .summary('make every derived file again from the log')
    .description(
      'Delete every derived file (history, access history, index, tiles, snapshots; never the log, keys or signed checkpoints) and make it again from the log. Stop the server first',
    )
    .option('--data <directory>', 'the data directory (default: data.directory of the settings)')
    .action(async ({ data }: { readonly data?: string }, self: Command) => {
      const run = start(self);
      const directory = run.dataDirectory(data);
      if (!isInitialized(directory)) throw new WrongUsage(`there is no log in ${directory}: name the data directory with --data`);
      const { LedgerLocked } = await import('../../../libs/ledger/index.ts');
      const { rebuild } = await import('../rebuild.ts');
      try {
        const head = await rebuild(directory, { segmentCallsMax: run.config().history.segmentEventsMax, progress: run.progress });
        if (run.json) return run.printJson({ DataDirectory: directory, Head: head });
        run.print(`Rebuilt the index, the tiles and the histories of ${head} events. Snapshots are made again by the server.`);
      } catch (error) {
        if (error instanceof LedgerLocked) throw new CommandFailure(`a server runs on ${directory}: stop it first; nothing was changed`);
        throw error;
      }
    });
  withExamples(command, 'iam-ledger rebuild', 'iam-ledger rebuild --data /var/lib/iam-ledger --progress');
}
