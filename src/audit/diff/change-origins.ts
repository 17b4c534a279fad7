import type { Ledger, RecordedEvent } from '../../../libs/ledger/index.ts';
import type { Account } from '../../iam/account.ts';
import { policyNameOf } from '../../iam/policies/managed-policy.ts';
import { stepsBetween, type Step } from '../provenance/origins.ts';
import { keyOf, type Change } from './account-changes.ts';
import { factsOf, nothing, settingFacts, type EntityFacts, type EntityKind } from './entity-facts.ts';
import { isSubjectToTheSame, permissionsOf } from './permission-changes.ts';

/**
 * For each change the event that made it so at last: the changes are those between `before` and `after`, and every event between the two is looked
 * at once. Permissions are looked at after the events that touched what they come from.
 */
export async function originsOfChanges(
  ledger: Pick<Ledger, 'read'>,
  before: Account,
  after: Account,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, RecordedEvent>> {
  const origins = new Map<string, RecordedEvent>();
  const watched = new Map<string, Change[]>();
  for (const change of changes) watched.set(change.entity, [...(watched.get(change.entity) ?? []), change]);
  const principals = watchedPrincipals(changes, before);
  for await (const step of stepsBetween(ledger, before, after)) {
    for (const entity of touchedBy(step)) {
      const lines = watched.get(entity);
      if (lines === undefined) continue;
      const [one, other] = [factsIn(step.before, entity), factsIn(step.after, entity)];
      if (one === other) continue;
      for (const line of lines) {
        if (line.level !== 'permission' && one.get(line.item)?.value !== other.get(line.item)?.value) origins.set(keyOf(line), step.event);
      }
    }
    principals.look(step, origins);
  }
  return origins;
}

/** The entities that an event may have changed: those that it names, and the members of a group that it changed. */
function* touchedBy({ event: { type, data }, before }: Step): Generator<string> {
  const named = data as Readonly<Record<string, unknown>>;
  yield 'account';
  for (const [member, kind] of entityMembers) {
    const name = named[member];
    if (typeof name === 'string') yield `${kind}/${name.toLowerCase()}`;
  }
  const { policyArn, groupName } = named;
  if (typeof policyArn === 'string') yield `policy/${policyNameOf(policyArn).toLowerCase()}`;
  if ((type === 'GroupUpdated' || type === 'GroupDeleted') && typeof groupName === 'string') {
    for (const member of before.groups.get(groupName)?.members.keys() ?? []) yield `user/${member}`;
  }
}

const entityMembers: readonly (readonly [member: string, kind: EntityKind])[] = [
  ['userName', 'user'],
  ['newUserName', 'user'],
  ['groupName', 'group'],
  ['newGroupName', 'group'],
  ['roleName', 'role'],
  ['policyName', 'policy'],
  ['instanceProfileName', 'instance-profile'],
];

function factsIn(account: Account, entity: string): EntityFacts {
  if (entity === 'account') return settings(account);
  const slash = entity.indexOf('/');
  return factsOf(account, entity.slice(0, slash) as EntityKind, entity.slice(slash + 1));
}

/** The facts of the account as a whole, told anew only where one of the parts that they come from is another. */
let lastSettings: { readonly parts: readonly unknown[]; readonly facts: EntityFacts } = { parts: [], facts: nothing };
function settings(account: Account): EntityFacts {
  const { status, alias, quotas, passwordPolicy, root, openedAt } = account;
  const keys = root.accessKeyIds.map((id) => account.accessKeys.get(id));
  const parts = [account.id, status, alias, quotas, passwordPolicy, root, openedAt, ...keys];
  const isSame = parts.length === lastSettings.parts.length && parts.every((part, index) => part === lastSettings.parts[index]);
  if (!isSame) lastSettings = { parts, facts: settingFacts(account) };
  return lastSettings.facts;
}

/** Follows what the principals may do whose permissions changed. */
function watchedPrincipals(changes: readonly Change[], start: Account) {
  const watched = new Map<string, { readonly kind: 'user' | 'role'; readonly name: string; lines: Change[]; may: ReadonlySet<string> }>();
  for (const change of changes) {
    if (change.level !== 'permission') continue;
    const found = watched.get(change.entity);
    if (found !== undefined) {
      found.lines.push(change);
      continue;
    }
    const slash = change.entity.indexOf('/');
    const principal = { kind: change.entity.slice(0, slash) as 'user' | 'role', name: change.entity.slice(slash + 1) };
    watched.set(change.entity, { ...principal, lines: [change], may: permissionsOf(start, principal) });
  }
  return {
    look(step: Step, origins: Map<string, RecordedEvent>): void {
      for (const entity of affectedPrincipals(step, watched)) {
        const principal = watched.get(entity)!; // it is one of them
        if (isSubjectToTheSame(step.before, step.after, principal)) continue;
        const may = permissionsOf(step.after, principal);
        for (const line of principal.lines) if (may.has(line.item) !== principal.may.has(line.item)) origins.set(keyOf(line), step.event);
        principal.may = may;
      }
    },
  };
}

/** Which of the watched principals an event may have given or taken something. */
function* affectedPrincipals({ event: { type, data }, before, after }: Step, watched: ReadonlyMap<string, unknown>): Generator<string> {
  if (watched.size === 0) return;
  const { userName, newUserName, roleName, groupName, newGroupName, policyArn } = data as Readonly<Record<string, string | undefined>>;
  if (type.startsWith('AccountPasswordPolicy')) {
    for (const entity of watched.keys()) if (entity.startsWith('user/')) yield entity;
    return;
  }
  const found = new Set<string>();
  if (userName !== undefined) found.add(`user/${userName.toLowerCase()}`);
  if (newUserName !== undefined) found.add(`user/${newUserName.toLowerCase()}`);
  if (roleName !== undefined) found.add(`role/${roleName.toLowerCase()}`);
  for (const group of [before.groups.get(groupName ?? ''), after.groups.get(newGroupName ?? groupName ?? '')]) {
    if (userName === undefined) for (const member of group?.members.keys() ?? []) found.add(`user/${member}`);
  }
  if (policyArn !== undefined && isAboutPolicy(type)) {
    for (const account of [before, after]) for (const entity of holdersOf(account, policyArn)) found.add(entity);
  }
  for (const entity of found) if (watched.has(entity)) yield entity;
}

/** An event about a managed policy itself, and not about one that has it. */
const isAboutPolicy = (type: string): boolean => /^(Policy|DefaultPolicy|AwsManagedPolicy)/.test(type);

/** The users and roles that a policy is attached to or bounds, those who have it by a group included. */
function* holdersOf(account: Account, policyArn: string): Generator<string> {
  const keys = [...(account.attachments.get(policyArn)?.keys() ?? []), ...(account.boundaryUses.get(policyArn)?.keys() ?? [])];
  for (const key of keys) {
    if (!key.startsWith('group/')) yield key;
    else for (const member of account.groups.get(key.slice('group/'.length))?.members.keys() ?? []) yield `user/${member}`;
  }
}
