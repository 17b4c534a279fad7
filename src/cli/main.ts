import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { Command, CommanderError } from 'commander';
import { ConfigurationError } from '../config.ts';
import { addUsedByCommand, addWhoUsedCommand } from './commands/access-uses.ts';
import { addAccountsCommand } from './commands/accounts.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConfigCommand } from './commands/config.ts';
import { addDiffCommand } from './commands/diff.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addImportCommand } from './commands/import.ts';
import { addInitCommand } from './commands/init.ts';
import { addLoginCommand } from './commands/login.ts';
import { addPolicyCommand } from './commands/policy.ts';
import { addQuotasCommand } from './commands/quotas.ts';
import { addRebuildCommand } from './commands/rebuild.ts';
import { addReportCommand } from './commands/report.ts';
import { addSagasCommand } from './commands/sagas.ts';
import { addStateCommand } from './commands/state.ts';
import { addStatusCommand } from './commands/status.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addWhatIfCommand } from './commands/what-if.ts';
import { CommandFailure, exitCodes, exitCodesText, type ExitCode } from './failures.ts';
import { askHidden } from './hidden-question.ts';
import { startIn } from './invocation.ts';
import { painter, visible, type Terminal } from './terminal.ts';

/** Characters of a line of help where the width of the terminal is not known. */
const helpWidth = 100;

/** The `iam-ledger` command with all that is below it, ready to parse. */
export function createProgram(terminal: Terminal): Command {
  const start = startIn(terminal);
  const program = new Command('iam-ledger')
    .description('Looks after an iam-ledger server: a client of the running server, and some work on its data that needs none.')
    .version(version(), '--version', 'print the version')
    .option('--config <file>', 'file of settings (default: IAM_LEDGER_CONFIG, then iam-ledger.json here)')
    .option('--endpoint-url <url>', 'the server (default: AWS_ENDPOINT_URL_IAM, AWS_ENDPOINT_URL, the profile, then the settings)')
    .option('--profile <name>', "profile of AWS's shared files whose credentials sign (default: AWS_PROFILE)")
    .option('--region <region>', 'region named in the signature (default: AWS_REGION, then us-east-1)')
    .option('--json', 'print the answer as JSON')
    .option('--progress', 'show progress on standard error even where it is no terminal')
    .option('--no-progress', 'show no progress')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      `\n${exitCodesText}\n\nSecrets never stand in an option: credentials come from the environment or from AWS's shared files, as for the AWS CLI.`,
    )
    .configureHelp({ showGlobalOptions: true, sortSubcommands: true, helpWidth: terminal.stdout.columns ?? helpWidth })
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error:/, 'iam-ledger:')),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('  (--help tells how it is used)')
    .exitOverride();
  addAccountsCommand(program, start);
  addAuditCommand(program, start);
  addCompletionCommand(program, start);
  addConfigCommand(program, start);
  addDiffCommand(program, start);
  addExplainCommand(program, start);
  addImportCommand(program, start);
  addInitCommand(program, start);
  addLoginCommand(program, start);
  addPolicyCommand(program, start);
  addQuotasCommand(program, start);
  addRebuildCommand(program, start);
  addReportCommand(program, start);
  addSagasCommand(program, start);
  addStateCommand(program, start);
  addStatusCommand(program, start);
  addUsedByCommand(program, start);
  addVerifyCommand(program, start);
  addWhatIfCommand(program, start);
  addWhoUsedCommand(program, start);
  return program;
}

/** The version in package.json. */
function version(): string {
  const path = findPackageJSON('.', import.meta.url);
  return path === undefined ? 'unknown' : (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}

/**
 * Runs the command with `args` (without the program's name).
 *
 * @returns the exit code; whatever there was to say is said
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    await createProgram(terminal).parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const paint = painter(terminal.stderr, terminal.env, !args.includes('--no-color'));
    const text = error instanceof Error ? error.message : String(error);
    terminal.stderr.write(`${paint('red', 'iam-ledger:')} ${text.split('\n').map(visible).join('\n  ')}\n`);
    if (error instanceof CommandFailure) return error.exitCode;
    if (error instanceof ConfigurationError) return exitCodes.usage;
    if (terminal.env['DEBUG'] && error instanceof Error) terminal.stderr.write(`${error.stack ?? ''}\n`);
    return exitCodes.failed;
  }
}

/** What `bin.mjs` calls: the command on this process. */
export async function main(): Promise<void> {
  // `iam-ledger audit | head`: the reader has enough, and that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    throw error;
  });
  process.exitCode = await run(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    ask: (question) => askHidden(question, process.stdin, process.stderr),
  });
}
