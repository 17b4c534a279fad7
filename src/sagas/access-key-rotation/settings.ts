import type { Account } from '../../iam/account.ts';
import type { User } from '../../iam/users/user.ts';
import type { ChangeWindow } from './change-window.ts';

/** How keys are rotated. Days are 24 hours. */
export interface RotationPolicy {
  /** Age at which a key is replaced. CIS AWS Foundations 1.14: 90. */
  readonly periodDays: number;
  /** Days before that at which the owner is told; the largest begins the rotation. */
  readonly noticeDays: readonly number[];
  /** Between the first notice and the new key, at the least, where the key is older than its period already. */
  readonly leadDays: number;
  /** From the new key on, until somebody is called because its secret did not reach the owner. */
  readonly deliverWithinDays: number;
  /** The old key is made inactive when the new one was used and the old one was not for so long. */
  readonly observeDays: number;
  /** From the delivery on, until somebody is called because that did not come about. */
  readonly observeWithinDays: number;
  /** Between making the old key inactive and deleting it. */
  readonly recoveryDays: number;
  /** From telling the owner to telling security. */
  readonly escalateDays: number;
  /** What an attempt to use the old key in its recovery window leads to: the key back, or an alarm and a recovery window that begins anew. */
  readonly onOldKeyUse: 'reactivate' | 'alarm';
  /** The old key is cut so long after somebody was called, whoever still uses it; `undefined`: only when somebody approves. */
  readonly forceAfterDays: number | undefined;
  /** When changes may be made; `undefined`: always. Giving the old key back is always allowed. */
  readonly changeWindow: ChangeWindow | undefined;
  /** Name of the channel that the secret goes through: see `deliveries/`. */
  readonly delivery: string;
}

export const defaultPolicy: RotationPolicy = {
  periodDays: 90,
  noticeDays: [14, 7, 1],
  leadDays: 1,
  deliverWithinDays: 7,
  observeDays: 7,
  observeWithinDays: 21,
  recoveryDays: 10,
  escalateDays: 3,
  onOldKeyUse: 'reactivate',
  forceAfterDays: undefined,
  changeWindow: undefined,
  delivery: 'pick-up',
};

/** Settings of one account. Users override tags, tags the account; of several tags that a user carries the last in the list wins. */
export interface RotationSettings {
  readonly policy: Partial<RotationPolicy>;
  readonly byTag: readonly { readonly key: string; readonly value: string; readonly policy: Partial<RotationPolicy> }[];
  /** By the user's unique id, `AIDA…`. */
  readonly byUser: Readonly<Record<string, Partial<RotationPolicy>>>;
}

export const defaultSettings: RotationSettings = { policy: {}, byTag: [], byUser: {} };

/** Whether a user is exempt now. What can not be read, or contradicts itself, lets nothing be done: it fails closed. */
export type Exemption =
  | { readonly status: 'none' }
  | { readonly status: 'exempt'; readonly reason: string; readonly until: Date }
  | { readonly status: 'unreadable'; readonly detail: string };

/** What the saga and its planner look at beside the world. Read anew for every decision, so a change acts at once. */
export interface RotationRules {
  /** The settings in force, or why they can not be read. */
  readonly settings: RotationSettings | { readonly unreadable: string };
  exemptionOf(account: Account, user: User, now: Date): Exemption;
}

/** The policy for one user. */
export function policyFor({ policy, byTag, byUser }: RotationSettings, { userId, tags }: Pick<User, 'userId' | 'tags'>): RotationPolicy {
  let merged: RotationPolicy = { ...defaultPolicy, ...policy };
  for (const override of byTag) {
    const isTagged = tags.some(({ Key, Value }) => Key.toLowerCase() === override.key.toLowerCase() && Value === override.value);
    if (isTagged) merged = { ...merged, ...override.policy };
  }
  const own = byUser[userId];
  return own === undefined ? merged : { ...merged, ...own };
}
