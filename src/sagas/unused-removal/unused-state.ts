import type { RunnerFact, SagaEvent } from '../saga.ts';
import type { PlannedCommand, Quarantine } from './commands.ts';
import type { EntityRef } from './entity.ts';
import type { LifeSign } from './life-signs.ts';
import type { Remembered } from './remember.ts';

/** Why what was begun is undone. */
export type RestoreCause = 'used' | 'changed' | 'requested' | 'exempt' | 'protected' | 'cancelled' | 'not-due';

/** What stands in the stream of a ladder beside the runner's own facts. Names, times, documents of policies; never a secret. */
export type UnusedFact =
  | { readonly type: 'UnusedFound'; readonly data: UnusedFound }
  /** Recorded before the first command: what there was, and everything that will be done. */
  | {
      readonly type: 'QuarantineStarted';
      readonly data: { readonly quarantine: Quarantine; readonly remembered: Remembered; readonly commands: readonly PlannedCommand[] };
    }
  | { readonly type: 'Quarantined'; readonly data: { readonly fingerprint: string; readonly position: number; readonly removalAt: string } }
  /** The manifest of the removal. */
  | {
      readonly type: 'RemovalStarted';
      readonly data: { readonly remembered: Remembered; readonly commands: readonly PlannedCommand[]; readonly position: number };
    }
  | { readonly type: 'Removed'; readonly data: { readonly daysFromFound: number } }
  /** A person wants it back, or parts of it; also after the removal. */
  | { readonly type: 'RestoreRequested'; readonly data: { readonly by: string; readonly reason: string; readonly parts?: readonly string[] } }
  | { readonly type: 'RestoreStarted'; readonly data: { readonly cause: RestoreCause; readonly reason: string; readonly parts?: readonly string[] } }
  | { readonly type: 'Restored'; readonly data: { readonly cause: RestoreCause; readonly notRestored: readonly string[] } }
  | { readonly type: 'RemovalSuperseded'; readonly data: { readonly reason: string } }
  | { readonly type: 'RemovalExempted'; readonly data: { readonly reason: string } }
  | { readonly type: 'RemovalCancelled'; readonly data: { readonly reason: string } }
  /** Nothing is done until this is past. */
  | { readonly type: 'RemovalHeld'; readonly data: { readonly reason: string } }
  | { readonly type: 'RemovalResumed'; readonly data: Readonly<Record<string, never>> }
  /** A person is called: by an approval it goes on, by a cancellation it is undone. */
  | { readonly type: 'RemovalStuck'; readonly data: { readonly reason: string } };

/** A plan's finding, frozen: what, since when, on which version of the account. */
export type UnusedFound = {
  readonly ref: EntityRef;
  /** ISO 8601: the last sign of life, and what it was. Any later one ends the ladder. */
  readonly lastSign: string;
  readonly sign: LifeSign['what'];
  readonly unusedDays: number;
  /** The beginning of the window in which nobody used it. */
  readonly windowStart: string;
  /** For what only watching can tell: until when it must stay idle before anybody is told. */
  readonly watchUntil?: string;
  /** Position of the account that the plan was made at. */
  readonly position: number;
  readonly fingerprint: string;
  /** Value of the owner's tag. */
  readonly owner?: string;
};

export type Phase =
  | 'New'
  | 'Candidate'
  | 'Noticed'
  | 'Quarantining'
  | 'Quarantined'
  | 'RecoveryWindow'
  | 'Removing'
  | 'Removed'
  | 'Restoring'
  | 'Restored'
  | 'Exempted'
  | 'Superseded'
  | 'Cancelled';

/** What became of the last attempt at a step. */
export interface StepState {
  readonly attempt: number;
  readonly status: 'issued' | 'succeeded' | 'failed';
  readonly at: string;
  /** Failures one after another. */
  readonly failures: number;
  readonly code: string;
  readonly retryable: boolean;
}

