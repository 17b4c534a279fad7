import { Argument, type Command } from 'commander';
import { withExamples } from '../arguments.ts';
import { completionScript, shells, type Shell } from '../completion.ts';
import type { Start } from '../invocation.ts';

/** `iam-ledger completion`: a script for a shell. Made of the commands themselves, so it knows them all. */
export function addCompletionCommand(program: Command, start: Start): void {
  const command = program
    .command('completion')
    .summary('print a completion script')
    .description('Print a script that lets a shell complete this command')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action((shell: Shell, _options: object, self: Command) => {
      const run = start(self);
      const script = completionScript(program, shell);
      if (run.json) return run.printJson({ Shell: shell, Script: script });
      run.terminal.stdout.write(script);
    });
  withExamples(
    command,
    'source <(iam-ledger completion bash)',
    'iam-ledger completion zsh > "${fpath[1]}/_iam-ledger"',
    'iam-ledger completion fish > ~/.config/fish/completions/iam-ledger.fish',
  );
}
