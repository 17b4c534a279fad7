import { InvalidArgumentError, type Command } from 'commander';
import { withExamples } from '../arguments.ts';
import type { Client } from '../client.ts';
import { CommandFailure } from '../failures.ts';
import type { Invocation, Start } from '../invocation.ts';
import { describeSagaRun, listSagaRuns, planSagaRun, startSagaRun, type SagaPlan, type SagaPlanItem, type SagaRun } from '../operations.ts';
import { untilAllAreOver } from './sagas-watch.ts';

/** `iam-ledger sagas plan|run|runs`. */
export function addSagaRunCommands(sagas: Command, start: Start): void {
  addPlan(sagas, start);
  addRun(sagas, start);
  addRuns(sagas, start);
}

function addPlan(sagas: Command, start: Start): void {
  const command = sagas
    .command('plan <kind>')
    .summary('plan a run and begin nothing')
    .description('Plan a run: what it would begin, what not, and why. The plan is kept under an id that `run --plan` takes')
    .action(async (kind: string, _options: object, self: Command) => {
      const run = start(self);
      const client = await run.client();
      printPlan(run, await wholePlan(client, await planSagaRun(client, kind)));
    });
  withExamples(command, 'iam-ledger sagas plan access-key-rotation', 'iam-ledger sagas plan unused-removal --json');
}

function addRun(sagas: Command, start: Start): void {
  const command = sagas
    .command('run <kind>')
    .summary('begin what is due')
    .description('Begin the instances that are due, without waiting for the schedule. The first run of a kind in an account is always dry')
    .option('--plan <id>', 'only what this plan holds and what did not change since')
    .option('--starts-max <n>', 'begin up to so many, in place of the caps of the settings', wholeNumber)
    .option('--watch', 'show how far the instances are, until they are over or wait for their time')
    .action(async (Kind: string, { plan: PlanId, startsMax: StartsMax, watch }: RunOptions, self: Command) => {
      const run = start(self);
      const client = await run.client();
      const done = await wholePlan(client, await startSagaRun(client, { Kind, PlanId, StartsMax }));
      if (watch === true && done.Run.Started > 0) await untilAllAreOver(run, client, { Kind, RunId: done.Run.RunId });
      printPlan(run, done);
      if (done.Run.Status === 'Refused') throw new CommandFailure(`the run was refused: ${done.Run.Reason ?? ''}`);
    });
  withExamples(command, 'iam-ledger sagas run access-key-rotation', 'iam-ledger sagas run unused-removal --plan 0f0e… --starts-max 200');
}

interface RunOptions {
  readonly plan?: string;
  readonly startsMax?: number;
  readonly watch?: boolean;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return Number(text);
}

/** All items of a plan. */
async function wholePlan(client: Client, plan: SagaPlan): Promise<SagaPlan> {
  const items = [...plan.Items];
  for (let offset = plan.NextOffset; offset !== undefined;) {
    const further = await describeSagaRun(client, { Kind: plan.Run.Kind, RunId: plan.Run.RunId, Offset: offset });
    items.push(...further.Items);
    offset = further.NextOffset;
  }
  return { Run: plan.Run, Items: items };
}

function printPlan(run: Invocation, { Run, Items }: SagaPlan): void {
  if (run.json) return run.printJson({ Run, Items });
  run.printTable(
    [
      { title: 'Action', value: ({ Action }: SagaPlanItem) => Action },
      { title: 'Entity', value: ({ Entity }: SagaPlanItem) => Entity },
      { title: 'Credential', value: ({ Credential }: SagaPlanItem) => Credential },
      { title: 'Why', value: ({ Reason }: SagaPlanItem) => Reason },
      { title: 'Why not', value: ({ SkipReason }: SagaPlanItem) => SkipReason },
    ],
    Items,
  );
  run.note(runText(Run));
}

function runText({ RunId, Status, Reason, IsDry, DryBecause, Starts, Skips, Population, Started }: SagaRun): string {
  const counts = `${Starts} to begin, ${Skips} not, of ${Population}`;
  if (Status === 'Refused') return `${RunId}: refused, ${counts}. ${Reason ?? ''}`;
  if (IsDry) return `${RunId}: dry${DryBecause === undefined ? '' : ` (${DryBecause})`}, ${counts}. Nothing was begun.`;
  return `${RunId}: ${Status.toLowerCase()}, ${counts}; ${Started} begun.`;
}

function addRuns(sagas: Command, start: Start): void {
  const command = sagas
    .command('runs [kind]')
    .summary('list the runs')
    .description('List the runs, newest first, and those that were due and did not take place')
    .action(async (Kind: string | undefined, _options: object, self: Command) => {
      const run = start(self);
      const found = await listSagaRuns(await run.client(), { Kind });
      if (run.json) return run.printJson(found);
      run.printTable(
        [
          { title: 'Run', value: ({ RunId }) => RunId },
          { title: 'Kind', value: ({ Kind: kind }) => kind },
          { title: 'Started', value: ({ StartedAt }) => StartedAt },
          { title: 'Status', value: ({ Status, IsDry }) => (IsDry ? `${Status}, dry` : Status) },
          { title: 'To begin', value: ({ Starts }) => Starts, align: 'right' },
          { title: 'Begun', value: ({ Started }) => Started, align: 'right' },
          { title: 'Remark', value: ({ Reason, DryBecause }) => Reason ?? DryBecause },
        ],
        found.Runs,
      );
      for (const { Kind: kind, Time, Reason } of found.Skipped) run.note(`${Time} ${kind}: no run, because ${Reason}`);
    });
  withExamples(command, 'iam-ledger sagas runs', 'iam-ledger sagas runs access-key-rotation --json');
}
