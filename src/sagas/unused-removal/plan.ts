import type { Account } from '../../iam/account.ts';
import type { Role } from '../../iam/roles/role.ts';
import type { Tags } from '../../iam/tags.ts';
import { checkedAgainst, exemptionOf } from '../exemptions/exemptions.ts';
import type { World } from '../saga.ts';
import type { Instances, PlanItem } from '../saga-kind.ts';
import { describeRef, findEntity, instanceOf, subjectOf, type Entity, type EntityRef } from './entity.ts';
import { isIdle, lastSignOf, mustBeWatched, type LifeSign } from './life-signs.ts';
import { unusedGrants } from './permissions.ts';
import { protectionOf, sagaKind } from './protection.ts';
import { fingerprintOf } from './remember.ts';
import type { UnusedKind, UnusedRemovalRules } from './settings.ts';
import type { UnusedFact, UnusedFound, UnusedState } from './unused-state.ts';

const dayMs = 86_400_000;

export type UnusedPlanItem = PlanItem<UnusedFact>;

/** What one plan is made with. */
interface Planning {
  readonly world: World;
  readonly rules: UnusedRemovalRules;
  readonly instances: Instances<UnusedState>;
  readonly items: UnusedPlanItem[];
  /** What every row says alike. */
  readonly sources: readonly string[];
  /** Moments as they are written, since many things share theirs. */
  readonly written: Map<number, string>;
}

/**
 * What would be begun, and what looks unused and is left alone, and why. In order: users, what belongs to them, roles, groups, policies, MFA devices, permissions.
 * What is in use is not named. Pure. Where settings, exemptions or the history can not be trusted, nothing is begun.
 */
export function planUnusedRemoval(world: World, rules: UnusedRemovalRules, instances: Instances<UnusedState>): readonly UnusedPlanItem[] {
  const { account, now } = world;
  const planning: Planning = {
    world,
    rules: { ...rules, exemptions: checkedAgainst(rules.exemptions, account, now) },
    instances,
    items: [],
    sources: sourcesOf(world),
    written: new Map(),
  };
  for (const { userId: id, userName: name, accessKeyIds, loginProfile, signingCertificates } of account.users.values()) {
    const isStarted = consider(planning, { kind: 'user', id, name });
    for (const key of accessKeyIds) consider(planning, { kind: 'access-key', id: key, name }, isStarted);
    if (loginProfile !== undefined) consider(planning, { kind: 'password', id, name }, isStarted);
    for (const { certificateId } of signingCertificates) consider(planning, { kind: 'signing-certificate', id: certificateId, name }, isStarted);
  }
  for (const { roleId: id, roleName: name } of account.roles.values()) consider(planning, { kind: 'role', id, name });
  for (const { groupId: id, groupName: name } of account.groups.values()) consider(planning, { kind: 'group', id, name });
  for (const { policyId: id, policyName: name } of account.policies.values()) consider(planning, { kind: 'policy', id, name });
  for (const { deviceId: id, serialNumber: name } of account.mfaDevices.values()) consider(planning, { kind: 'mfa-device', id, name });
  if (rules.settings.unusedDays.permission !== undefined) considerPermissions(planning);
  return planning.items;
}

const sourcesOf = ({ account, use }: World): readonly string[] => [
  `access history complete from ${use.since.toISOString()}`,
  `account at position ${account.position}`,
];

function written({ written: known }: Planning, at: number): string {
  let text = known.get(at);
  if (text === undefined) known.set(at, (text = new Date(at).toISOString()));
  return text;
}

/** How many things there are of the kinds that are looked at: what the percentage of a cap is taken of. */
export function population(account: Account): number {
  let credentials = 0;
  for (const { accessKeyIds, loginProfile, signingCertificates } of account.users.values())
    credentials += accessKeyIds.length + signingCertificates.length + (loginProfile === undefined ? 0 : 1);
  return account.users.size + credentials + account.roles.size + account.groups.size + account.policies.size + account.mfaDevices.size;
}