/** One ladder: folded from its stream and from nothing else. */
export interface UnusedState {
  readonly phase: Phase;
  readonly found: UnusedFound | undefined;
  readonly foundAt: string;
  readonly noticedAt: string | undefined;
  readonly approvedBy: string | undefined;
  readonly quarantine: Quarantine | undefined;
  /** The thing as it was before it was touched. */
  readonly remembered: Remembered | undefined;
  readonly quarantineCommands: readonly PlannedCommand[];
  readonly quarantinedAt: string | undefined;
  readonly quarantinedFingerprint: string | undefined;
  readonly removalAt: string | undefined;
  readonly removalCommands: readonly PlannedCommand[];
  readonly restore: { readonly cause: RestoreCause; readonly reason: string; readonly parts?: readonly string[] | undefined } | undefined;
  readonly requested: { readonly by: string; readonly reason: string; readonly parts?: readonly string[] | undefined } | undefined;
  /** Unique id of what a restore made again. */
  readonly newId: string | undefined;
  readonly notRestored: readonly string[];
  readonly cancelledBy: string | undefined;
  readonly held: string | undefined;
  readonly stuck: { readonly reason: string; readonly since: string } | undefined;
  readonly paused: boolean;
  readonly steps: Readonly<Record<string, StepState>>;
  /** When each timer is due. */
  readonly timers: Readonly<Record<string, string>>;
  readonly endedAt: string | undefined;
}

export const newLadder: UnusedState = {
  phase: 'New',
  found: undefined,
  foundAt: '',
  noticedAt: undefined,
  approvedBy: undefined,
  quarantine: undefined,
  remembered: undefined,
  quarantineCommands: [],
  quarantinedAt: undefined,
  quarantinedFingerprint: undefined,
  removalAt: undefined,
  removalCommands: [],
  restore: undefined,
  requested: undefined,
  newId: undefined,
  notRestored: [],
  cancelledBy: undefined,
  held: undefined,
  stuck: undefined,
  paused: false,
  steps: {},
  timers: {},
  endedAt: undefined,
};

export type UnusedEvent = SagaEvent<UnusedFact>;

const phasesOver: ReadonlySet<Phase> = new Set(['Removed', 'Restored', 'Exempted', 'Superseded', 'Cancelled']);

/** Nothing will be done any more; only what was removed can still be asked back. */
export const isOver = ({ phase }: Pick<UnusedState, 'phase'>): boolean => phasesOver.has(phase);

/** Names of the steps that mean something to the state. */
export const steps = {
  notice: 'notice',
  tellQuarantined: 'notice-quarantined',
  tellRemoved: 'notice-removed',
  tellRestored: 'notice-restored',
} as const;
export const quarantineStep = (index: number): string => `quarantine-${index + 1}`;
export const removalStep = (index: number): string => `remove-${index + 1}`;
export const recoveryTimer = 'recovery';

/** Folds one event. Pure. @throws Error at a type it does not know */
export function evolve(state: UnusedState, event: UnusedEvent): UnusedState {
  switch (event.type) {
    case 'UnusedFound':
      return { ...newLadder, phase: 'Candidate', found: event.data, foundAt: event.time };
    case 'QuarantineStarted': {
      const { quarantine, remembered, commands } = event.data;
      return { ...state, phase: 'Quarantining', quarantine, remembered, quarantineCommands: commands };
    }
    case 'Quarantined': {
      const { fingerprint, removalAt } = event.data;
      return { ...state, phase: 'Quarantined', quarantinedAt: event.time, quarantinedFingerprint: fingerprint, removalAt };
    }
    case 'RemovalStarted':
      return { ...state, phase: 'Removing', removalCommands: event.data.commands };
    case 'Removed':
      return ended(state, 'Removed', event.time);
    case 'RestoreRequested':
      return state.phase === 'Removed'
        ? { ...state, phase: 'Restoring', restore: requestedRestore(event.data), endedAt: undefined, stuck: undefined }
        : { ...state, requested: event.data };
    case 'RestoreStarted':
      return { ...state, phase: 'Restoring', restore: event.data, stuck: undefined, held: undefined };
    case 'Restored':
      return { ...ended(state, phaseAfter[event.data.cause], event.time), notRestored: event.data.notRestored };
    case 'RemovalSuperseded':
      return ended(state, 'Superseded', event.time);
    case 'RemovalExempted':
      return ended(state, 'Exempted', event.time);
    case 'RemovalCancelled':
      return ended(state, 'Cancelled', event.time);
    case 'RemovalHeld':
      return { ...state, held: event.data.reason };
    case 'RemovalResumed':
      return { ...state, held: undefined };
    case 'RemovalStuck':
      return { ...state, stuck: { reason: event.data.reason, since: event.time } };
    default:
      return evolveRunnerFact(state, event);
  }
}

