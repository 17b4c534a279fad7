import type { Account } from './account.ts';
import { PersistentMap } from './persistent-map.ts';

/** How a dump writes a map: its entries in order. No name of an entity can look like it. */
const mapMarker = '#map';

/**
 * The account as canonical JSON: object keys and map entries in order, absent members left out. Two states are the same exactly when their dumps
 * are the same bytes.
 */
export function dumpAccount(account: Account): string {
  return JSON.stringify(plain(account));
}

/** The account that was dumped. The dump must be one that `dumpAccount` made. */
export function restoreAccount(dump: string): Account {
  return restored(JSON.parse(dump)) as Account;
}

/** The account as JSON for people: maps as objects keyed by the names as first written, where an entity has one. */
export function showAccount(account: Account): unknown {
  return shown(account);
}

function plain(value: unknown): unknown {
  if (value instanceof PersistentMap) return { [mapMarker]: [...value.entries()].map(([key, inner]) => [key, plain(inner)]) };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, plain(inner)]),
  );
}

function restored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(restored);
  if (typeof value !== 'object' || value === null) return value;
  const entries = (value as Record<string, unknown>)[mapMarker];
  if (Array.isArray(entries)) return PersistentMap.of((entries as [string, unknown][]).map(([key, inner]) => [key, restored(inner)] as const));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, restored(inner)]));
}

function shown(value: unknown): unknown {
  if (value instanceof PersistentMap) {
    const values = [...value.entries()];
    if (values.every(([, inner]) => inner === true)) return values.map(([key]) => key);
    if (values.every(([key, inner]) => typeof inner === 'string' && inner.toLowerCase() === key)) return values.map(([, inner]) => inner);
    return Object.fromEntries(values.map(([key, inner]) => [nameOf(inner) ?? key, shown(inner)]));
  }
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== undefined && !hiddenMembers.has(key))
      .map(([key, inner]) => [key, shown(inner)]),
  );
}

/** Hashes of passwords are of no use to a reader. */
const hiddenMembers: ReadonlySet<string> = new Set(['passwordHash', 'previousHashes']);

function nameOf(value: unknown): string | undefined {
  const { userName, groupName, roleName, policyName, instanceProfileName, accessKeyId } = value as Record<string, string | undefined>;
  return accessKeyId ?? instanceProfileName ?? policyName ?? groupName ?? roleName ?? userName;
}
