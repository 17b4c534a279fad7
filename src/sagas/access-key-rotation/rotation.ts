import type { RunnerFact, SagaEvent } from '../saga.ts';

/** What stands in a rotation's stream beside the runner's own facts. Names of keys, users and times; never a secret. */
export type RotationFact =
  | {
      readonly type: 'RotationPlanned';
      readonly data: {
        /** 1 for a user's first rotation; the stream of a user goes on with the next. */
        readonly rotation: number;
        readonly accountId: string;
        readonly userId: string;
        readonly userName: string;
        /** The key that is to be replaced, and when it was made. */
        readonly accessKeyId: string;
        readonly createDate: string;
      };
    }
  /** The owner took the secret from the pick-up address. Recorded before it is handed over, so it is handed over once. */
  | { readonly type: 'SecretCollected'; readonly data: { readonly accessKeyId: string; readonly attempt: number } }
  | { readonly type: 'DeliveryExpired'; readonly data: { readonly accessKeyId: string; readonly attempt: number } }
  | { readonly type: 'ObservationStarted'; readonly data: { readonly accessKeyId: string } }
  /** An attempt to use the old key after it was made inactive. */
  | { readonly type: 'OldKeyUsedAgain'; readonly data: { readonly accessKeyId: string; readonly at: string } }
  /** Somebody did by hand what the saga was about to do, or undid what it had done. */
  | { readonly type: 'OldKeyFoundInactive' | 'OldKeyFoundActive' | 'OldKeyFoundDeleted'; readonly data: { readonly accessKeyId: string } }
  | { readonly type: 'NewKeyLost'; readonly data: { readonly accessKeyId: string } }
  | { readonly type: 'RotationBlocked'; readonly data: { readonly reason: BlockedReason; readonly accessKeyIds: readonly string[] } }
  | { readonly type: 'RotationUnblocked'; readonly data: Readonly<Record<string, never>> }
  | { readonly type: 'RotationStuck'; readonly data: { readonly reason: StuckReason } }
  /** What it was stuck at is past. */
  | { readonly type: 'RotationUnstuck'; readonly data: Readonly<Record<string, never>> }
  /** Goes on although the new key was not used, or the old one is: somebody approved it, or the policy says so. */
  | { readonly type: 'RotationForced'; readonly data: { readonly by: string } }
  | { readonly type: 'RotationHeld'; readonly data: { readonly reason: HeldReason; readonly detail: string } }
  | { readonly type: 'RotationResumed'; readonly data: Readonly<Record<string, never>> }
  | { readonly type: 'RotationCompleted'; readonly data: { readonly accessKeyId: string; readonly daysFromDue: number } }
  | { readonly type: 'RotationSuperseded'; readonly data: { readonly reason: SupersededReason } }
  | { readonly type: 'RotationExempted'; readonly data: { readonly detail: string } }
  | { readonly type: 'RotationCancelled'; readonly data: { readonly accessKeyIdsLeft: readonly string[] } };

export type BlockedReason = 'TwoActiveKeys' | 'SecondKeyInactive' | 'NoRoomForAKey';
export type StuckReason =
  | 'NotCreated'
  | 'NewKeysDeleted'
  | 'NotDelivered'
  | 'NewKeyInactive'
  | 'NewKeyUnused'
  | 'OldKeyStillUsed'
  | 'NotDeactivated'
  | 'NotDeleted'
  | 'NotReactivated';
export type HeldReason = 'Exempt' | 'ExemptionsUnreadable' | 'SettingsUnreadable';
export type SupersededReason = 'UserDeleted' | 'OldKeyDeleted' | 'OldKeyInactive' | 'KeysDeleted' | 'NotDue';

/** The line that a rotation walks; what holds it up stands beside it. See {@link stageOf}. */
export type Phase =
  | 'None'
  | 'Planned'
  | 'Noticed'
  | 'NewKeyCreated'
  | 'Delivered'
  | 'Observing'
  | 'OldDeactivated'
  | 'RecoveryWindow'
  | 'RolledBack'
  | 'OldDeleted'
  | 'Completed'
  | 'Superseded'
  | 'Exempted'
  | 'Cancelled';

export type Stage = Phase | 'Blocked' | 'Stuck' | 'Escalated';

