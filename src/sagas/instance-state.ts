import type { RecordedEvent } from '../../libs/ledger/index.ts';
import type { RunnerFact, Saga, SagaEvent, SagaFact, StepRequest } from './saga.ts';

/** What every event of a saga's stream says beside its fact. */
export interface SagaMetadata {
  readonly kind: string;
  readonly instance: string;
  readonly accountId: string;
  /** The run that began the instance; on its first events. */
  readonly runId?: string;
  /** Of the instance: UUIDv5 of kind and instance. */
  readonly correlationId: string;
  /** Revision of the lease under which it was appended; absent where a person asked for it. */
  readonly lease?: number;
}

/** A step that was begun and whose outcome is not known. */
export interface OpenStep {
  readonly step: string;
  readonly attempt: number;
  readonly commandId: string;
  readonly deadline: string;
  readonly request: StepRequest;
  /** Id of its `StepIssued`. */
  readonly eventId: string;
}

/** An instance as its stream tells: the saga's own state and what the runner has to know. An immutable value. */
export interface InstanceState<State = unknown> {
  readonly kind: string;
  readonly instance: string;
  readonly accountId: string;
  /** The run that began it. */
  readonly runId: string | undefined;
  readonly state: State;
  /** Of the last event folded in; -1 before the first. */
  readonly revision: number;
  readonly startedAt: string;
  readonly changedAt: string;
  readonly open: OpenStep | undefined;
  /** Timers that have not fired: name → due, milliseconds since 1970. */
  readonly timers: Readonly<Record<string, number>>;
  readonly isPaused: boolean;
  readonly isOver: boolean;
  /** The last step that failed, for the pause before it may be tried again. */
  readonly failed:
    { readonly step: string; readonly attempt: number; readonly atMs: number; readonly retryable: boolean; readonly text: string } | undefined;
  /** Highest attempt that was issued of each step: one that was is never issued again. */
  readonly attempts: Readonly<Record<string, number>>;
}

export function emptyInstance<State>(saga: Saga<State>, instance: string): InstanceState<State> {
  return {
    kind: saga.kind,
    instance,
    accountId: '',
    runId: undefined,
    state: saga.initialState,
    revision: -1,
    startedAt: '',
    changedAt: '',
    open: undefined,
    timers: {},
    isPaused: false,
    isOver: false,
    failed: undefined,
    attempts: {},
  };
}

/**
 * Folds one event of the stream in. Pure. An event that was folded already is passed over.
 *
 * @throws Error at a gap, or at what the saga does not know: it was written by a newer version
 */
export function foldInstance<State>(before: InstanceState<State>, event: RecordedEvent, saga: Saga<State>): InstanceState<State> {
  const { id, type, time, revision, data } = event;
  if (revision <= before.revision) return before;
  if (revision !== before.revision + 1) throw new Error(`${event.stream} is at revision ${before.revision} and can not take revision ${revision}`);
  const metadata = event.metadata as SagaMetadata;
  const sagaEvent = { id, type, time, revision, data } as SagaEvent;
  const state = saga.evolve(before.state, sagaEvent);
  const isFirst = before.revision === -1;
  return {
    ...before,
    ...runnerFact(before, { ...(sagaEvent as RunnerFact), id, time }),
    state,
    revision,
    accountId: isFirst ? metadata.accountId : before.accountId,
    runId: isFirst ? metadata.runId : before.runId,
    startedAt: isFirst ? time : before.startedAt,
    changedAt: time,
    isOver: saga.isOver(state),
  };
}

type Changes = Partial<Pick<InstanceState, 'open' | 'timers' | 'isPaused' | 'failed' | 'attempts'>>;

function runnerFact(before: InstanceState, event: (RunnerFact | SagaFact) & { readonly id: string; readonly time: string }): Changes {
  const fact = event as RunnerFact & { readonly id: string; readonly time: string };
  switch (fact.type) {
    case 'StepIssued': {
      const { step, attempt, commandId, deadline, request } = fact.data;
      if (request === undefined) throw new Error(`the step ${step} was issued without its request`);
      return { open: { step, attempt, commandId, deadline, request, eventId: fact.id }, attempts: { ...before.attempts, [step]: attempt } };
    }
    case 'StepSucceeded':
      return { open: undefined, failed: undefined };
    case 'StepFailed': {
      const { step, attempt, code, message, retryable } = fact.data;
      return { open: undefined, failed: { step, attempt, retryable, atMs: Date.parse(fact.time), text: `${code}: ${message}` } };
    }
    case 'TimerScheduled':
      return { timers: { ...before.timers, [fact.data.timer]: Date.parse(fact.data.dueAt) } };
    case 'TimerFired': {
      const { [fact.data.timer]: _fired, ...timers } = before.timers;
      return { timers };
    }
    case 'Paused':
      return { isPaused: true };
    case 'Resumed':
      return { isPaused: false };
    case 'Cancelled':
      return { isPaused: false };
    case 'Approved':
      return {};
    default:
      return {}; // a fact of the saga's own, which its evolve knows
  }
}

const retryFirstMs = 1_000;
const retryMostMs = 3_600_000;

/** When the runner issues a step again at the earliest that failed and can be tried again: whatever the saga says, not at once. */
export function retryAtMs({ failed }: InstanceState, step: string): number {
  if (failed === undefined || failed.step !== step || !failed.retryable) return 0;
  return failed.atMs + Math.min(retryMostMs, retryFirstMs * 2 ** Math.min(failed.attempt - 1, 20));
}

/** When something is to be done for the instance at the latest, milliseconds since 1970; `Infinity`: nothing by time alone. */
export function dueAtMs(instance: InstanceState): number {
  if (instance.isOver || instance.isPaused) return Number.POSITIVE_INFINITY;
  if (instance.open !== undefined) return 0;
  let due = Number.POSITIVE_INFINITY;
  for (const at of Object.values(instance.timers)) due = Math.min(due, at);
  if (instance.failed !== undefined) due = Math.min(due, retryAtMs(instance, instance.failed.step) || Number.POSITIVE_INFINITY);
  return due;
}
