import type { Account } from '../../iam/account.ts';
import { isServiceLinkedPath } from '../../iam/roles/find-role.ts';
import { exemptionOf, type ExemptionAnswer } from '../exemptions/exemptions.ts';
import { subjectOf, type Entity } from './entity.ts';
import type { UnusedRemovalRules, UnusedRemovalSettings } from './settings.ts';

/** The kind of the saga, which is part of its streams' names and what exemptions name. */
export const sagaKind = 'unused-removal';

/**
 * Why a thing is never touched, however long nobody used it; `undefined`: it may be. Root and its keys never even come up: they are no user's.
 */
export function protectionOf(account: Account, entity: Entity, { breakGlass }: UnusedRemovalSettings): string | undefined {
  const role = 'role' in entity ? entity.role : undefined;
  if (role !== undefined && isServiceLinkedPath(role.path)) return 'a service-linked role: only its service removes it';
  if (role?.assumeRolePolicyDocument.includes('.iam-ledger.internal') === true) return 'a role of this server: what it does stands or falls with it';
  const { tags, ids } = subjectOf(account, entity);
  if (tags.some(({ Key }) => Key.toLowerCase() === breakGlass.tag.toLowerCase())) return `break-glass: it is tagged ${breakGlass.tag}`;
  if (breakGlass.names.length === 0) return undefined;
  const names = new Set([...ids, nameOf(entity)]);
  return breakGlass.names.some((name) => names.has(name)) ? 'break-glass: it is named in the settings' : undefined;
}

function nameOf(entity: Entity): string {
  if (entity.kind === 'group') return entity.group.groupName;
  if (entity.kind === 'policy') return entity.policy.policyName;
  if (entity.kind === 'mfa-device') return entity.device.deviceName;
  if ('user' in entity && entity.user !== undefined) return entity.user.userName;
  return entity.role?.roleName ?? '';
}

/** Whether a thing is exempt. Unreadable exemptions are the caller's to respect: nothing is done then. */
export const exemption = (account: Account, entity: Entity, { exemptions }: UnusedRemovalRules, now: Date): ExemptionAnswer =>
  exemptionOf(exemptions, subjectOf(account, entity), { saga: sagaKind, now });
