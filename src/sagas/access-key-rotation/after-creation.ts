import type { World } from '../saga.ts';
import { deadline, first, inWindow, ownerOf, stuckAt, stuckStep, tell, type Context } from './context.ts';
import { steps } from './rotation.ts';
import { dayMs, effect, nextTick, record, send, waitUntil, type Next, type RotationAction } from './steps.ts';

/** Pick-up addresses that ran out, one after another, until a person is asked. */
const offersExpiredMax = 4;
/** Times that the old key was given back, until a person is asked. */
const rollbacksMax = 3;

/** NewKeyCreated: the secret goes to its owner. The old key stays as it is until that is confirmed, however long it takes. */
export function deliver(context: Context): readonly RotationAction[] {
  const { state, now, policy } = context;
  const called = stuckAt(context, 'NotDelivered', deadline(state, state.createdAt, policy.deliverWithinDays));
  if (state.offer !== undefined) {
    const expiresAt = Date.parse(state.offer.expiresAt);
    if (now < expiresAt) return first(context, ...called, waitUntil(expiresAt));
    return first(context, record({ type: 'DeliveryExpired', data: { accessKeyId: state.newKeyId ?? '', attempt: state.offer.attempt } }));
  }
  if (state.offersExpired > offersExpiredMax) return first(context, ...stuckAt(context, 'NotDelivered', now));
  return first(context, delivery(context), ...called);
}

/** Hands the new key to the delivery channel: names only. The channel derives the secret itself at the moment that it hands it over. */
export const delivery = ({ state, now, keys, policy }: Context): Next =>
  effect(state, now, steps.deliver, 'delivery', {
    channel: policy.delivery,
    ...(state.deliveryStage?.channel === policy.delivery ? { stage: state.deliveryStage.next } : {}),
    ...ownerOf(keys.user),
    accountId: state.accountId,
    userId: state.userId,
    userName: keys.user.userName,
    accessKeyId: state.newKeyId,
    previousAccessKeyId: state.oldKeyId,
    rotation: state.rotation,
  });

/** Observing: the old key is cut when the new one was used and the old one is silent. */
export function observe(context: Context): readonly RotationAction[] {
  const { state, now, keys, policy } = context;
  const { old } = keys;
  const { oldKeyId: accessKeyId } = state;
  if (old === undefined) return first(context, record({ type: 'OldKeyFoundDeleted', data: { accessKeyId } }));
  if (old.status !== 'Active') return first(context, record({ type: 'OldKeyFoundInactive', data: { accessKeyId } }));
  const { newUsed, quietAt } = useOfKeys(context);
  const isMayCut = state.forcedBy !== undefined || (newUsed && now >= quietAt && state.rollbacks <= rollbacksMax);
  if (isMayCut) {
    return first(
      context,
      inWindow(context, () => cutOld(context)),
      ...stuckStep(context, steps.deactivateOld, 'NotDeactivated'),
    );
  }
  const since = Date.parse(state.observingSince!); // observing
  const calledAt = state.rollbacks > rollbacksMax ? now : deadline(state, state.observingSince, policy.observeWithinDays);
  return first(
    context,
    ...force(context),
    ...stuckAt(context, newUsed ? 'OldKeyStillUsed' : 'NewKeyUnused', calledAt),
    waitUntil(newUsed && quietAt > now ? quietAt : nextTick(since, now, dayMs)),
  );
}

/** Whether the new key was used, and when the old one will have been silent for long enough. Attempts count, not only successes. */
export function useOfKeys({ state, world: { use }, policy }: Context): { readonly newUsed: boolean; readonly quietAt: number } {
  const { oldKeyId, newKeyId = '', observingSince } = state;
  const last = Math.max(
    Date.parse(observingSince ?? state.deactivatedAt ?? state.plannedAt),
    use.since.getTime(), // nothing is known of what was before
    use.accessKey(oldKeyId)?.getTime() ?? 0,
    use.accessKeyAttempt(oldKeyId)?.getTime() ?? 0,
  );
  return { newUsed: use.accessKey(newKeyId) !== undefined, quietAt: last + policy.observeDays * dayMs };
}

function force({ state: { trouble }, now, policy: { forceAfterDays } }: Context): readonly Next[] {
  if (forceAfterDays === undefined || trouble?.kind !== 'Stuck' || !trouble.toldOwner) return [];
  const at = Date.parse(trouble.since) + forceAfterDays * dayMs;
  return [now < at ? waitUntil(at) : record({ type: 'RotationForced', data: { by: 'policy' } })];
}

/** RolledBack: the old key works again. Its owner is told, and the observation begins anew. */
export const afterRollback = (context: Context): readonly RotationAction[] =>
  first(context, tell(context, steps.tellRolledBack, 'old-key-given-back', 'owner', { rollbacks: context.state.rollbacks }));

/** Refused where the new key stopped working since it was decided: a key is cut only beside another that works. */
export const cutOld = (context: Context): Next =>
  setStatus(context, steps.deactivateOld, context.state.oldKeyId, 'Inactive', (world) => newKeyFails(context, world));

/** Why the owner can not work with the new key. */
export function newKeyFails({ state: { newKeyId = '' } }: Context, { account }: World): string | undefined {
  const status = account.accessKeys.get(newKeyId)?.status ?? 'gone';
  return status === 'Active' ? undefined : `the new key ${newKeyId} is ${status}`;
}

/** UpdateAccessKey. */
export function setStatus(
  { state, now, keys }: Context,
  step: string,
  AccessKeyId: string,
  Status: 'Active' | 'Inactive',
  unless?: (world: World) => string | undefined,
): Next {
  const input = { UserName: keys.user.userName, AccessKeyId, Status };
  return send(state, now, step, { operation: 'UpdateAccessKey', input, ...(unless === undefined ? {} : { unless }) });
}
