import type { Account } from '../../iam/account.ts';
import type { User } from '../../iam/users/user.ts';
import { checkChangeWindow, type ChangeWindow } from './change-window.ts';

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

const daysMax = 3650;
const noticesMax = 10;
const overridesMax = 1000;

const dayMembers = [
  'periodDays',
  'leadDays',
  'deliverWithinDays',
  'observeDays',
  'observeWithinDays',
  'recoveryDays',
  'escalateDays',
  'forceAfterDays',
] as const satisfies readonly (keyof RotationPolicy)[];

/**
 * Reads settings as an operator wrote them.
 *
 * @throws Error that names the member and what would be right
 */
export function parseRotationSettings(value: unknown): RotationSettings {
  const { policy = {}, byTag = [], byUser = {}, ...unknown } = record(value, 'the settings');
  refuseUnknown(unknown, 'the settings');
  if (!Array.isArray(byTag) || byTag.length > overridesMax) throw new Error(`byTag must be a list of at most ${overridesMax} overrides.`);
  const users = Object.entries(record(byUser, 'byUser'));
  if (users.length > overridesMax) throw new Error(`byUser must hold at most ${overridesMax} overrides.`);
  return {
    policy: parsePolicy(policy, 'policy'),
    byTag: byTag.map((each: unknown, index) => {
      const name = `byTag[${index}]`;
      const { key, value: tagValue, policy: override, ...rest } = record(each, name);
      refuseUnknown(rest, name);
      if (typeof key !== 'string' || typeof tagValue !== 'string') throw new Error(`${name} must have a key and a value.`);
      return { key, value: tagValue, policy: parsePolicy(override, `${name}.policy`) };
    }),
    byUser: Object.fromEntries(users.map(([userId, override]) => [userId, parsePolicy(override, `byUser.${userId}`)])),
  };
}

function parsePolicy(value: unknown, name: string): Partial<RotationPolicy> {
  const given = record(value, name);
  refuseUnknown(Object.fromEntries(Object.entries(given).filter(([key]) => !(key in defaultPolicy))), name);
  for (const member of dayMembers) {
    const days = given[member];
    const least = member === 'periodDays' || member === 'observeDays' || member === 'recoveryDays' ? 1 : 0;
    if (days !== undefined && !isDays(days, least)) throw new Error(`${name}.${member} must be a whole number of days from ${least} to ${daysMax}.`);
  }
  const { noticeDays, onOldKeyUse, changeWindow, delivery } = given;
  if (noticeDays !== undefined && !isNoticeDays(noticeDays))
    throw new Error(`${name}.noticeDays must be one to ${noticesMax} numbers of days, the largest first, such as [14, 7, 1].`);
  if (onOldKeyUse !== undefined && onOldKeyUse !== 'reactivate' && onOldKeyUse !== 'alarm')
    throw new Error(`${name}.onOldKeyUse must be "reactivate" or "alarm".`);
  if (delivery !== undefined && (typeof delivery !== 'string' || !/^[a-z0-9-]{1,64}$/.test(delivery)))
    throw new Error(`${name}.delivery must be the name of a channel: lower case, digits and dashes.`);
  if (changeWindow !== undefined) checkChangeWindow(changeWindow, `${name}.changeWindow`);
  return given as Partial<RotationPolicy>;
}

const isDays = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= daysMax;

const isNoticeDays = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= noticesMax &&
  value.every((days, index) => isDays(days, 0) && (index === 0 || days < (value[index - 1] as number)));

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${name} must be an object.`);
  return value as Record<string, unknown>;
}

function refuseUnknown(rest: Readonly<Record<string, unknown>>, name: string): void {
  const [first] = Object.keys(rest);
  if (first !== undefined) throw new Error(`${name} has no member '${first}'.`);
}
