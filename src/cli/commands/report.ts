import type { Command } from 'commander';
import { Option } from 'commander';
import { csvCell } from '../../audit/render-entries.ts';
import { parseAccountId, parseTimeOrPosition, withExamples } from '../arguments.ts';
import { WrongUsage } from '../failures.ts';
import type { Invocation, Start } from '../invocation.ts';

interface CredentialsOptions {
  readonly aws?: boolean;
  readonly output?: 'table' | 'json' | 'csv';
  readonly asOf?: string | number;
  readonly account?: string;
}

interface CredentialLine {
  readonly User: string;
  readonly UserArn: string;
  readonly Kind: string;
  readonly Id?: string;
  readonly Status: string;
  readonly CreateDate?: string;
  readonly LastChanged?: string;
  readonly Expires?: string;
  readonly LastUsed?: { readonly Date: string; readonly Region: string; readonly Service: string };
  readonly AgeDays?: number;
  readonly Owner?: string;
  readonly CreatedBy?: { readonly Position: number; readonly Id: string; readonly Actor?: string; readonly SessionRoot?: string };
}

interface Answer {
  readonly Content?: string;
  readonly Credentials?: readonly CredentialLine[];
}

/** `iam-ledger report`: reports on an account, now or as it was. */
export function addReportCommand(program: Command, start: Start): void {
  const report = program.command('report').summary('reports on an account').description('Reports on an account, now or as it was');
  const command = report
    .command('credentials')
    .summary('every credential with its exact last use and who made it')
    .description(
      "Every credential of an account — passwords, access keys, MFA devices, certificates — with its age, its exact last use and who made it; with --aws AWS's credential report",
    )
    .option('--aws', "AWS's credential report, byte for byte")
    .addOption(new Option('--output <format>', 'default: table, or json with --json').choices(['table', 'json', 'csv']))
    .option('--as-of <time>', 'as it was then: a time, a time ago (24h), or a position of the log', parseTimeOrPosition)
    .option('--account <id>', "the account (default: the caller's)", parseAccountId)
    .action(async (options: CredentialsOptions, self: Command) => {
      const run = start(self);
      const format = options.output ?? (run.json ? 'json' : 'table');
      if (options.aws === true && options.output !== undefined) throw new WrongUsage("--aws has AWS's own format; it takes no --output");
      if (run.json && format !== 'json') throw new WrongUsage(`--json and --output ${format} contradict each other`);
      const input = { Form: options.aws === true ? 'aws' : 'exact', AsOf: options.asOf, AccountId: options.account };
      const answer = await (await run.client()).call<Answer>('report-credentials', input);
      if (answer.Content !== undefined && !run.json) return void run.terminal.stdout.write(answer.Content);
      if (format === 'json') return run.printJson(answer);
      print(run, format, answer.Credentials ?? []);
    });
  withExamples(
    command,
    'iam-ledger report credentials',
    'iam-ledger report credentials --aws --as-of 2026-01-01T00:00:00Z > credentials.csv',
    'iam-ledger report credentials --output csv > sheet.csv',
  );
}

const columns: readonly (readonly [title: string, value: (line: CredentialLine) => string | number | undefined])[] = [
  ['User', ({ User }) => User],
  ['Kind', ({ Kind }) => Kind],
  ['Id', ({ Id }) => Id],
  ['Status', ({ Status }) => Status],
  ['Age', ({ AgeDays }) => AgeDays],
  ['Last used', ({ LastUsed }) => LastUsed?.Date],
  ['Service', ({ LastUsed }) => LastUsed?.Service],
  ['Expires', ({ Expires }) => Expires],
  ['Owner', ({ Owner }) => Owner],
  ['Made by', ({ CreatedBy }) => CreatedBy?.SessionRoot ?? CreatedBy?.Actor],
];
const furtherColumns: typeof columns = [
  ['User ARN', ({ UserArn }) => UserArn],
  ['Created', ({ CreateDate }) => CreateDate],
  ['Last changed', ({ LastChanged }) => LastChanged],
  ['Region', ({ LastUsed }) => LastUsed?.Region],
  ['Position of its making', ({ CreatedBy }) => CreatedBy?.Position],
  ['Event of its making', ({ CreatedBy }) => CreatedBy?.Id],
];

function print(run: Invocation, format: 'table' | 'csv', lines: readonly CredentialLine[]): void {
  if (format === 'table') {
    return run.printTable(
      columns.map(([title, value]) => ({ title, value, align: title === 'Age' ? 'right' : 'left' })),
      lines,
    );
  }
  const all = [...columns, ...furtherColumns];
  const rows = [all.map(([title]) => csvCell(title)), ...lines.map((line) => all.map(([, value]) => csvCell(value(line))))];
  run.terminal.stdout.write(rows.map((cells) => `${cells.join(',')}\r\n`).join(''));
}
