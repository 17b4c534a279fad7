import type { World } from '../saga.ts';
import { newKeyFails, setStatus, useOfKeys } from './after-creation.ts';
import { deadline, first, inWindow, stuckAt, stuckStep, tell, type Context } from './context.ts';
import { steps } from './rotation.ts';
import { dayMs, nextTick, record, send, waitUntil, type Next, type RotationAction } from './steps.ts';

/** An attempt with the old key is written down once an hour at most. */
const usedAgainEveryMs = 3600_000;

/**
 * OldDeactivated and RecoveryWindow: the old key is inactive. It is given back at once where its owner needs it, and deleted when the window is over and
 * nobody tried to use it.
 */
export function recover(context: Context): readonly RotationAction[] {
  const { state, keys } = context;
  const { oldKeyId: accessKeyId } = state;
  if (keys.old === undefined) return first(context, record({ type: 'OldKeyFoundDeleted', data: { accessKeyId } }));
  if (keys.old.status === 'Active') return first(context, record({ type: 'OldKeyFoundActive', data: { accessKeyId } }));
  if (keys.next?.status !== 'Active') return giveBack(context); // else nobody could sign with anything
  const tried = lastAttempt(context);
  if (tried !== undefined) {
    const known = state.oldUsedAgainAt === undefined ? 0 : Date.parse(state.oldUsedAgainAt);
    if (tried >= known + usedAgainEveryMs) {
      return first(context, record({ type: 'OldKeyUsedAgain', data: { accessKeyId, at: new Date(tried).toISOString() } }));
    }
    if (context.policy.onOldKeyUse === 'reactivate' && state.forcedBy === undefined) return giveBack(context);
  }
  return first(context, ...told(context), ...deletion(context, tried));
}

/** Not bound to a change window: somebody is cut off. */
export const giveBack = (context: Context): readonly RotationAction[] =>
  first(
    context,
    setStatus(context, steps.reactivateOld, context.state.oldKeyId, 'Active'),
    ...stuckStep(context, steps.reactivateOld, 'NotReactivated'),
  );

/** The last attempt to use the old key since it was made inactive. */
function lastAttempt({ state, world: { use } }: Context): number | undefined {
  const tried = Math.max(use.accessKeyAttempt(state.oldKeyId)?.getTime() ?? 0, use.accessKey(state.oldKeyId)?.getTime() ?? 0);
  return tried > Date.parse(state.deactivatedAt!) ? tried : undefined; // it is inactive
}

function told(context: Context): readonly Next[] {
  const { state, policy } = context;
  if (state.phase !== 'OldDeactivated') return [];
  const deleteAt = new Date(Date.parse(state.deactivatedAt!) + policy.recoveryDays * dayMs); // it is inactive
  return [tell(context, steps.tellDeactivated, 'old-key-deactivated', 'owner', { deleteAt: deleteAt.toISOString() })];
}

/** DeleteAccessKey, in its time. It is never sent before the owner was told that the key is inactive. */
function deletion(context: Context, tried: number | undefined): readonly Next[] {
  const { state, now, keys, policy } = context;
  const isApproved = state.forcedBy !== undefined && state.approvedAt !== undefined && state.approvedAt > state.deactivatedAt!;
  if (tried !== undefined && !isApproved) return [...stuckAt(context, 'OldKeyStillUsed', now), ...whenQuiet(context, tried)];
  return remove(context, Date.parse(state.deactivatedAt!) + policy.recoveryDays * dayMs, keys.user.userName); // it is inactive
}

/** Why the old key must not be deleted: it works again, or somebody tried to use it since that was decided. */
function oldKeyLives({ state: { oldKeyId }, world }: Context, { account, use }: World): string | undefined {
  if (account.accessKeys.get(oldKeyId)?.status === 'Active') return `the old key ${oldKeyId} is active`;
  const [before, tried] = [world.use, use].map((each) => each.accessKeyAttempt(oldKeyId)?.getTime() ?? 0);
  return tried === before ? undefined : `somebody tried to use the old key ${oldKeyId}`;
}

const whenQuiet = (context: Context, tried: number): readonly Next[] =>
  remove(context, tried + context.policy.recoveryDays * dayMs, context.keys.user.userName);

function remove(context: Context, at: number, UserName: string): readonly Next[] {
  const { state, now } = context;
  const watch = waitUntil(nextTick(Date.parse(state.deactivatedAt!), now, dayMs)); // it is inactive; looked at daily for attempts
  if (now < at || state.phase !== 'RecoveryWindow') return [watch];
  if (state.forcedBy === undefined && !useOfKeys(context).newUsed) {
    return [...stuckAt(context, 'NewKeyUnused', deadline(state, state.deactivatedAt, context.policy.observeWithinDays)), watch];
  }
  return [
    inWindow(context, () => {
      const input = { UserName, AccessKeyId: state.oldKeyId };
      return send(state, now, steps.deleteOld, {
        operation: 'DeleteAccessKey',
        input,
        unless: (world) => newKeyFails(context, world) ?? oldKeyLives(context, world),
      });
    }),
    ...stuckStep(context, steps.deleteOld, 'NotDeleted'),
    watch,
  ];
}
