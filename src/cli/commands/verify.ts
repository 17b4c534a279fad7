import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Problem, VerifyReport } from '../../../libs/ledger/index.ts';
import { dataDirectoryAt } from '../../config/data-directory.ts';
import { collect, withExamples } from '../arguments.ts';
import { CommandFailure, WrongUsage } from '../failures.ts';
import type { Invocation, Start } from '../invocation.ts';

interface VerifyCommandOptions {
  readonly data?: string;
  readonly checkpoint?: readonly string[];
  readonly verifierKey?: string;
}

/** `iam-ledger verify`: recomputes the whole log. Reads only, so it may run beside a server. */
export function addVerifyCommand(program: Command, start: Start): void {
  const command = program
    .command('verify')
    .summary('recompute the whole log and its proofs')
    .description(
      'Recompute the whole log: every hash, order and signed checkpoint. Needs no server and may run beside one. Ends with 1 and the first bad position if anything is not what was written',
    )
    .option('--data <directory>', 'the data directory (default: data.directory of the settings)')
    .option(
      '--checkpoint <file>',
      'signed checkpoint kept elsewhere that must hold, too: shows whether the end of the log was cut off; may be repeated',
      collect,
    )
    .option('--verifier-key <key>', "the log's public key, kept elsewhere (default: the one in the directory)")
    .action(async ({ data, checkpoint = [], verifierKey }: VerifyCommandOptions, self: Command) => {
      const run = start(self);
      const { ledger: directory } = dataDirectoryAt(run.dataDirectory(data));
      if (!existsSync(directory)) throw new WrongUsage(`there is no log in ${directory}: name the data directory with --data`);
      const checkpoints = checkpoint.map((file) => readCheckpoint(resolve(run.terminal.cwd, file)));
      const { verifyLog } = await import('../../../libs/ledger/index.ts');
      const progress = run.progress('events');
      let report: VerifyReport;
      try {
        report = verifyLog(directory, { onProgress: progress.update, checkpoints, ...(verifierKey !== undefined && { verifierKey }) });
      } finally {
        progress.finish();
      }
      printReport(run, report);
      if (!report.intact) throw new CommandFailure(verdictOf(report));
    });
  withExamples(command, 'iam-ledger verify', 'iam-ledger verify --data /var/lib/iam-ledger --checkpoint /media/usb/checkpoint --json');
}

function readCheckpoint(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new WrongUsage(`the checkpoint ${path} can not be read: ${(error as Error).message}`);
  }
}

function verdictOf({ firstBadPosition, problems }: VerifyReport): string {
  if (firstBadPosition !== undefined) return `the log is not what was written: the first bad position is ${firstBadPosition}`;
  return `the log can not be vouched for: ${problems[0]?.problem ?? 'a check failed'}`;
}

function printReport(run: Invocation, report: VerifyReport): void {
  const { head, intact, completeUpTo, problems, checkpoints, firstBadPosition } = report;
  const root = Buffer.from(report.root).toString('base64');
  if (run.json) {
    return run.printJson({
      Intact: intact,
      Head: head,
      CompleteUpTo: completeUpTo,
      FirstBadPosition: firstBadPosition,
      Root: root,
      Checkpoints: { Held: checkpoints.held, Known: checkpoints.known },
      Problems: problems,
    });
  }
  if (problems.length > 0) {
    run.printTable<Problem>(
      [
        { title: 'Position', value: ({ position }) => (position === 0 ? '-' : position), align: 'right' },
        { title: 'Problem', value: ({ problem }) => problem, style: 'red' },
      ],
      problems,
    );
  }
  if (!intact) return;
  run.print(`${run.paint('green', 'Intact')}: ${head} events, ${checkpoints.held} of ${checkpoints.known} signed checkpoints hold; root ${root}.`);
  if (completeUpTo < head) run.print(`The events behind ${completeUpTo} are not yet covered by a signed checkpoint.`);
}
