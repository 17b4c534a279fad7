import { AccountMap } from './account-map.ts';
import { emptyAccount, type Account } from './account.ts';
import { PersistentMap } from './persistent-map.ts';

/** How a dump writes a map inside of an entity: its entries in order. No member of an entity has this name. */
const mapMarker = '#map';

/**
 * The account as canonical lines of JSON: first what is not a map, then every entry of every map, in order. Object keys are in order too and absent
 * members left out, so two states are the same exactly when their lines are. Lazy: a large account need not be written in one go.
 */
export function* dumpLines(account: Account): Generator<string> {
  const maps = mapMembers(account);
  yield JSON.stringify(plain(Object.fromEntries(Object.entries(account).filter(([member]) => !maps.includes(member as keyof Account)))));
  for (const member of maps) {
    for (const [key, value] of account[member] as PersistentMap<unknown>) yield JSON.stringify([member, key, plain(value)]);
  }
}

/** The account as one canonical text. */
export const dumpAccount = (account: Account): string => [...dumpLines(account)].join('\n');

/** The account that was dumped. The lines must be those that `dumpLines` made. */
export function restoreAccount(lines: Iterable<string>): Account {
  const maps = new Map<string, [string, unknown][]>();
  let scalars: Partial<Account> = {};
  for (const line of lines) {
    const value = JSON.parse(line) as unknown;
    if (!Array.isArray(value)) {
      scalars = restored(value) as Partial<Account>;
      continue;
    }
    const [member, key, inner] = value as [string, string, unknown];
    const entries = maps.get(member);
    if (entries === undefined) maps.set(member, [[key, restored(inner)]]);
    else entries.push([key, restored(inner)]);
  }
  const folded = Object.fromEntries([...maps].map(([member, entries]) => [member, AccountMap.of(entries, member)]));
  return { ...emptyAccount(scalars.id ?? ''), ...scalars, ...folded };
}

const mapMembers = (account: Account): (keyof Account)[] =>
  (Object.keys(account) as (keyof Account)[]).filter((member) => account[member] instanceof PersistentMap).sort();

function plain(value: unknown): unknown {
  if (value instanceof PersistentMap) return { [mapMarker]: [...value.entries()].map(([key, inner]) => [key, plain(inner)]) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.keys(value).sort();
  const result: Record<string, unknown> = {};
  for (const member of members) {
    const inner = (value as Record<string, unknown>)[member];
    if (inner !== undefined) result[member] = plain(inner);
  }
  return result;
}

/** In place: the value was parsed a moment ago and is nobody else's. */
function restored(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = restored(value[index]);
    return value;
  }
  const members = value as Record<string, unknown>;
  const entries = members[mapMarker];
  if (Array.isArray(entries)) return PersistentMap.of(restored(entries) as [string, unknown][]);
  for (const member in members) members[member] = restored(members[member]);
  return members;
}
