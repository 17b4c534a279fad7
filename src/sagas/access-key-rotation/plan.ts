import { rootArn } from '../../../libs/aws/index.ts';
import type { AccessKey } from '../../iam/access-keys/access-key.ts';
import type { Account } from '../../iam/account.ts';
import { arnOfExistingUser, type User } from '../../iam/users/user.ts';
import type { World } from '../saga.ts';
import type { Instances, PlanItem } from '../saga-kind.ts';
import type { RotationFact } from './facts.ts';
import type { Rotation } from './rotation.ts';
import { policyFor, type RotationPolicy, type RotationRules, type RotationSettings } from './settings.ts';
import { dayMs } from './steps.ts';

type Item = PlanItem<RotationFact>;

export type SkipReason =
  /** A never-used key is not replaced by another that nobody uses: it goes the way of what is unused. */
  | 'NeverUsed'
  | 'Inactive'
  /** Root's key is not ours to replace: who starts the account has it. */
  | 'RootKey'
  | 'Exempt'
  | 'ExemptionsUnreadable'
  | 'SettingsUnreadable'
  /** An older key of the same user goes first, or a rotation of his is under way. */
  | 'OtherKeyFirst'
  | 'UnderWay';

/**
 * Which keys are to be rotated, and which of those that are due are left alone, and why. Pure. In the order of users' names; one key of a user at a time,
 * the oldest first.
 */
export function plan(world: World, rules: RotationRules, instances: Instances<Rotation>): readonly Item[] {
  const { account, now } = world;
  if ('unreadable' in rules.settings) return [unreadable(account, rules.settings.unreadable)];
  const items = [...rootItems(world, rules.settings)];
  let histories: ReadonlyMap<string, History> | undefined;
  for (const [, user] of account.users.entries()) {
    if (user.accessKeyIds.length === 0) continue;
    const policy = policyFor(rules.settings, user);
    const due = user.accessKeyIds.map((id) => account.accessKeys.get(id)!).filter((key) => isDue(key, policy, now)); // a user's keys are all there
    if (due.length === 0) continue;
    histories ??= historiesOf(instances);
    items.push(...userItems({ world, rules, user, policy, history: histories.get(user.userId) ?? noHistory }, due));
  }
  return items;
}

/** The keys that could be due: those of users. */
export const population = (account: Account): number => account.accessKeys.size - account.root.accessKeyIds.length;

interface History {
  readonly rotations: number;
  readonly underWay: string | undefined;
}

const noHistory: History = { rotations: 0, underWay: undefined };

function historiesOf(instances: Instances<Rotation>): ReadonlyMap<string, History> {
  const histories = new Map<string, History>();
  for (const { instance, state, isOver } of instances.all()) {
    const { rotations, underWay } = histories.get(state.userId) ?? noHistory;
    histories.set(state.userId, { rotations: Math.max(rotations, state.rotation), underWay: isOver ? underWay : instance });
  }
  return histories;
}

interface OfUser {
  readonly world: World;
  readonly rules: RotationRules;
  readonly user: User;
  readonly policy: RotationPolicy;
  readonly history: History;
}

function userItems({ world, rules, user, policy, history }: OfUser, due: readonly AccessKey[]): readonly Item[] {
  const { account, now } = world;
  const rotation = history.rotations + 1;
  const arn = arnOfExistingUser(account, user);
  const instance = `${user.userId}-${rotation}`;
  let isStarted = false;
  const oldestFirst = due.toSorted((a, b) => Date.parse(a.createDate) - Date.parse(b.createDate));
  const items = oldestFirst.map((key): Item => {
    const item = about(world, { arn, instance, key, policy });
    if (history.underWay !== undefined) return skip(item, 'UnderWay', `rotation ${history.underWay} is under way`);
    const exemption = rules.exemptionOf(account, user, now);
    if (exemption.status === 'unreadable') return skip(item, 'ExemptionsUnreadable', exemption.detail);
    if (exemption.status === 'exempt') return skip(item, 'Exempt', `${exemption.reason}, until ${exemption.until.toISOString()}`);
    if (key.status !== 'Active') return skip(item, 'Inactive', 'it is inactive');
    if (isNeverUsed(world, key)) return skip(item, 'NeverUsed', 'it was never used');
    if (isStarted) return skip(item, 'OtherKeyFirst', "the user's older key goes first");
    isStarted = true;
    const { userId, userName } = user;
    const data = { rotation, accountId: account.id, userId, userName, accessKeyId: key.accessKeyId, createDate: key.createDate };
    return { ...item, action: 'start', facts: [{ type: 'RotationPlanned', data }] };
  });
  return onePerInstance(items);
}

/** An instance stands in a plan once: that of a user's two keys which begins, else the older one; the other is named in its reason. */
function onePerInstance(items: readonly Item[]): readonly Item[] {
  const [told = items[0]] = items.filter(({ action }) => action === 'start');
  if (told === undefined) return [];
  const others = items.filter((item) => item !== told).map(({ credential, reason }) => `${credential}: ${reason}`);
  return [others.length === 0 ? told : { ...told, evidence: [...told.evidence, ...others] }];
}

function rootItems(world: World, settings: RotationSettings): readonly Item[] {
  const { account, now } = world;
  const policy = policyFor(settings, { userId: account.id, tags: [] });
  return account.root.accessKeyIds
    .map((id) => account.accessKeys.get(id)!) // root's keys are all there
    .filter((key) => isDue(key, policy, now))
    .map((key) =>
      skip(about(world, { arn: rootArn(account), instance: `root-${account.id}`, key, policy }), 'RootKey', "it is root's: replace it by hand"),
    );
}

/** From the first notice on. */
function isDue({ createDate }: AccessKey, { periodDays, noticeDays: [earliest = 0] }: RotationPolicy, now: Date): boolean {
  return now.getTime() >= Date.parse(createDate) + (periodDays - earliest) * dayMs;
}

/** Where the history does not go back to the day the key was made, nobody can say that it was never used. */
function isNeverUsed({ use }: World, { accessKeyId, createDate }: AccessKey): boolean {
  return use.since.getTime() <= Date.parse(createDate) && use.accessKey(accessKeyId) === undefined;
}

type About = Pick<Item, 'entity' | 'instance' | 'reason' | 'evidence'> & { readonly credential: string };

function about(
  world: World,
  { arn, instance, key, policy }: { readonly arn: string; readonly instance: string; readonly key: AccessKey; readonly policy: RotationPolicy },
): About {
  const days = Math.floor((world.now.getTime() - Date.parse(key.createDate)) / dayMs);
  const lastUsed = world.use.accessKey(key.accessKeyId);
  return {
    instance,
    entity: arn,
    credential: key.accessKeyId,
    reason: `access key is ${days} days old; the period is ${policy.periodDays}`,
    evidence: [`made ${key.createDate}`, lastUsed === undefined ? 'no use is known' : `last used ${lastUsed.toISOString()}`],
  };
}

const skip = (item: About, skipReason: SkipReason, why: string): Item => ({
  ...item,
  action: 'skip',
  skipReason,
  reason: `${item.reason}, but ${why}`,
});

const unreadable = (account: Account, detail: string): Item => ({
  instance: `account-${account.id}`,
  entity: rootArn(account),
  reason: `the settings can not be read: ${detail}`,
  evidence: [],
  action: 'skip',
  skipReason: 'SettingsUnreadable' satisfies SkipReason,
});