/** What became of the last attempt at a step. Attempts are counted for the whole life of the stream: a number is never used for two intents. */
export interface StepState {
  readonly attempt: number;
  readonly status: 'issued' | 'succeeded' | 'failed';
  readonly at: string;
  /** When it was first issued since it last succeeded: how long it has been tried. */
  readonly since: string;
  /** Failures one after another. */
  readonly failures: number;
  readonly retryable: boolean;
  readonly code: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Something that waits for a person. */
export interface Trouble {
  readonly kind: 'Blocked' | 'Stuck';
  readonly reason: BlockedReason | StuckReason;
  readonly since: string;
  readonly toldOwner: boolean;
  readonly toldSecurity: boolean;
}

/** One user's rotation: folded from its stream and from nothing else. */
export interface Rotation {
  readonly phase: Phase;
  readonly rotation: number;
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  readonly oldKeyId: string;
  readonly oldCreateDate: string;
  readonly plannedAt: string;
  readonly newKeyId: string | undefined;
  /** New keys of this rotation that somebody deleted by hand. */
  readonly newKeysLost: number;
  /** Days before the end that the owner was told, and when first. */
  readonly noticesSent: readonly number[];
  readonly firstNoticeAt: string | undefined;
  readonly delivered: boolean;
  /** A pick-up that was offered and is not taken yet: of which attempt, and until when. */
  readonly offer: { readonly attempt: number; readonly expiresAt: string } | undefined;
  readonly offersExpired: number;
  readonly createdAt: string | undefined;
  readonly observingSince: string | undefined;
  readonly deactivatedAt: string | undefined;
  readonly oldUsedAgainAt: string | undefined;
  readonly rollbacks: number;
  readonly forcedBy: string | undefined;
  /** When somebody last approved that it goes on: what is given a deadline is given it anew from there. */
  readonly approvedAt: string | undefined;
  readonly trouble: Trouble | undefined;
  readonly held: HeldReason | undefined;
  readonly paused: boolean;
  readonly cancelling: boolean;
  readonly steps: Readonly<Record<string, StepState>>;
  readonly wakeAt: string | undefined;
}

export type RotationEvent = SagaEvent<RotationFact>;

export const steps = {
  create: 'create-access-key',
  deliver: 'deliver',
  deactivateOld: 'deactivate-old-key',
  reactivateOld: 'reactivate-old-key',
  deleteOld: 'delete-old-key',
  deactivateNew: 'withdraw-new-key',
  deleteNew: 'delete-new-key',
  tellDeactivated: 'notice-deactivated',
  tellRolledBack: 'notice-rolled-back',
  escalateOwner: 'escalate-owner',
  escalateSecurity: 'escalate-security',
} as const;

const noticePrefix = 'notice-days-';
export const noticeStep = (days: number): string => `${noticePrefix}${days}`;

export const noRotation: Rotation = {
  phase: 'None',
  rotation: 0,
  accountId: '',
  userId: '',
  userName: '',
  oldKeyId: '',
  oldCreateDate: '',
  plannedAt: '',
  newKeyId: undefined,
  newKeysLost: 0,
  noticesSent: [],
  firstNoticeAt: undefined,
  delivered: false,
  offer: undefined,
  offersExpired: 0,
  createdAt: undefined,
  observingSince: undefined,
  deactivatedAt: undefined,
  oldUsedAgainAt: undefined,
  rollbacks: 0,
  forcedBy: undefined,
  approvedAt: undefined,
  trouble: undefined,
  held: undefined,
  paused: false,
  cancelling: false,
  steps: {},
  wakeAt: undefined,
};

const phasesOver: ReadonlySet<Phase> = new Set(['Completed', 'Superseded', 'Exempted', 'Cancelled']);

/** Nothing will be done any more, until the user's next rotation is planned. */
export const isOver = ({ phase }: Rotation): boolean => phasesOver.has(phase);

/** Where a rotation is, in the words of the operator's documentation. */
export function stageOf({ phase, trouble }: Rotation): Stage {
  if (trouble === undefined || phasesOver.has(phase)) return phase;
  if (trouble.toldSecurity || (trouble.kind === 'Stuck' && trouble.toldOwner)) return 'Escalated';
  return trouble.kind;
}

/** Folds one event. Pure. @throws Error at a type it does not know */
export function evolve(state: Rotation, event: RotationEvent): Rotation {
  switch (event.type) {
    case 'RotationPlanned':
      return planned(state, event);
    case 'SecretCollected':
      if (state.phase !== 'NewKeyCreated' || event.data.accessKeyId !== state.newKeyId) return state;
      return { ...unstuck(state), phase: 'Delivered', delivered: true, offer: undefined };
    case 'DeliveryExpired':
      return { ...state, offer: undefined, offersExpired: state.offersExpired + 1 };
    case 'ObservationStarted':
      return { ...state, phase: 'Observing', observingSince: event.time, deactivatedAt: undefined, oldUsedAgainAt: undefined };
    case 'OldKeyUsedAgain':
      return { ...state, oldUsedAgainAt: event.data.at };
    case 'OldKeyFoundInactive':
      return { ...state, phase: 'OldDeactivated', deactivatedAt: event.time };
    case 'OldKeyFoundActive':
      return rolledBack(state);
    case 'OldKeyFoundDeleted':
      return { ...state, phase: 'OldDeleted' };
    case 'NewKeyLost':
      return withoutNewKey(state);
    case 'RotationBlocked':
      return { ...state, trouble: trouble('Blocked', event.data.reason, event.time) };
    case 'RotationStuck':
      return { ...state, trouble: trouble('Stuck', event.data.reason, event.time) };
    case 'RotationUnblocked':
    case 'RotationUnstuck':
      return { ...state, trouble: undefined };
    case 'RotationForced':
      return { ...state, forcedBy: event.data.by, trouble: undefined };
    case 'RotationHeld':
      return { ...state, held: event.data.reason };
    case 'RotationResumed':
      return { ...state, held: undefined };
    case 'RotationCompleted':
      return over(state, 'Completed');
    case 'RotationSuperseded':
      return over(state, 'Superseded');
    case 'RotationExempted':
      return over(state, 'Exempted');
    case 'RotationCancelled':
      return over(state, 'Cancelled');
    default:
      return evolveRunnerFact(state, event);
  }
}

function evolveRunnerFact(state: Rotation, event: RunnerFact & { readonly time: string }): Rotation {
  switch (event.type) {
    case 'StepIssued':
      return { ...state, steps: { ...state.steps, [event.data.step]: issued(state.steps[event.data.step], event.data.attempt, event.time) } };
    case 'StepSucceeded': {
      const { step, attempt, answer } = event.data;
      const before = state.steps[step];
      const done: StepState = {
        attempt,
        status: 'succeeded',
        at: event.time,
        since: before?.since ?? event.time,
        failures: 0,
        retryable: false,
        code: '',
        answer,
      };
      return succeeded({ ...state, steps: { ...state.steps, [step]: done } }, step, done);
    }
    case 'StepFailed': {
      const { step, attempt, code, retryable } = event.data;
      const before = state.steps[step];
      const failed: StepState = {
        attempt,
        status: 'failed',
        at: event.time,
        since: before?.since ?? event.time,
        failures: (before?.failures ?? 0) + 1,
        retryable,
        code,
        answer: {},
      };
      return { ...state, steps: { ...state.steps, [step]: failed } };
    }
    case 'TimerScheduled':
      return { ...state, wakeAt: event.data.dueAt };
    case 'TimerFired':
      return { ...state, wakeAt: undefined };
    case 'Paused':
      return { ...state, paused: true };
    case 'Resumed':
      return { ...state, paused: false };
    case 'Cancelled':
      return phasesOver.has(state.phase) ? state : { ...state, cancelling: true, offer: undefined };
    case 'Approved':
      return approved(state, event.data.by, event.time);
    default:
      throw new Error(`a rotation can not take an event of type ${(event satisfies never as { type: string }).type}`);
  }
}

/** What the success of a step means. */
function succeeded(state: Rotation, step: string, { at, attempt, answer }: StepState): Rotation {
  switch (step) {
    case steps.create:
      return {
        ...unstuck(state),
        phase: 'NewKeyCreated',
        newKeyId: String(answer['AccessKey.AccessKeyId']),
        createdAt: at,
        delivered: false,
        offersExpired: 0,
      };
    case steps.deliver:
      if (state.phase !== 'NewKeyCreated') return state;
      if (answer['acknowledged'] === true) return { ...unstuck(state), phase: 'Delivered', delivered: true, offer: undefined };
      return { ...state, offer: { attempt, expiresAt: String(answer['expiresAt']) } };
    case steps.deactivateOld:
      return { ...unstuck(state), phase: 'OldDeactivated', deactivatedAt: at, oldUsedAgainAt: undefined };
    case steps.reactivateOld:
      return rolledBack(unstuck(state));
    case steps.deleteOld:
      return { ...unstuck(state), phase: 'OldDeleted' };
    case steps.tellDeactivated:
      return state.phase === 'OldDeactivated' ? { ...state, phase: 'RecoveryWindow' } : state;
    case steps.tellRolledBack:
      return state.phase === 'RolledBack' ? { ...state, phase: 'Delivered' } : state;
    case steps.escalateOwner:
      return state.trouble === undefined ? state : { ...state, trouble: { ...state.trouble, toldOwner: true } };
    case steps.escalateSecurity:
      return state.trouble === undefined ? state : { ...state, trouble: { ...state.trouble, toldSecurity: true } };
    default:
      if (!step.startsWith(noticePrefix)) return state;
      return {
        ...state,
        phase: state.phase === 'Planned' ? 'Noticed' : state.phase,
        noticesSent: [...state.noticesSent, Number(step.slice(noticePrefix.length))],
        firstNoticeAt: state.firstNoticeAt ?? at,
      };
  }
}

function planned(
  state: Rotation,
  { data, time }: { readonly data: Extract<RotationFact, { type: 'RotationPlanned' }>['data']; readonly time: string },
): Rotation {
  const { rotation, accountId, userId, userName, accessKeyId, createDate } = data;
  return {
    ...noRotation,
    phase: 'Planned',
    rotation,
    accountId,
    userId,
    userName,
    oldKeyId: accessKeyId,
    oldCreateDate: createDate,
    plannedAt: time,
    steps: finishedSteps(state.steps),
    wakeAt: state.wakeAt,
  };
}

/**
 * A person's word that it goes on. Where it waits for keys to be used or to be silent, it goes on without; else what failed is tried anew.
 */
function approved(state: Rotation, by: string, at: string): Rotation {
  if (state.trouble?.kind !== 'Stuck') return state;
  const fresh = { ...state, trouble: undefined, approvedAt: at, newKeysLost: 0, offersExpired: 0, rollbacks: 0 };
  return phasesOfUse.has(state.phase) ? { ...fresh, forcedBy: by } : fresh;
}

/** Where the use of the keys decides. */
const phasesOfUse: ReadonlySet<Phase> = new Set(['Observing', 'OldDeactivated', 'RecoveryWindow']);

/** Of an earlier rotation only the numbers of the attempts matter. */
function finishedSteps(before: Rotation['steps']): Rotation['steps'] {
  return Object.fromEntries(
    Object.entries(before).map(([step, state]) => [step, { ...state, status: 'succeeded', failures: 0, answer: {} } as const]),
  );
}

function issued(before: StepState | undefined, attempt: number, at: string): StepState {
  const goesOn = before !== undefined && before.status !== 'succeeded';
  return {
    attempt,
    status: 'issued',
    at,
    since: goesOn ? before.since : at,
    failures: goesOn ? before.failures : 0,
    retryable: false,
    code: '',
    answer: {},
  };
}

const rolledBack = (state: Rotation): Rotation => ({
  ...state,
  phase: 'RolledBack',
  deactivatedAt: undefined,
  rollbacks: state.rollbacks + 1,
  forcedBy: undefined,
});

const withoutNewKey = (state: Rotation): Rotation => ({
  ...unstuck(state),
  phase: 'Noticed',
  newKeyId: undefined,
  newKeysLost: state.newKeysLost + 1,
  delivered: false,
  offer: undefined,
  observingSince: undefined,
  deactivatedAt: undefined,
  forcedBy: undefined,
});

const over = (state: Rotation, phase: Phase): Rotation => ({
  ...state,
  phase,
  trouble: undefined,
  held: undefined,
  offer: undefined,
  cancelling: false,
  wakeAt: undefined,
});

const unstuck = (state: Rotation): Rotation => (state.trouble?.kind === 'Stuck' ? { ...state, trouble: undefined } : state);

const trouble = (kind: Trouble['kind'], reason: Trouble['reason'], since: string): Trouble => ({
  kind,
  reason,
  since,
  toldOwner: false,
  toldSecurity: false,
});
