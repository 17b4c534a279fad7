import type { Account } from '../../iam/account.ts';
import type { PersistentMap } from '../../iam/persistent-map.ts';
import { entityKinds, factsOf, nothing, settingFacts, type EntityFact, type EntityFacts, type EntityKind, type Level } from './entity-facts.ts';

/** A line of a difference: one fact that is another at the end than at the beginning. */
export interface Change {
  readonly level: Level;
  /** `user/alice`, `policy/Readers`, `account` */
  readonly entity: string;
  /** What about it: `path`, `inline/own`, `s3:GetObject`. */
  readonly item: string;
  /** `undefined`: it was not there. */
  readonly before: string | undefined;
  /** `undefined`: it is not there any more. */
  readonly after: string | undefined;
}

/** What a difference is asked about; nothing given: all. */
export interface Scope {
  /** `user/alice`, folded. With a user's, group's or role's name, memberships of either side count. */
  readonly entity?: string | undefined;
  readonly levels?: ReadonlySet<Level> | undefined;
}

const mapOf = {
  user: 'users',
  group: 'groups',
  role: 'roles',
  policy: 'policies',
  'instance-profile': 'instanceProfiles',
} as const satisfies Record<EntityKind, keyof Account>;

/**
 * What is different between two states of one account, in the order of kinds, names and items. Parts that both states share are passed by, so it costs what changed.
 * Permissions are told by `permissionChanges`.
 */
export function* accountChanges(before: Account, after: Account, scope: Scope = {}): Generator<Change> {
  yield* inScope(factChanges('account', settingFacts(before), settingFacts(after)), scope);
  for (const kind of entityKinds) {
    for (const name of changedNames(before, after, kind)) {
      yield* inScope(factChanges(`${kind}/${name}`, factsOf(before, kind, name), factsOf(after, kind, name)), scope);
    }
  }
}

function* inScope(changes: Iterable<Change>, { entity, levels }: Scope): Generator<Change> {
  for (const change of changes) {
    if (levels !== undefined && !levels.has(change.level)) continue;
    if (entity !== undefined && change.entity !== entity && change.item !== entity) continue;
    yield change;
  }
}

/** Folded names of the entities of a kind that may be different. */
export function* changedNames(before: Account, after: Account, kind: EntityKind): Generator<string> {
  const [one, other] = [before[mapOf[kind]], after[mapOf[kind]]] as PersistentMap<object>[];
  const keysChanged = kind === 'user' && before.accessKeys !== after.accessKeys;
  if (one === other && !keysChanged) return;
  for (const [name, left, right] of sideBySide(one!, other!)) {
    if (left !== right || (keysChanged && hasOtherKeys(before, after, name))) yield name;
  }
}

/** Whether a user, who is the same in both states, has a key that is not. */
function hasOtherKeys(before: Account, after: Account, name: string): boolean {
  const ids = after.users.get(name)?.accessKeyIds ?? [];
  return ids.some((id) => before.accessKeys.get(id) !== after.accessKeys.get(id));
}

/** The entries of two sorted maps, those of one name together. */
export function* sideBySide<V>(
  one: PersistentMap<V>,
  other: PersistentMap<V>,
): Generator<readonly [name: string, left: V | undefined, right: V | undefined]> {
  const [lefts, rights] = [one.entries(), other.entries()];
  let [left, right] = [lefts.next(), rights.next()];
  while (left.done !== true || right.done !== true) {
    if (right.done === true || (left.done !== true && left.value[0] < right.value[0])) {
      yield [left.value![0], left.value![1], undefined]; // it is not done
      left = lefts.next();
    } else if (left.done === true || right.value[0] < left.value[0]) {
      yield [right.value[0], undefined, right.value[1]];
      right = rights.next();
    } else {
      yield [left.value[0], left.value[1], right.value[1]];
      [left, right] = [lefts.next(), rights.next()];
    }
  }
}

export function* factChanges(entity: string, before: EntityFacts, after: EntityFacts): Generator<Change> {
  if (before === after) return;
  const items = before === nothing ? [...after.keys()] : [...new Set([...before.keys(), ...after.keys()])];
  for (const item of items.sort()) {
    const [one, other] = [before.get(item), after.get(item)];
    if (one?.value === other?.value) continue;
    const { level } = (other ?? one) as EntityFact; // one of the two has it
    yield { level, entity, item, before: one?.value, after: other?.value };
  }
}

/** Two differences that follow one another, as one: what came and went in between is no difference. */
export function composed(first: Iterable<Change>, second: Iterable<Change>): Change[] {
  const lines = new Map<string, Change>();
  for (const change of first) lines.set(keyOf(change), change);
  for (const change of second) {
    const earlier = lines.get(keyOf(change));
    lines.set(keyOf(change), earlier === undefined ? change : { ...change, before: earlier.before });
  }
  return [...lines.values()].filter(({ before, after }) => before !== after);
}

/** What tells one line of a difference from the others. */
export const keyOf = ({ level, entity, item }: Pick<Change, 'level' | 'entity' | 'item'>): string => `${level}\n${entity}\n${item}`;
