import type { Account } from '../../iam/account.ts';
import { accountChanges, type Change } from './account-changes.ts';
import type { Level } from './entity-facts.ts';
import { permissionChanges } from './permission-changes.ts';

/** All lines of the difference between two states of an account, permissions last; `entity` is folded. */
export function changesBetween(before: Account, after: Account, entity?: string, wanted?: ReadonlySet<Level>): Change[] {
  const changes = [...accountChanges(before, after, { entity, levels: wanted })];
  if (wanted === undefined || wanted.has('permission')) for (const change of permissionChanges(before, after, entity)) changes.push(change);
  return changes;
}
