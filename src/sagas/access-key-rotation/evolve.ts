import { foldStep, type StepState } from '../attempts.ts';
import type { RunnerFact } from '../saga.ts';
import type { RotationEvent, RotationFact } from './facts.ts';
import { noRotation, noticePrefix, phasesOver, steps, type Phase, type Rotation, type Trouble } from './rotation.ts';

/** Folds one event. Pure. @throws Error at a type it does not know */
export function evolve(state: Rotation, event: RotationEvent): Rotation {
  switch (event.type) {
    case 'RotationPlanned':
      return planned(event);
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
    case 'StepFailed':
      return { ...state, steps: foldStep(state.steps, event) };
    case 'StepSucceeded': {
      const next = { ...state, steps: foldStep(state.steps, event) };
      return succeeded(next, event.data.step, next.steps[event.data.step]!); // just folded in
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
        deliveryStage: undefined,
      };
    case steps.deliver:
      if (state.phase !== 'NewKeyCreated') return state;
      if (answer['acknowledged'] === true) return { ...unstuck(state), phase: 'Delivered', delivered: true, offer: undefined };
      if (typeof answer['next'] === 'string') return { ...state, deliveryStage: { channel: String(answer['channel']), next: answer['next'] } };
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

function planned({ data, time }: { readonly data: Extract<RotationFact, { type: 'RotationPlanned' }>['data']; readonly time: string }): Rotation {
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
