import type { RecordedEvent } from '../../libs/ledger/index.ts';
import { dueAtMs } from './instance-state.ts';
import type { Cell } from './instance-store.ts';
import type { PlannedItem, Run } from './run-book.ts';
import type { SagaRunner } from './runner.ts';
import type { SagaKind } from './saga-kind.ts';

/** How an instance is. `Waiting`: for a timer or for the world to change. `Failing`: its last step failed. `Parked`: its saga is wrong and is not asked. */
export type SagaStatus = 'Waiting' | 'Working' | 'Failing' | 'Paused' | 'Parked' | 'Over';

export interface SagaView {
  readonly Kind: string;
  readonly Instance: string;
  readonly Status: SagaStatus;
  readonly StartedAt: string;
  readonly ChangedAt: string;
  /** When it is asked again at the latest, where that is known. */
  readonly DueAt?: string;
  /** The step that is under way. */
  readonly Step?: string;
  readonly LastFailure?: string;
  /** Why it is paused or parked. */
  readonly Because?: string;
  /** The saga's own state: what it is about, and how far it is. */
  readonly State: unknown;
}

export function viewOf(runner: SagaRunner, { stream, kind, value }: Cell): SagaView {
  const problem = runner.problems().find((each) => each.stream === stream);
  const paused = value.isPaused ? 'the instance is paused' : runner.rules.pausedBecause(kind.kind, value.accountId);
  const because = problem?.text ?? paused;
  const due = dueAtMs(value);
  return {
    Kind: kind.kind,
    Instance: value.instance,
    Status: statusOf(value, { isPaused: paused !== undefined, isParked: problem?.isParked === true }),
    StartedAt: value.startedAt,
    ChangedAt: value.changedAt,
    ...(due === Number.POSITIVE_INFINITY || due === 0 ? {} : { DueAt: new Date(due).toISOString() }),
    ...(value.open === undefined ? {} : { Step: value.open.step }),
    ...(value.failed === undefined ? {} : { LastFailure: `${value.failed.step}: ${value.failed.text}` }),
    ...(because === undefined ? {} : { Because: because }),
    State: value.state,
  };
}

function statusOf({ isOver, open, failed }: Cell['value'], { isPaused, isParked }: { isPaused: boolean; isParked: boolean }): SagaStatus {
  if (isOver) return 'Over';
  if (isParked) return 'Parked';
  if (isPaused) return 'Paused';
  if (open !== undefined) return 'Working';
  return failed === undefined ? 'Waiting' : 'Failing';
}

export function eventView({ id, type, time, revision, position, data }: RecordedEvent) {
  return { EventId: id, Type: type, Time: time, Revision: revision, Position: position, Data: data };
}

export function runView(run: Run) {
  const { trigger } = run;
  return {
    RunId: run.runId,
    Kind: run.kind,
    Status: run.status,
    ...(run.reason === undefined ? {} : { Reason: run.reason }),
    IsDry: run.isDry,
    ...(run.dryBecause === undefined ? {} : { DryBecause: run.dryBecause }),
    Trigger: trigger.by === 'person' ? { By: trigger.arn } : { Slot: trigger.slot, MissedSlots: trigger.missedSlots },
    StartedAt: run.startedAt,
    ...(run.endedAt === undefined ? {} : { EndedAt: run.endedAt }),
    /** What the plan is frozen at. */
    Position: run.position,
    Starts: run.starts,
    Skips: run.skips,
    Population: run.population,
    Started: run.started,
  };
}

export function itemView(item: PlannedItem) {
  return {
    Action: item.action,
    Instance: item.instance,
    Entity: item.entity,
    ...(item.credential === undefined ? {} : { Credential: item.credential }),
    Reason: item.reason,
    ...('skipReason' in item ? { SkipReason: String(item.skipReason) } : {}),
    Evidence: item.evidence,
  };
}

export function kindView(runner: SagaRunner, kind: SagaKind, accountId: string) {
  const cells = [...runner.store.all()].filter((cell) => cell.kind === kind && cell.value.accountId === accountId);
  const next = runner.nextRun(kind);
  const paused = runner.rules.pausedBecause(kind.kind, accountId);
  return {
    Kind: kind.kind,
    Summary: kind.summary,
    Principal: kind.principal,
    RoleName: kind.roleName,
    UnderWay: cells.filter(({ value }) => !value.isOver).length,
    Over: cells.filter(({ value }) => value.isOver).length,
    ...(next === undefined ? {} : { NextRunAt: next.toISOString() }),
    ...(paused === undefined ? {} : { PausedBecause: paused }),
  };
}

/** For `GetStatus`: of all accounts together. */
export function sagasStatus(runner: SagaRunner) {
  const idle = runner.idleBecause();
  return {
    Acting: idle.length === 0,
    ...(idle.length === 0 ? {} : { IdleBecause: idle }),
    Busy: runner.busy,
    Problems: runner.problems().length,
    Kinds: [...runner.store.kinds.values()].map((kind) => {
      const cells = [...runner.store.all()].filter((cell) => cell.kind === kind);
      return { Kind: kind.kind, UnderWay: cells.filter(({ value }) => !value.isOver).length, Over: cells.filter(({ value }) => value.isOver).length };
    }),
  };
}
