import { AccessDenied, NoSuchEntity, ValidationError } from '../../libs/aws/index.ts';
import type { Ledger, NewEvent } from '../../libs/ledger/index.ts';
import { accountArn } from '../iam/account-arn.ts';
import type { Call } from '../iam/call.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { operation, type AwsCommand, type Declaration, type Operation } from '../iam/operation.ts';
import type { Cell } from './instance-store.ts';
import type { PlannedItem, Run } from './run-book.ts';
import type { SagaRunner } from './runner.ts';
import { everything, exemptionsName, type PersonsWord } from './saga-rules.ts';
import type { SagaKind } from './saga-kind.ts';
import {
  ApproveSaga,
  CancelSaga,
  DescribeSaga,
  DescribeSagaRun,
  GetSagaSettings,
  ListSagaRuns,
  ListSagas,
  PauseSagas,
  PlanSagaRun,
  PutSagaSettings,
  ReportSagas,
  RestoreSaga,
  ResumeSagas,
  StartSagaRun,
} from './operation-inputs.ts';
import type { RunnerFact } from './saga.ts';
import { readReport } from './report/read-report.ts';
import { reportOf } from './report/report.ts';
import { reportRange } from './report/report-range.ts';
import { eventView, itemView, kindView, runView, viewOf } from './views.ts';

export interface SagaOperationsParts {
  readonly runner: SagaRunner;
  readonly ledger: Ledger;
  /** Records a call of a person in the account's activity. @returns its position */
  readonly record: (accountId: string, event: NewEvent) => Promise<number>;
  readonly managementAccountId: () => string | undefined;
}

/** What people may ask of sagas and tell them; all of it in their own account. */
export function sagaOperations(parts: SagaOperationsParts): readonly Operation[] {
  return [...questions(parts), reportSagas(parts), ...runOperations(parts), ...wordsOfPeople(parts)] as unknown as readonly Operation[];
}

const onAccount = { resource: (_command: unknown, account: Parameters<typeof accountArn>[0]) => accountArn(account) } satisfies Pick<
  Declaration<AwsCommand<unknown>>,
  'resource'
>;

function questions({ runner, ledger }: SagaOperationsParts) {
  const listSagas = operation(
    ListSagas,
    {
      ...onAccount,
      async inquire(command, account) {
        await runner.refresh();
        const kinds = command.Kind === undefined ? [...runner.store.kinds.values()] : [kindNamed(runner, command.Kind)];
        const { page, NextCursor } = pageOf(runner, command, { kinds, accountId: account.id });
        return {
          Kinds: kinds.map((kind) => kindView(runner, kind, account.id)),
          Sagas: page.map((cell) => viewOf(runner, cell)),
          IdleBecause: runner.idleBecause(),
          ...(NextCursor === undefined ? {} : { NextCursor }),
        };
      },
    },
    'iam-ledger',
  );
  const describeSaga = operation(
    DescribeSaga,
    {
      ...onAccount,
      async inquire(command, account) {
        await runner.refresh();
        const cell = instanceNamed(runner, command, account.id);
        const events = [];
        for await (const batch of ledger.read(cell.stream)) events.push(...batch.map(eventView));
        return { Saga: viewOf(runner, cell), Events: events };
      },
    },
    'iam-ledger',
  );
  const listSagaRuns = operation(
    ListSagaRuns,
    {
      ...onAccount,
      async inquire({ Kind, MaxResults }, account) {
        await runner.refresh();
        const kinds = Kind === undefined ? [...runner.store.kinds.values()] : [kindNamed(runner, Kind)];
        const runs = kinds.flatMap(({ kind }) => runner.runs.book(kind).runs(account.id));
        const skipped = kinds.flatMap(({ kind }) => runner.runs.book(kind).skipped(account.id));
        const newest = runs.toSorted((left, right) => (left.startedAt < right.startedAt ? 1 : -1)).slice(0, MaxResults);
        return {
          Runs: newest.map(runView),
          Skipped: skipped.slice(0, MaxResults).map(({ kind, time, reason }) => ({ Kind: kind, Time: time, Reason: reason })),
        };
      },
    },
    'iam-ledger',
  );
  const describeSagaRun = operation(
    DescribeSagaRun,
    {
      ...onAccount,
      async inquire({ Kind, RunId, Offset, MaxResults }, account) {
        await runner.refresh();
        const book = runner.runs.book(kindNamed(runner, Kind).kind);
        const run = book.find(RunId);
        if (run === undefined || run.accountId !== account.id) throw new NoSuchEntity(`There is no run ${RunId} of ${Kind}.`);
        return planView(run, await book.items(RunId), { Offset, MaxResults });
      },
    },
    'iam-ledger',
  );
  const getSagaSettings = operation(
    GetSagaSettings,
    {
      ...onAccount,
      async inquire({ Name }, account) {
        await runner.refresh();
        if (Name !== exemptionsName) kindNamed(runner, Name);
        const put = runner.rules.put(Name, account.id);
        if (put === undefined) return { Name };
        return { Name, Settings: put.settings, Version: put.version, PutAt: put.time, PutBy: put.by, Reason: put.reason };
      },
    },
    'iam-ledger',
  );
  return [listSagas, describeSaga, listSagaRuns, describeSagaRun, getSagaSettings];
}