const requestedRestore = ({ by, reason, parts }: NonNullable<UnusedState['requested']>): UnusedState['restore'] => ({
  cause: 'requested',
  reason: `${by}: ${reason}`,
  parts,
});

const phaseAfter: Readonly<Record<RestoreCause, Phase>> = {
  used: 'Restored',
  requested: 'Restored',
  changed: 'Superseded',
  'not-due': 'Superseded',
  exempt: 'Exempted',
  protected: 'Exempted',
  cancelled: 'Cancelled',
};

const ended = (state: UnusedState, phase: Phase, at: string): UnusedState => ({
  ...state,
  phase,
  endedAt: at,
  held: undefined,
  stuck: undefined,
  requested: undefined,
  timers: {},
});

function evolveRunnerFact(state: UnusedState, event: RunnerFact & { readonly time: string }): UnusedState {
  switch (event.type) {
    case 'StepIssued': {
      const { step, attempt } = event.data;
      const failures = state.steps[step]?.failures ?? 0;
      return withStep(state, step, { attempt, status: 'issued', at: event.time, failures, code: '', retryable: false });
    }
    case 'StepSucceeded': {
      const { step, attempt, answer } = event.data;
      const done = withStep(state, step, { attempt, status: 'succeeded', at: event.time, failures: 0, code: '', retryable: false });
      return succeeded(done, step, answer, event.time);
    }
    case 'StepFailed': {
      const { step, attempt, code, retryable } = event.data;
      return withStep(state, step, { attempt, status: 'failed', at: event.time, failures: (state.steps[step]?.failures ?? 0) + 1, code, retryable });
    }
    case 'TimerScheduled': {
      const { timer, dueAt } = event.data;
      const scheduled = { ...state, timers: { ...state.timers, [timer]: dueAt } };
      return timer === recoveryTimer && state.phase === 'Quarantined' ? { ...scheduled, phase: 'RecoveryWindow' } : scheduled;
    }
    case 'TimerFired':
      return { ...state, timers: without(state.timers, event.data.timer) };
    case 'Paused':
      return { ...state, paused: true };
    case 'Resumed':
      return { ...state, paused: false };
    case 'Cancelled':
      return isOver(state) ? state : { ...state, cancelledBy: `${event.data.by}: ${event.data.reason}` };
    case 'Approved':
      return { ...state, approvedBy: event.data.by, ...(state.stuck === undefined ? {} : { stuck: undefined, steps: forgiven(state.steps) }) };
    default:
      throw new Error(`a removal of what is unused can not take an event of type ${(event satisfies never as { type: string }).type}`);
  }
}

function succeeded(state: UnusedState, step: string, answer: Readonly<Record<string, unknown>>, at: string): UnusedState {
  if (step === steps.notice && state.phase === 'Candidate') return { ...state, phase: 'Noticed', noticedAt: at };
  const newId = answer['User.UserId'] ?? answer['Role.RoleId'] ?? answer['Group.GroupId'] ?? answer['Policy.PolicyId'];
  return typeof newId === 'string' && state.phase === 'Restoring' ? { ...state, newId } : state;
}

const withStep = (state: UnusedState, step: string, is: StepState): UnusedState => ({ ...state, steps: { ...state.steps, [step]: is } });

/** After a person looked at it, everything that failed may be tried again. */
const forgiven = (all: UnusedState['steps']): UnusedState['steps'] =>
  Object.fromEntries(Object.entries(all).map(([name, step]) => [name, step.status === 'failed' ? { ...step, failures: 0, retryable: true } : step]));

function without(timers: UnusedState['timers'], timer: string): UnusedState['timers'] {
  const { [timer]: _fired, ...rest } = timers;
  return rest;
}