function considerPermissions(planning: Planning): void {
  const { world, rules } = planning;
  const days = rules.settings.unusedDays.permission ?? Infinity;
  const windowStart = new Date(world.now.getTime() - days * dayMs);
  const holders = [
    ...[...world.account.users.values()].map((user) => ({ holder: user, id: user.userId, name: user.userName, kind: 'user' as const })),
    ...[...world.account.roles.values()].map((role) => ({ holder: role, id: role.roleId, name: role.roleName, kind: 'role' as const })),
  ];
  for (const { holder, id, name, kind } of holders) {
    const grants = unusedGrants(world.account, holder, { principalId: id, use: world.use, windowStart });
    for (const actions of grants.values()) consider(planning, { kind: 'permission', id, name, holder: kind, actions });
  }
}

/** @returns whether a ladder is begun, or on its way */
function consider(planning: Planning, ref: EntityRef, belongsToUnused = false): boolean {
  const { world, rules } = planning;
  const days = rules.settings.unusedDays[ref.kind];
  const entity = days === undefined ? undefined : findEntity(world.account, ref);
  if (days === undefined || entity === undefined || !isIdle(entity, world.account, world.now)) return false;
  const sign = lastSignOf(entity, ref, world.account, world.use);
  const windowStart = world.now.getTime() - days * dayMs;
  if (sign.at > windowStart) {
    if (sign.what === 'created' || sign.what === 'credential created')
      skip(planning, { entity, ref, sign, days }, `younger than the window of ${days} days`);
    return false;
  }
  const found = { entity, ref, sign, days };
  const { round, skipReason, isRunning } = roundOf(planning, ref, windowStart);
  const reason = belongsToUnused ? 'its user is removed as a whole' : (skipReason ?? reasonToSkip(planning, entity, ref, windowStart));
  if (reason !== undefined) {
    skip(planning, found, reason, round);
    return isRunning;
  }
  planning.items.push({ ...rowOf(planning, found, round), action: 'start', facts: [{ type: 'UnusedFound', data: freeze(planning, found) }] });
  return true;
}

function reasonToSkip({ world, rules }: Planning, entity: Entity, ref: EntityRef, windowStart: number): string | undefined {
  const { account, now, use } = world;
  const problems = [...rules.problems, ...rules.exemptions.problems];
  if (problems.length > 0) return `settings or exemptions can not be trusted: ${problems.join(' ')}`;
  if (!mustBeWatched(ref) && use.since.getTime() > windowStart) return `the access history is complete from ${use.since.toISOString()} on only`;
  const protection = protectionOf(account, entity, rules.settings);
  if (protection !== undefined) return protection;
  const exempt = exemptionOf(rules.exemptions, subjectOf(account, entity), { saga: sagaKind, now });
  return exempt.status === 'exempt' ? `exempt until ${exempt.until.toISOString()} (${exempt.reason})` : undefined;
}

/** The ladders that a thing had: the one that runs, the last that ended, and the number of the next. */
function roundsOf(instances: Instances<UnusedState>, ref: EntityRef) {
  const base = instanceOf(ref);
  let round = 1;
  let last: UnusedState | undefined;
  for (let known = instances.of(`${base}.1`); known !== undefined; known = instances.of(`${base}.${round}`)) {
    if (!known.isOver) return { round, running: known.state, last };
    last = known.state;
    round += 1;
  }
  return { round, running: undefined, last };
}

/** Which ladder of the thing this would be, and whether an earlier one stands in its way: one that runs, or that ended within the window. */
function roundOf(
  { instances, world, rules }: Planning,
  ref: EntityRef,
  windowStart: number,
): { readonly round: number; readonly skipReason?: string; readonly isRunning: boolean } {
  const { round, running, last } = roundsOf(instances, ref);
  if (running !== undefined) return { round, skipReason: `it is ${phaseWords(running)} already`, isRunning: true };
  if (ref.kind === 'user' && hasRunningCredential(world.account, ref, instances))
    return { round, skipReason: 'a credential of it is being removed; the user comes after it', isRunning: false };
  const days = rules.settings.unusedDays[ref.kind] ?? 0;
  const isOfUser = ref.kind === 'access-key' || ref.kind === 'password' || ref.kind === 'signing-certificate';
  const ofUser = isOfUser ? lastOfOwner(world.account, ref, instances) : undefined;
  for (const ended of [last, ofUser]) {
    if (ended?.endedAt !== undefined && ended.phase !== 'Exempted' && Date.parse(ended.endedAt) > windowStart)
      return {
        round,
        skipReason: `${ended === last ? 'it' : 'its user'} was ${ended.phase.toLowerCase()} within the window of ${days} days`,
        isRunning: false,
      };
  }
  return { round, isRunning: false };
}

