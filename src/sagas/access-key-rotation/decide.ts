import type { World } from '../saga.ts';
import { afterRollback, cutOld, deliver, delivery, observe, setStatus } from './after-creation.ts';
import { beforeCreation, create } from './before-creation.ts';
import { dueAt, escalation, first, stuckStep, type Context } from './context.ts';
import { keysOf } from './keys.ts';
import { giveBack, recover } from './recovery.ts';
import { isOver, steps, type Rotation } from './rotation.ts';
import { defaultPolicy, policyFor, type RotationRules } from './settings.ts';
import { dayMs, firstOf, isOpen, nextTick, record, send, waitUntil, type RotationAction } from './steps.ts';

/**
 * What to do next in a rotation. Pure.
 *
 * The order is the one without dead ends: create under an id → delivery confirmed → old inactive → recovery window → old deleted. What people do
 * meanwhile by hand is seen in the account and taken up, whatever the saga thought.
 */
export function decide(state: Rotation, world: World, rules: RotationRules): readonly RotationAction[] {
  if (state.phase === 'None' || isOver(state) || state.paused) return [];
  const now = world.now.getTime();
  const keys = keysOf(world.account, state);
  if (keys === undefined) return firstOf(state, now, record({ type: 'RotationSuperseded', data: { reason: 'UserDeleted' } }));
  const readable = 'unreadable' in rules.settings ? undefined : rules.settings;
  const context: Context = { state, world, now, keys, policy: readable === undefined ? defaultPolicy : policyFor(readable, keys.user) };
  const held = hold(context, rules);
  if (held !== undefined) return held;
  if (state.held !== undefined) return first(context, record({ type: 'RotationResumed', data: {} }));
  if (isOpen(state, steps.create)) return first(context, create(context)); // first of all: which key is it?
  return state.cancelling ? cancel(context) : proceed(context);
}

function proceed(context: Context): readonly RotationAction[] {
  const { state, keys } = context;
  const { phase, newKeyId = '' } = state;
  if (phase === 'Planned' || phase === 'Noticed') return beforeCreation(context);
  if (phase === 'OldDeleted') return first(context, complete(context));
  if (phase === 'OldDeactivated' || phase === 'RecoveryWindow') return recover(context);
  if (isOpen(state, steps.deactivateOld) && keys.old?.status === 'Inactive') return first(context, cutOld(context)); // by us: so it is ours to give back
  if (keys.next === undefined) return first(context, record({ type: 'NewKeyLost', data: { accessKeyId: newKeyId } }));
  if (keys.next.status !== 'Active') return whileNewKeyInactive(context);
  if (state.trouble?.reason === 'NewKeyInactive') return first(context, record({ type: 'RotationUnstuck', data: {} }));
  switch (phase) {
    case 'NewKeyCreated':
      return deliver(context);
    case 'Delivered':
      return first(context, record({ type: 'ObservationStarted', data: { accessKeyId: newKeyId } }));
    case 'Observing':
      return observe(context);
    case 'RolledBack':
      return afterRollback(context);
    default:
      return []; // none yet, or over
  }
}

/** Somebody made the new key inactive: nothing is cut, and its owner is asked. */
function whileNewKeyInactive(context: Context): readonly RotationAction[] {
  const { state, now } = context;
  if (state.trouble?.reason === 'NewKeyInactive') {
    return first(context, ...escalation(context), waitUntil(nextTick(Date.parse(state.trouble.since), now, dayMs)));
  }
  return first(context, record({ type: 'RotationStuck', data: { reason: 'NewKeyInactive' } }));
}

const complete = ({ state, now, policy }: Context) =>
  record({
    type: 'RotationCompleted',
    data: { accessKeyId: state.newKeyId ?? '', daysFromDue: Math.max(0, Math.floor((now - dueAt(state, policy)) / dayMs)) },
  });

/** Nothing is done for whom nothing may be done, or where that can not be told. `undefined`: go on. */
function hold(context: Context, rules: RotationRules): readonly RotationAction[] | undefined {
  const { state, world, now, keys } = context;
  const { settings } = rules;
  const exemption = rules.exemptionOf(world.account, keys.user, world.now);
  if ('unreadable' in settings) return held(context, 'SettingsUnreadable', settings.unreadable);
  if (exemption.status === 'none') return undefined;
  if (exemption.status === 'unreadable') return held(context, 'ExemptionsUnreadable', exemption.detail);
  const isUntouched = (state.phase === 'Planned' || state.phase === 'Noticed') && state.newKeysLost === 0 && !isOpen(state, steps.create);
  if (isUntouched) return first(context, record({ type: 'RotationExempted', data: { detail: exemption.reason } }));
  return held(context, 'Exempt', exemption.reason, Math.max(exemption.until.getTime(), now + 1));
}

function held(context: Context, reason: NonNullable<Rotation['held']>, detail: string, until = Number.POSITIVE_INFINITY): readonly RotationAction[] {
  const { state, now } = context;
  if (state.cancelling && isNothingToUndo(context)) return cancel(context);
  if (state.held !== reason) return first(context, record({ type: 'RotationHeld', data: { reason, detail } }));
  return first(context, waitUntil(Math.min(until, nextTick(Date.parse(state.plannedAt), now, dayMs))));
}

/** Cancelled: what nobody has received is taken back, what was cut is given back, and what is in use stays. */
function cancel(context: Context): readonly RotationAction[] {
  const { state, now, keys } = context;
  const { next, user } = keys;
  const done = record({ type: 'RotationCancelled', data: { accessKeyIdsLeft: user.accessKeyIds } });
  if (isNothingToUndo(context)) return first(context, done);
  if (state.phase !== 'NewKeyCreated') return giveBack(context);
  if (isOpen(state, steps.deliver)) return first(context, delivery(context)); // did it reach the owner?
  if (next === undefined) return first(context, done);
  if (next.status === 'Active') {
    return first(
      context,
      setStatus(context, steps.deactivateNew, next.accessKeyId, 'Inactive'),
      ...stuckStep(context, steps.deactivateNew, 'NotDeactivated'),
    );
  }
  return first(
    context,
    send(state, now, steps.deleteNew, { operation: 'DeleteAccessKey', input: { UserName: user.userName, AccessKeyId: next.accessKeyId } }),
    ...stuckStep(context, steps.deleteNew, 'NotDeleted'),
  );
}

function isNothingToUndo({ state, keys: { old } }: Context): boolean {
  if (isOpen(state, steps.create) || state.phase === 'NewKeyCreated') return false;
  const isCut = state.phase === 'OldDeactivated' || state.phase === 'RecoveryWindow';
  return !(isCut && old?.status === 'Inactive');
}
