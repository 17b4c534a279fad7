import { dueAt, escalation, first, inWindow, stuckAt, stuckStep, tell, type Context } from './context.ts';
import type { BlockedReason, SupersededReason } from './facts.ts';
import { noticeStep, steps, type Rotation } from './rotation.ts';
import type { RotationPolicy } from './settings.ts';
import { dayMs, nextTick, record, send, waitUntil, type Next, type RotationAction } from './steps.ts';

/** New keys that somebody deleted by hand, one after another, until a person is asked. */
const newKeysLostMax = 3;

/** Planned and Noticed: the owner is told, and when the period is over a second key is made. */
export function beforeCreation(context: Context): readonly RotationAction[] {
  const { state, now, policy } = context;
  const superseded = supersededBy(context);
  if (superseded !== undefined) return first(context, record({ type: 'RotationSuperseded', data: { reason: superseded } }));
  const blocked = blockedBy(context);
  if (blocked !== undefined) return whileBlocked(context, blocked);
  if (state.trouble?.kind === 'Blocked') return first(context, record({ type: 'RotationUnblocked', data: {} }));
  if (state.newKeysLost > newKeysLostMax) return first(context, ...stuckAt(context, 'NewKeysDeleted', now));

  const due = dueAt(state, policy);
  const notice = policy.noticeDays.findLast((days) => now >= due - days * dayMs); // the list falls
  if (notice !== undefined && !state.noticesSent.includes(notice)) {
    return first(
      context,
      tell(context, noticeStep(notice), 'rotation-announced', 'owner', { daysLeft: notice, rotateAt: new Date(due).toISOString() }),
    );
  }
  const rotateAt = rotationTime(state, policy);
  if (now < rotateAt) return first(context, waitUntil(Math.min(rotateAt, nextNotice(policy, due, now))));
  return first(
    context,
    inWindow(context, () => create(context)),
    ...stuckStep(context, steps.create, 'NotCreated'),
  );
}

/** CreateAccessKey. Under the id of an intent whose outcome is unknown it gives the key that was made then. */
export const create = ({ state, now, keys }: Context): Next =>
  send(state, now, steps.create, { operation: 'CreateAccessKey', input: { UserName: keys.user.userName }, keep: ['AccessKey.AccessKeyId'] });

/** When the new key is made: when the old one's period is over, and never before its owner was told. */
export const rotationTime = (state: Rotation, policy: RotationPolicy): number =>
  Math.max(
    dueAt(state, policy),
    state.firstNoticeAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(state.firstNoticeAt) + policy.leadDays * dayMs,
  );

function nextNotice({ noticeDays }: RotationPolicy, due: number, now: number): number {
  const next = noticeDays.find((days) => due - days * dayMs > now);
  return next === undefined ? Number.POSITIVE_INFINITY : due - next * dayMs;
}

/** Whether there is nothing left to rotate. */
function supersededBy({ state, now, policy, keys: { old } }: Context): SupersededReason | undefined {
  if (old === undefined) return state.newKeysLost > 0 ? 'KeysDeleted' : 'OldKeyDeleted';
  if (old.status !== 'Active') return 'OldKeyInactive';
  const [earliestNotice = 0] = policy.noticeDays;
  if (now < dueAt(state, policy) - earliestNotice * dayMs && state.newKeysLost === 0) return 'NotDue';
  return undefined;
}

/** Whether a second key can not be made. What stands in its place is never touched: it may be in use. */
function blockedBy({ world: { account }, keys: { user, others } }: Context): BlockedReason | undefined {
  if (user.accessKeyIds.length < account.quotas.accessKeysPerUser) return undefined;
  if (others.some(({ status }) => status === 'Active')) return 'TwoActiveKeys';
  return others.length > 0 ? 'SecondKeyInactive' : 'NoRoomForAKey';
}

function whileBlocked(context: Context, reason: BlockedReason): readonly RotationAction[] {
  const { state, now, keys } = context;
  const { trouble } = state;
  if (trouble?.kind !== 'Blocked' || trouble.reason !== reason) {
    return first(context, record({ type: 'RotationBlocked', data: { reason, accessKeyIds: keys.user.accessKeyIds } }));
  }
  return first(context, ...escalation(context), waitUntil(nextTick(Date.parse(trouble.since), now, dayMs)));
}