function reportSagas({ runner, ledger }: SagaOperationsParts) {
  return operation(
    ReportSagas,
    {
      ...onAccount,
      async inquire(command, account) {
        const kinds = command.Kind === undefined ? [...runner.store.kinds.values()] : [kindNamed(runner, command.Kind)];
        const range = reportRange(command, runner.clock.now());
        await runner.refresh();
        const source = await readReport({ ledger, store: runner.store, runs: runner.runs }, { kinds, accountId: account.id, range });
        return { StartTime: range.since, EndTime: range.until, ...reportOf(source, command.MaxResults) };
      },
    },
    'iam-ledger',
  );
}

function runOperations(parts: SagaOperationsParts) {
  const { runner } = parts;
  const run = async (command: PlanSagaRun & Partial<StartSagaRun>, accountId: string, call: Call, metadata: CallMetadata, isDry: boolean) => {
    const kind = kindNamed(runner, command.Kind);
    await runner.refresh();
    const trigger = { by: 'person', arn: call.caller.arn } as const;
    const request = { kind, accountId, trigger, isDry, now: runner.clock.now(), planRunId: command.PlanId, startsMax: command.StartsMax };
    const because = runner.runs.skippedBecause(request);
    const done = await runner.runs.run(request);
    if (done === undefined) throw new ValidationError(`The run does not take place: ${because ?? 'the account is not open'}.`);
    if (!isDry) runner.wakeAll();
    const answer = planView(done, await runner.runs.book(kind.kind).items(done.runId), { Offset: 0, MaxResults: 1000 });
    return { answer, position: await noted(parts, accountId, call, metadata) };
  };
  const planSagaRun = operation(
    PlanSagaRun,
    { ...onAccount, perform: (command, account, call, metadata) => run(command, account.id, call, metadata, true) },
    'iam-ledger',
  );
  const startSagaRun = operation(
    StartSagaRun,
    { ...onAccount, perform: (command, account, call, metadata) => run(command, account.id, call, metadata, false) },
    'iam-ledger',
  );
  return [planSagaRun, startSagaRun];
}

function wordsOfPeople(parts: SagaOperationsParts) {
  const { runner } = parts;
  const wordOf = ({ caller }: Call, Reason: string): PersonsWord => ({ by: caller.arn, reason: Reason, now: runner.clock.now() });

  const turn = async (command: PauseSagas, accountId: string, call: Call, type: 'Paused' | 'Resumed'): Promise<void> => {
    const word = wordOf(call, command.Reason);
    if (command.Instance !== undefined) {
      if (command.Kind === undefined || command.AllAccounts) throw new ValidationError('Instance needs its Kind, and is of one account.');
      return tell(runner, instanceNamed(runner, { Kind: command.Kind, Instance: command.Instance }, accountId), type, word);
    }
    if (command.AllAccounts && accountId !== parts.managementAccountId())
      throw new AccessDenied('Only the management account may pause and resume the sagas of all accounts.');
    const kind = command.Kind === undefined ? everything : kindNamed(runner, command.Kind).kind;
    const where = command.AllAccounts ? everything : accountId;
    await (type === 'Paused' ? runner.rules.pause(where, kind, word) : runner.rules.resume(where, kind, word));
    runner.wakeAll();
  };
  const performed = <C extends AwsCommand<unknown>>(command: new () => C, act: (command: C, accountId: string, call: Call) => Promise<unknown>) =>
    operation(
      command,
      {
        ...onAccount,
        perform: async (given, account, call, metadata) => {
          await runner.refresh();
          const answer = await act(given, account.id, call);
          return { answer: answer as never, position: await noted(parts, account.id, call, metadata) };
        },
      },
      'iam-ledger',
    );
  return [
    performed(PauseSagas, (command, accountId, call) => turn(command, accountId, call, 'Paused')),
    performed(ResumeSagas, async (command, accountId, call) => {
      if (!command.ConfirmClock) return turn(command, accountId, call, 'Resumed');
      if (accountId !== parts.managementAccountId()) throw new AccessDenied('Only the management account may confirm the clock.');
      await runner.confirmClock(call.caller.arn, command.Reason);
    }),
    performed(CancelSaga, (command, accountId, call) =>
      tell(runner, instanceNamed(runner, command, accountId), 'Cancelled', wordOf(call, command.Reason)),
    ),
    performed(ApproveSaga, (command, accountId, call) =>
      tell(runner, instanceNamed(runner, command, accountId), 'Approved', wordOf(call, command.Reason)),
    ),
    performed(RestoreSaga, (command, accountId, call) =>
      askBack(runner, instanceNamed(runner, command, accountId), command, wordOf(call, command.Reason)),
    ),
    performed(PutSagaSettings, async ({ Name, Settings, Reason }, accountId, call) => {
      const kinds = Name === exemptionsName ? [...runner.store.kinds.values()] : [kindNamed(runner, Name)];
      await runner.rules.change(kinds, Name, accountId, Settings, wordOf(call, Reason));
      runner.wakeAll();
      return { Name, Version: runner.rules.put(Name, accountId)?.version };
    }),
  ];
}

