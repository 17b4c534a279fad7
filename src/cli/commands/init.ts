import type { Command } from 'commander';
import { isInitialized } from '../../config/data-directory.ts';
import { withExamples } from '../arguments.ts';
import { CommandFailure } from '../failures.ts';
import { rootKeyText, type Start } from '../invocation.ts';

/** `iam-ledger init`: what the first start does, without starting. */
export function addInitCommand(program: Command, start: Start): void {
  const command = program
    .command('init')
    .summary('make the data directory without starting the server')
    .description(
      "Make the data directory: log, signing key, master keys and the first account, whose root user's access key is printed once. Starts no server; the first start does the same",
    )
    .action(async (_options: object, self: Command) => {
      const run = start(self);
      const config = run.config();
      if (isInitialized(config.data.directory)) throw new CommandFailure(`${config.data.directory} holds a log already: nothing was changed`);
      const { initialize } = await import('../../initialize.ts');
      const { accountId, rootAccessKey, rootPassword } = await initialize(config);
      const key = { AccessKeyId: rootAccessKey.accessKeyId, SecretAccessKey: rootAccessKey.secretAccessKey };
      if (run.json)
        return run.printJson({ DataDirectory: config.data.directory, AccountId: accountId, RootAccessKey: key, RootPassword: rootPassword });
      run.print(`Made ${config.data.directory} with account ${accountId}.`);
      run.print(rootKeyText(key, accountId));
      run.print(`Its password: ${rootPassword}`);
    });
  withExamples(command, 'iam-ledger init', 'IAM_LEDGER_DATA_DIRECTORY=/var/lib/iam-ledger iam-ledger init --json');
}