const phaseWords = ({ phase }: UnusedState): string => (phase === 'New' || phase === 'Candidate' ? 'a candidate' : phase.toLowerCase());

function hasRunningCredential(account: Account, { name, id }: EntityRef, instances: Instances<UnusedState>): boolean {
  const runs = (ref: EntityRef): boolean => roundsOf(instances, ref).running !== undefined;
  const { accessKeyIds = [], signingCertificates = [] } = account.users.get(name) ?? {};
  return (
    runs({ kind: 'password', id, name }) ||
    accessKeyIds.some((key) => runs({ kind: 'access-key', id: key, name })) ||
    signingCertificates.some(({ certificateId }) => runs({ kind: 'signing-certificate', id: certificateId, name }))
  );
}

function lastOfOwner(account: Account, { name }: EntityRef, instances: Instances<UnusedState>): UnusedState | undefined {
  const id = account.users.get(name)?.userId;
  return id === undefined ? undefined : roundsOf(instances, { kind: 'user', id, name }).last;
}

interface Found {
  readonly entity: Entity;
  readonly ref: EntityRef;
  readonly sign: LifeSign;
  readonly days: number;
}

function skip(planning: Planning, found: Found, skipReason: string, round = 1): void {
  planning.items.push({ ...rowOf(planning, found, round), action: 'skip', skipReason });
}

function rowOf(
  planning: Planning,
  { entity, ref, sign, days }: Found,
  round: number,
): Pick<UnusedPlanItem, 'instance' | 'entity' | 'reason' | 'evidence'> & { readonly credential?: string } {
  const { now, account } = planning.world;
  const age = Math.floor((now.getTime() - sign.at) / dayMs);
  return {
    instance: `${instanceOf(ref)}.${round}`,
    entity: arnOf(account, entity, ref),
    ...(ref.kind === 'access-key' || ref.kind === 'signing-certificate' ? { credential: ref.id } : {}),
    reason: `${describeRef(ref)}: ${mustBeWatched(ref) ? idleWords[ref.kind] : agedWords(sign.what, age)}; the limit is ${days}`,
    evidence: [`last sign of life: ${sign.what} at ${written(planning, sign.at)}`, ...planning.sources, ...(ref.actions ?? [])],
  };
}

function agedWords(what: LifeSign['what'], days: number): string {
  const when = days < 0 ? `in ${-days} days` : `${days} days ago`;
  return what === 'created' ? `never used, created ${when}` : `${what} ${when}`;
}

const idleWords: Readonly<Partial<Record<UnusedKind, string>>> = {
  group: 'without members',
  policy: 'attached to nobody',
  permission: 'no use was seen',
};

/** The finding as it was when the plan was made: what the saga holds on to. */
function freeze(planning: Planning, { entity, ref, sign, days }: Found): UnusedFound {
  const { account, now } = planning.world;
  const ownerTag = planning.rules.settings.ownerTag.toLowerCase();
  const owner = tagsOf(entity).find(({ Key }) => Key.toLowerCase() === ownerTag)?.Value;
  const isWatched = mustBeWatched(ref);
  return {
    ref,
    lastSign: written(planning, sign.at),
    sign: sign.what,
    unusedDays: days,
    windowStart: written(planning, isWatched ? now.getTime() : now.getTime() - days * dayMs),
    ...(isWatched ? { watchUntil: written(planning, now.getTime() + days * dayMs) } : {}),
    position: account.position,
    fingerprint: fingerprintOf(account, entity),
    ...(owner === undefined ? {} : { owner }),
  };
}

function tagsOf(entity: Entity): Tags {
  if (entity.kind === 'group') return [];
  if (entity.kind === 'policy') return entity.policy.tags;
  if (entity.kind === 'mfa-device') return entity.device.tags;
  return ('user' in entity && entity.user !== undefined ? entity.user : (entity as { readonly role: Role }).role).tags; // it has one of the two
}

/** What a plan calls it. */
const arnOf = (account: Account, entity: Entity, ref: EntityRef): string =>
  subjectOf(account, entity).ids.find((id) => id.startsWith('arn:')) ?? ref.id;
