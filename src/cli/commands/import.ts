import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { parseAccountId, withExamples } from '../arguments.ts';
import { chunksOf, findCloudTrailFiles, readCloudTrailFile } from '../cloud-trail-files.ts';
import { CommandFailure } from '../failures.ts';
import { rootKeyText, type Invocation, type Start } from '../invocation.ts';
import {
  finishCloudTrailImport,
  importAuthorizationDetails,
  sendCloudTrailRecords,
  type CloudTrailGap,
  type CloudTrailReport,
} from '../operations.ts';
import { visible } from '../terminal.ts';

interface ImportOptions {
  readonly account?: string;
}

/** `iam-ledger import`: brings what AWS knows of an account to the running server. */
export function addImportCommand(program: Command, start: Start): void {
  const imports = program
    .command('import')
    .summary('bring an AWS account or its CloudTrail history')
    .description('Bring a real AWS account, or its CloudTrail history, to the server');
  addAuthorizationDetails(imports, start);
  addCloudTrail(imports, start);
}

function addAuthorizationDetails(imports: Command, start: Start): void {
  const command = imports
    .command('authorization-details')
    .summary('import users, groups, roles and policies')
    .description('Import what `aws iam get-account-authorization-details` printed: users, groups, roles and policies with their ids, ARNs and dates')
    .argument('<file>', 'its JSON output')
    .option('--account <id>', 'the account to import into (default: the one that the document is of)', parseAccountId)
    .action(async (file: string, { account }: ImportOptions, self: Command) => {
      const run = start(self);
      const report = await importAuthorizationDetails(await run.client(), {
        AccountId: account,
        Document: readDocument(resolve(run.terminal.cwd, file)),
      });
      if (run.json) return run.printJson(report);
      run.print(
        `Account ${report.AccountId} now has ${report.Users} users, ${report.Groups} groups, ${report.Roles} roles, ${report.InstanceProfiles} instance profiles and ${report.Policies} policies.`,
      );
      if (report.RootAccessKey !== undefined) run.print(rootKeyText(report.RootAccessKey, report.AccountId));
      for (const warning of report.Warnings ?? []) run.note(visible(warning));
    });
  withExamples(
    command,
    'aws iam get-account-authorization-details --endpoint-url https://iam.amazonaws.com > details.json',
    'iam-ledger import authorization-details details.json --account 000000000002',
  );
}

function readDocument(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new CommandFailure(`${path} can not be read: ${(error as Error).message}`);
  }
}

function addCloudTrail(imports: Command, start: Start): void {
  const command = imports
    .command('cloudtrail')
    .summary('import CloudTrail records')
    .description(
      'Import CloudTrail records (.json, .json.gz; directories are searched). May be repeated: a record that is there already is not imported again. Gaps are reported, never guessed',
    )
    .argument('<path...>', 'files or directories, in any order')
    .option('--account <id>', 'the account that all records go to (default: each to the one that it is of)', parseAccountId)
    .action(async (paths: readonly string[], { account }: ImportOptions, self: Command) => {
      const run = start(self);
      const { report, skipped } = await importCloudTrail(run, paths, account);
      if (run.json) return run.printJson({ ...report, ...(skipped.length > 0 && { SkippedFiles: skipped }) });
      printReport(run, report, skipped);
    });
  withExamples(
    command,
    'iam-ledger import cloudtrail ./CloudTrail --account 000000000002',
    'iam-ledger import cloudtrail a.json.gz b.json.gz --json',
  );
}

interface Imported {
  readonly report: CloudTrailReport;
  /** Digest files: they hold no records. */
  readonly skipped: readonly string[];
}

async function importCloudTrail(run: Invocation, paths: readonly string[], AccountId: string | undefined): Promise<Imported> {
  const files = await findCloudTrailFiles(paths, run.terminal.cwd);
  const client = await run.client();
  const ImportId = randomUUID();
  const progress = run.progress('files');
  const skipped: string[] = [];
  try {
    for (const [at, file] of files.entries()) {
      progress.update(at, files.length);
      const records = readCloudTrailFile(file);
      if (records === undefined) skipped.push(file);
      for (const Records of chunksOf(records ?? [])) await sendCloudTrailRecords(client, { ImportId, AccountId, Records, File: basename(file) });
    }
    progress.update(files.length, files.length);
  } finally {
    progress.finish();
  }
  return { report: await finishCloudTrailImport(client, { ImportId, AccountId }), skipped };
}

function printReport(run: Invocation, report: CloudTrailReport, skipped: readonly string[]): void {
  const { Imported, Duplicates, Gaps, FurtherGaps = 0, NotFolded, Accounts } = report;
  run.print(`Imported ${Imported} records; ${Duplicates} were there already.`);
  if (skipped.length > 0) run.print(`Skipped ${skipped.length} digest files: they hold no records.`);
  for (const { AccountId, Imported: count, RootAccessKey } of Accounts) {
    run.print(`Account ${AccountId}: ${count} records.`);
    if (RootAccessKey !== undefined) run.print(rootKeyText(RootAccessKey, AccountId));
  }
  if (NotFolded.length > 0) {
    run.print('In the history, but not in the state of the account:');
    run.printTable<CloudTrailReport['NotFolded'][number]>(
      [
        { title: 'Records', value: ({ Records }) => Records, align: 'right' },
        { title: 'Event', value: ({ EventName }) => EventName },
        { title: 'Why', value: ({ Reason }) => Reason },
      ],
      NotFolded,
    );
  }
  if (Gaps.length === 0) return run.print('No gaps.');
  run.print(`${Gaps.length + FurtherGaps} gaps: what these records speak of was not in the files.`);
  run.printTable<CloudTrailGap>(
    [
      { title: 'Time', value: ({ EventTime }) => EventTime },
      { title: 'Event', value: ({ EventName }) => EventName },
      { title: 'Missing', value: ({ Missing }) => Missing, style: 'yellow' },
      { title: 'Event id', value: ({ EventID }) => EventID, style: 'dim' },
    ],
    Gaps,
  );
  if (FurtherGaps > 0) run.print(`${FurtherGaps} further gaps are not listed; they stand with their records in the history.`);
}
