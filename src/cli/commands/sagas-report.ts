import { InvalidArgumentError, type Command } from 'commander';
import { parseEndTime, parseTime, withExamples } from '../arguments.ts';
import type { Invocation, Start } from '../invocation.ts';
import { reportSagas, type SagaReport, type SagaReportKind, type SagaReportReason } from '../operations.ts';

interface ReportOptions {
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
}

/** `iam-ledger sagas report`: what came of runs and instances in some time. */
export function addSagasReport(sagas: Command, start: Start): void {
  const command = sagas
    .command('report [kind]')
    .summary('tell what came of runs and instances in some time')
    .description('Tell what was planned, done, skipped and why, stuck and given back in some time, and how long it took from due to done')
    .option('--since <time>', 'from this time on (default: 30 days before the end)', (text) => parseTime(text))
    .option('--until <time>', 'up to this time, included (default: now)', (text) => parseEndTime(text))
    .option('--limit <count>', 'single items at most (default: 100)', parseLimit)
    .action(async (Kind: string | undefined, { since, until, limit }: ReportOptions, self: Command) => {
      const run = start(self);
      const report = await reportSagas(await run.client(), { Kind, StartTime: since, EndTime: until, MaxResults: limit });
      if (run.json) return run.printJson(report);
      print(run, report);
    });
  withExamples(
    command,
    'iam-ledger sagas report',
    'iam-ledger sagas report access-key-rotation --since 90d',
    'iam-ledger sagas report --since 2026-01-01 --json',
  );
}

const itemsMax = 10_000;

function parseLimit(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > itemsMax) throw new InvalidArgumentError(`It must be a whole number from 0 to ${itemsMax}.`);
  return Number(text);
}

/** The rows of the report, with what each tells of a kind. */
const rows: readonly (readonly [title: string, value: (kind: SagaReportKind) => number | undefined])[] = [
  ['planned', ({ Planned }) => Planned],
  ['begun', ({ Begun }) => Begun],
  ['noticed', ({ Noticed }) => Noticed],
  ['done', ({ Done }) => Done],
  ['skipped', ({ Skipped }) => Skipped],
  ['stuck', ({ Stuck }) => Stuck],
  ['escalated', ({ Escalated }) => Escalated],
  ['held', ({ Held }) => Held],
  ['restored', ({ Restored }) => Restored],
  ['exempted', ({ Exempted }) => Exempted],
  ['cancelled', ({ Cancelled }) => Cancelled],
  ['superseded', ({ Superseded }) => Superseded],
  ['real runs', ({ Runs }) => Runs.Completed],
  ['dry runs', ({ Runs }) => Runs.Dry],
  ['refused runs', ({ Runs }) => Runs.Refused],
  ['failed runs', ({ Runs }) => Runs.Failed],
  ['skipped runs', ({ Runs }) => Runs.Skipped],
  ['days to done, least', ({ DaysToDone }) => DaysToDone?.Min],
  ['days to done, median', ({ DaysToDone }) => DaysToDone?.Median],
  ['days to done, 90 percent', ({ DaysToDone }) => DaysToDone?.P90],
  ['days to done, most', ({ DaysToDone }) => DaysToDone?.Max],
];

type Because = SagaReportReason & { readonly Kind: string; readonly What: string };

function print(run: Invocation, { StartTime, EndTime, Kinds, Items, ItemsLeftOff }: SagaReport): void {
  run.note(`From ${StartTime} to ${EndTime}.`);
  run.printTable(
    [
      { title: 'Instances', value: ([title]: (typeof rows)[number]) => title },
      ...Kinds.map((kind) => ({ title: kind.Kind, value: ([, value]: (typeof rows)[number]) => value(kind), align: 'right' as const })),
    ],
    rows,
  );
  const reasons = Kinds.flatMap((kind) => [
    ...because(kind, 'skipped', kind.SkippedBecause),
    ...because(kind, 'stuck', kind.StuckBecause),
    ...because(kind, 'run', kind.RunsNotDoneBecause),
  ]);
  if (reasons.length > 0) {
    run.print('');
    run.printTable(
      [
        { title: 'Kind', value: ({ Kind }: Because) => Kind },
        { title: 'What', value: ({ What }: Because) => What },
        { title: 'Times', value: ({ Count }: Because) => Count, align: 'right' },
        { title: 'Last', value: ({ LastAt }: Because) => LastAt },
        { title: 'Why', value: ({ Reason }: Because) => Reason },
      ],
      reasons,
    );
  }
  if (Items.length > 0) printItems(run, Items);
  if (ItemsLeftOff > 0)
    run.note(`${ItemsLeftOff} items more are left off; --limit takes up to ${itemsMax}, and a shorter time or one kind has fewer.`);
}

const because = ({ Kind }: SagaReportKind, What: string, reasons: readonly SagaReportReason[]): readonly Because[] =>
  reasons.map((reason) => ({ ...reason, Kind, What }));

function printItems(run: Invocation, items: SagaReport['Items']): void {
  run.print('');
  run.printTable(
    [
      { title: 'Time', value: ({ At }) => At },
      { title: 'Kind', value: ({ Kind }) => Kind },
      { title: 'Outcome', value: ({ Outcome }) => Outcome.toLowerCase() },
      { title: 'Days', value: ({ DaysFromThreshold }) => DaysFromThreshold, align: 'right' },
      { title: 'Entity', value: ({ Entity }) => Entity },
      { title: 'Credential', value: ({ Credential }) => Credential },
      { title: 'Why', value: ({ Reason }) => Reason },
    ],
    items,
  );
}
