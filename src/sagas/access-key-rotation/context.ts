import type { User } from '../../iam/users/user.ts';
import type { World } from '../saga.ts';
import type { Keys } from './keys.ts';
import type { StuckReason } from './facts.ts';
import { steps, type Rotation } from './rotation.ts';
import type { RotationPolicy } from './settings.ts';
import { nextOpening } from './change-window.ts';
import { dayMs, effect, firstOf, record, waitUntil, type Next, type RotationAction } from './steps.ts';

/** One decision: the saga, the world as it is, and the policy for this user. */
export interface Context {
  readonly state: Rotation;
  readonly world: World;
  readonly now: number;
  readonly keys: Keys;
  readonly policy: RotationPolicy;
}

/** A step that has failed for so long is reported. */
const stepDeadlineMs = dayMs;

/** When the key's period is over. */
export const dueAt = (state: Rotation, { periodDays }: RotationPolicy): number => Date.parse(state.oldCreateDate) + periodDays * dayMs;

/** A deadline that counts from `since`, or from the last approval where that is later. */
export const deadline = ({ approvedAt }: Rotation, since: string | undefined, days: number): number =>
  Math.max(Date.parse(since ?? ''), approvedAt === undefined ? 0 : Date.parse(approvedAt)) + days * dayMs;

/** When the change window is open next; at once where there is none. */
export const openAt = ({ policy: { changeWindow }, now }: Context): number =>
  changeWindow === undefined ? now : nextOpening(changeWindow, new Date(now)).getTime();

/** `next` when the change window is open. */
export function inWindow(context: Context, next: () => Next): Next {
  const open = openAt(context);
  return open > context.now ? waitUntil(open) : next();
}

/** Somebody is called at `at`: first the owner, then security. */
export function stuckAt(context: Context, reason: StuckReason, at: number): readonly Next[] {
  const { state, now } = context;
  if (state.trouble?.kind === 'Stuck' && state.trouble.reason === reason) return escalation(context);
  return [at > now ? waitUntil(at) : record({ type: 'RotationStuck', data: { reason } })];
}

/** Somebody is called where a step has failed for too long. */
export function stuckStep(context: Context, step: string, reason: StuckReason): readonly Next[] {
  const before = context.state.steps[step];
  if (before?.status !== 'failed') return [];
  return stuckAt(context, reason, deadline(context.state, before.since, stepDeadlineMs / dayMs));
}

/** Tells the owner of what waits for a person, and security where the owner did not act. */
export function escalation(context: Context): readonly Next[] {
  const { state, now, policy } = context;
  const { trouble } = state;
  if (trouble === undefined) return [];
  const about = { reason: trouble.reason, since: trouble.since };
  if (!trouble.toldOwner) return [tell(context, steps.escalateOwner, 'rotation-needs-attention', 'owner', about)];
  if (trouble.toldSecurity) return [];
  const at = Date.parse(trouble.since) + policy.escalateDays * dayMs;
  return [now < at ? waitUntil(at) : tell(context, steps.escalateSecurity, 'rotation-needs-attention', 'security', about)];
}

/** A notice. It names users and keys, and says what happens when; it holds no secret. */
export function tell(
  { state, now, keys }: Context,
  step: string,
  notice: string,
  to: 'owner' | 'security',
  about: Readonly<Record<string, unknown>> = {},
): Next {
  return effect(state, now, step, 'notice', {
    notice,
    to,
    accountId: state.accountId,
    userId: state.userId,
    userName: keys.user.userName,
    ...ownerOf(keys.user),
    accessKeyId: state.oldKeyId,
    ...(state.newKeyId === undefined ? {} : { newAccessKeyId: state.newKeyId }),
    rotation: state.rotation,
    ...about,
  });
}

/** Whom the user's tag `owner` names. */
export function ownerOf({ tags }: User): { readonly owner?: string } {
  const owner = tags.find(({ Key }) => Key.toLowerCase() === 'owner')?.Value;
  return owner === undefined ? {} : { owner };
}

export const first = ({ state, now }: Context, ...nexts: readonly Next[]): readonly RotationAction[] => firstOf(state, now, ...nexts);
