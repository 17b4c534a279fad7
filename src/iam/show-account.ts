import type { Account } from './account.ts';
import { PersistentMap } from './persistent-map.ts';

/** The account as JSON for people: maps as objects keyed by the names as first written; without the hashes of passwords. */
export function showAccount(account: Account): unknown {
  return shown(account);
}

/** Hashes of passwords are of no use to a reader. */
const hiddenMembers: ReadonlySet<string> = new Set(['passwordHash', 'previousHashes']);

function shown(value: unknown): unknown {
  if (value instanceof PersistentMap) return shownMap(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([member, inner]) => inner !== undefined && !hiddenMembers.has(member))
      .map(([member, inner]) => [member, shown(inner)]),
  );
}

/** A map of names to `true` or to themselves is a list; any other an object. */
function shownMap(map: PersistentMap<unknown>): unknown {
  const entries = [...map.entries()];
  if (entries.length === 0) return {};
  if (entries.every(([, value]) => value === true)) return entries.map(([key]) => key);
  if (entries.every(([key, value]) => typeof value === 'string' && value.toLowerCase() === key)) return entries.map(([, value]) => value);
  return Object.fromEntries(entries.map(([key, value]) => [nameOf(value) ?? key, shown(value)]));
}

function nameOf(value: unknown): string | undefined {
  const { userName, groupName, roleName, policyName, instanceProfileName, accessKeyId, serialNumber, serverCertificateName, samlProviderName } =
    value as Record<string, string | undefined>;
  return (
    samlProviderName ?? serialNumber ?? serverCertificateName ?? accessKeyId ?? instanceProfileName ?? policyName ?? groupName ?? roleName ?? userName
  );
}
