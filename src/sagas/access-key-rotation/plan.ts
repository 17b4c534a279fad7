import type { AccessKey } from '../../iam/access-keys/access-key.ts';
import type { Account } from '../../iam/account.ts';
import type { User } from '../../iam/users/user.ts';
import type { World } from '../saga.ts';
import type { RotationFact } from './rotation.ts';
import { policyFor, type RotationPolicy, type RotationRules, type RotationSettings } from './settings.ts';
import { dayMs } from './steps.ts';

/** One access key that is due, and what is to become of it. */
export interface RotationPlanItem {
  /** The user's unique id: a user has one rotation at a time, whatever keys he has. */
  readonly instance: string;
  /** `user/bob` */
  readonly entity: string;
  /** The access key. */
  readonly credential: string;
  readonly action: 'start' | 'skip';
  /** A sentence without its full stop. */
  readonly reason: string;
  readonly skipReason?: SkipReason;
  readonly evidence: {
    readonly createDate: string;
    readonly ageDays: number;
    readonly periodDays: number;
    readonly lastUsed?: string;
    /** Position of the account's last change: what the plan was made from. */
    readonly position: number;
  };
}

export type SkipReason =
  /** A never-used key is not replaced by another that nobody uses: it goes the way of what is unused. */
  | 'NeverUsed'
  | 'Inactive'
  /** Root's key is not ours to replace: who starts the account has it. */
  | 'RootKey'
  | 'Exempt'
  | 'ExemptionsUnreadable'
  | 'SettingsUnreadable'
  /** An older key of the same user goes first. */
  | 'OtherKeyFirst';

/** Which keys are to be rotated, and which of those that are due are left alone, and why. Pure. In the order of users' names. */
export function plan(world: World, rules: RotationRules): readonly RotationPlanItem[] {
  const { account } = world;
  if ('unreadable' in rules.settings) return [unreadable(account, rules.settings.unreadable)];
  const items: RotationPlanItem[] = [...rootItems(world, rules.settings)];
  for (const user of account.users.values()) if (user.accessKeyIds.length > 0) items.push(...userItems(world, rules, rules.settings, user));
  return items;
}

function userItems(world: World, rules: RotationRules, settings: RotationSettings, user: User): readonly RotationPlanItem[] {
  const { account, now } = world;
  const policy = policyFor(settings, user);
  const due = user.accessKeyIds.map((id) => account.accessKeys.get(id)!).filter((key) => isDue(key, policy, now)); // a user's keys are all there
  if (due.length === 0) return [];
  due.sort((a, b) => Date.parse(a.createDate) - Date.parse(b.createDate));
  const exemption = rules.exemptionOf(account, user, now);
  let isStarted = false;
  return due.map((key) => {
    const item = itemOf(world, `user/${user.userName}`, user.userId, key, policy);
    if (exemption.status === 'unreadable') return skip(item, 'ExemptionsUnreadable', exemption.detail);
    if (exemption.status === 'exempt') return skip(item, 'Exempt', `${exemption.reason}, until ${exemption.until.toISOString()}`);
    if (key.status !== 'Active') return skip(item, 'Inactive', 'it is inactive');
    if (isNeverUsed(world, key)) return skip(item, 'NeverUsed', 'it was never used');
    if (isStarted) return skip(item, 'OtherKeyFirst', "the user's older key goes first");
    isStarted = true;
    return item;
  });
}

/** The facts that begin the rotation that an item of the plan stands for. `rotations`: how many the user had. */
export function startOf(item: RotationPlanItem, account: Account, rotations: number): RotationFact {
  const userName = item.entity.slice('user/'.length);
  return {
    type: 'RotationPlanned',
    data: {
      rotation: rotations + 1,
      accountId: account.id,
      userId: item.instance,
      userName,
      accessKeyId: item.credential,
      createDate: item.evidence.createDate,
    },
  };
}

function rootItems(world: World, settings: RotationSettings): readonly RotationPlanItem[] {
  const { account, now } = world;
  const policy = policyFor(settings, { userId: account.id, tags: [] });
  return account.root.accessKeyIds
    .map((id) => account.accessKeys.get(id)!) // root's keys are all there
    .filter((key) => isDue(key, policy, now))
    .map((key) => skip(itemOf(world, 'root', account.id, key, policy), 'RootKey', "it is root's: replace it by hand"));
}

/** From the first notice on. */
function isDue({ createDate }: AccessKey, { periodDays, noticeDays: [earliest = 0] }: RotationPolicy, now: Date): boolean {
  return now.getTime() >= Date.parse(createDate) + (periodDays - earliest) * dayMs;
}

/** Where the history does not go back to the day the key was made, nobody can say that it was never used. */
function isNeverUsed({ use }: World, { accessKeyId, createDate }: AccessKey): boolean {
  return use.since.getTime() <= Date.parse(createDate) && use.accessKey(accessKeyId) === undefined;
}

function itemOf(world: World, entity: string, instance: string, key: AccessKey, policy: RotationPolicy): RotationPlanItem {
  const ageDays = Math.floor((world.now.getTime() - Date.parse(key.createDate)) / dayMs);
  const lastUsed = world.use.accessKey(key.accessKeyId);
  return {
    instance,
    entity,
    credential: key.accessKeyId,
    action: 'start',
    reason: `the key is ${ageDays} days old; it is replaced after ${policy.periodDays}`,
    evidence: {
      createDate: key.createDate,
      ageDays,
      periodDays: policy.periodDays,
      ...(lastUsed === undefined ? {} : { lastUsed: lastUsed.toISOString() }),
      position: world.account.position,
    },
  };
}

const skip = (item: RotationPlanItem, skipReason: SkipReason, why: string): RotationPlanItem => ({
  ...item,
  action: 'skip',
  skipReason,
  reason: `${item.reason}, but ${why}`,
});

const unreadable = (account: Account, detail: string): RotationPlanItem => ({
  instance: account.id,
  entity: 'account',
  credential: '',
  action: 'skip',
  skipReason: 'SettingsUnreadable',
  reason: `the settings can not be read: ${detail}`,
  evidence: { createDate: account.openedAt, ageDays: 0, periodDays: 0, position: account.position },
});