/** Puts a person's word into the stream of an instance that is under way. @throws ValidationError it is over */
async function tell(
  runner: SagaRunner,
  cell: Cell,
  type: 'Paused' | 'Resumed' | 'Cancelled' | 'Approved',
  { by, reason, now }: PersonsWord,
): Promise<void> {
  const fact: RunnerFact = { type, data: { by, reason } };
  const isTold = await runner.store.appendAnyway(cell, { facts: [fact], now }, ({ isOver }) => !isOver);
  if (!isTold) throw new ValidationError(`${cell.kind.kind} ${cell.value.instance} is over.`);
  runner.wake(cell);
}

/** Puts a person's wish to have something back into the stream. @throws ValidationError there is nothing to give back */
async function askBack(runner: SagaRunner, cell: Cell, { Parts }: RestoreSaga, { by, reason, now }: PersonsWord): Promise<void> {
  const { kind, value } = cell;
  const fact = kind.restore?.(value.state, { by, reason, parts: Parts });
  if (fact === undefined) throw new ValidationError(`${kind.kind} ${value.instance} has nothing to give back.`);
  await runner.store.appendAnyway(cell, { facts: [fact], now }, ({ state }) => kind.restore?.(state, { by, reason, parts: Parts }) !== undefined);
  runner.wake(cell);
}

/** What a person did stands in the account's activity, where all calls are. */
function noted({ record }: SagaOperationsParts, accountId: string, { request, now }: Call, metadata: CallMetadata): Promise<number> {
  return record(accountId, { id: request.eventId, type: 'ApiCallSucceeded', schemaVersion: 1, time: now.toISOString(), data: {}, metadata });
}

/** @throws NoSuchEntity */
function kindNamed({ store }: SagaRunner, name: string): SagaKind {
  const kind = store.kinds.get(name);
  if (kind === undefined) throw new NoSuchEntity(`There is no kind of saga ${name}; there are: ${[...store.kinds.keys()].join(', ') || 'none'}.`);
  return kind;
}

/** @throws NoSuchEntity also for an instance of another account */
function instanceNamed(runner: SagaRunner, { Kind, Instance }: { readonly Kind: string; readonly Instance: string }, accountId: string): Cell {
  const cell = runner.store.find(kindNamed(runner, Kind).kind, Instance);
  if (cell === undefined || cell.value.accountId !== accountId) throw new NoSuchEntity(`There is no ${Kind} ${Instance}.`);
  return cell;
}

function planView(run: Run, items: readonly PlannedItem[], { Offset, MaxResults }: { readonly Offset: number; readonly MaxResults: number }) {
  const page = items.slice(Offset, Offset + MaxResults);
  const next = Offset + page.length;
  return { Run: runView(run), Items: page.map(itemView), ...(next < items.length ? { NextOffset: next } : {}) };
}

/** Instances in the order of their streams' names, from behind the cursor on. */
function pageOf(
  { store }: SagaRunner,
  { Show, RunId, Cursor, MaxResults }: ListSagas,
  { kinds, accountId }: { readonly kinds: readonly SagaKind[]; readonly accountId: string },
): { readonly page: readonly Cell[]; readonly NextCursor?: string } {
  const shown = [...store.all()].filter(
    ({ kind, stream, value }) =>
      value.accountId === accountId &&
      kinds.includes(kind) &&
      (Show === 'All' || value.isOver === (Show === 'Over')) &&
      (RunId === undefined || value.runId === RunId) &&
      (Cursor === undefined || stream > Cursor),
  );
  const page = shown.toSorted((left, right) => (left.stream < right.stream ? -1 : 1)).slice(0, MaxResults);
  const last = page.at(-1);
  return last === undefined || page.length === shown.length ? { page } : { page, NextCursor: last.stream };
}
