import type { Account } from '../../iam/account.ts';
import type { MfaDevice } from '../../iam/mfa-devices/mfa-device.ts';
import { endOfSigningCertificate, type SigningCertificate } from '../../iam/signing-certificates/signing-certificate.ts';
import type { User } from '../../iam/users/user.ts';
import type { AccessUse } from '../access-use.ts';
import { matchesWildcard } from '../../../libs/policy/index.ts';
import type { Entity, EntityRef } from './entity.ts';

/** The latest thing that showed something alive, and what that was. */
export interface LifeSign {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly what: 'created' | 'changed' | 'used' | 'attempted' | 'credential created' | 'unassigned' | 'deactivated' | 'expired';
}

/**
 * The latest sign of life of a thing. All of these count, each on the very thing that is asked about: it was made, it was changed, it was used, somebody
 * tried to use it and was refused. What is younger than the window therefore never is unused, used or not.
 *
 * A user lives by everything that it has: its keys, its password, its sessions. A key lives by its own use only. No history shows the use of a signing
 * certificate, so it is alive as long as it is active and has not expired; an MFA device, as long as somebody has it.
 */
export function lastSignOf(entity: Entity, ref: EntityRef, account: Account, use: AccessUse): LifeSign {
  switch (entity.kind) {
    case 'user':
      return signOfUser(entity.user, account, use);
    case 'access-key':
      return signOfKey(entity.key.accessKeyId, entity.key.createDate, use);
    case 'password':
      return signOfPassword(entity.user, use);
    case 'role': {
      const { role } = entity;
      let sign = later(created(role.createDate), use.role(role.roleId), 'used');
      if (role.importedLastUsed !== undefined) sign = laterOf(sign, { at: Date.parse(role.importedLastUsed.lastUsedDate), what: 'used' });
      return laterActions(sign, role.roleId, use);
    }
    case 'group':
      return created(entity.group.createDate);
    case 'policy':
      return laterOf(created(entity.policy.createDate), { at: Date.parse(entity.policy.updateDate), what: 'changed' });
    case 'mfa-device':
      return signOfDevice(entity.device);
    case 'signing-certificate':
      return signOfCertificate(entity.certificate);
    case 'permission': {
      const holder = entity.user ?? entity.role;
      return laterActions(created(holder.createDate), ref.id, use, ref.actions ?? []);
    }
    default:
      throw new Error(`there is no ${(entity satisfies never as Entity).kind}`);
  }
}

/**
 * Whether nothing but watching tells how long a thing has been idle: the account does not know since when a group is empty, a policy is attached to
 * nobody, a permission is granted.
 */
export const mustBeWatched = ({ kind }: EntityRef): boolean => kind === 'group' || kind === 'policy' || kind === 'permission';

/** Whether a thing is idle at this moment, as far as the account alone tells: of the other kinds only the history does. */
export function isIdle(entity: Entity, account: Account, now: Date): boolean {
  if (entity.kind === 'mfa-device') return entity.device.assignment === undefined;
  if (entity.kind === 'signing-certificate') return entity.certificate.status === 'Inactive' || expiresAt(entity.certificate) <= now.getTime();
  if (entity.kind === 'group') return entity.group.members.size === 0;
  if (entity.kind === 'policy') return !account.attachments.has(entity.policy.arn) && !account.boundaryUses.has(entity.policy.arn);
  return true;
}

function signOfUser(user: User, account: Account, use: AccessUse): LifeSign {
  let sign = created(user.createDate);
  for (const id of user.accessKeyIds) {
    const key = account.accessKeys.get(id);
    if (key !== undefined) sign = laterOf(sign, ofCredential(signOfKey(id, key.createDate, use)));
  }
  for (const { uploadDate } of [...user.signingCertificates, ...user.sshPublicKeys]) sign = laterOf(sign, ofCredential(created(uploadDate)));
  for (const { createDate } of user.serviceSpecificCredentials) sign = laterOf(sign, ofCredential(created(createDate)));
  // A password that is gone may have been used; the history knows.
  if (user.loginProfile !== undefined) sign = laterOf(sign, ofCredential(signOfPassword(user, use)));
  else sign = later(sign, use.password(user.userId), 'used');
  return laterActions(sign, user.userId, use);
}

const signOfDevice = ({ createDate, deactivateDate }: MfaDevice): LifeSign =>
  deactivateDate === undefined ? created(createDate) : { at: Date.parse(deactivateDate), what: 'unassigned' };

/** Since it was deactivated or since it expired, whichever came first: one that expired is not alive because somebody, or a quarantine, deactivates it. */
function signOfCertificate(certificate: SigningCertificate): LifeSign {
  const expired: LifeSign = { at: expiresAt(certificate), what: 'expired' };
  const deactivated: LifeSign = { at: Date.parse(certificate.statusDate), what: 'deactivated' };
  return certificate.status === 'Inactive' && deactivated.at < expired.at ? deactivated : expired;
}

const ofCredential = (sign: LifeSign): LifeSign => (sign.what === 'created' ? { ...sign, what: 'credential created' } : sign);

function signOfKey(accessKeyId: string, createDate: string, use: AccessUse): LifeSign {
  const sign = later(created(createDate), use.accessKey(accessKeyId), 'used');
  return later(sign, use.accessKeyAttempt(accessKeyId), 'attempted');
}

function signOfPassword({ userId, loginProfile }: User, use: AccessUse): LifeSign {
  const { createDate, passwordLastChanged } = loginProfile!; // findEntity and signOfUser looked
  const sign = laterOf(created(createDate), { at: Date.parse(passwordLastChanged), what: 'changed' });
  return later(sign, use.password(userId), 'used');
}

/** Of all actions of a principal, or of those that match the patterns. */
function laterActions(sign: LifeSign, principalId: string, use: AccessUse, patterns?: readonly string[]): LifeSign {
  let latest = sign;
  for (const [action, at] of use.actions(principalId)) {
    if (patterns === undefined || patterns.some((pattern) => coversAction(pattern, action))) latest = later(latest, at, 'used');
  }
  return latest;
}

/** Whether `s3:Get*` covers `s3:getobject`; without regard to case, as policies do. */
export const coversAction = (pattern: string, action: string): boolean => matchesWildcard(pattern.toLowerCase(), action.toLowerCase());

const created = (createDate: string): LifeSign => ({ at: Date.parse(createDate), what: 'created' });

function later(sign: LifeSign, at: Date | undefined, what: LifeSign['what']): LifeSign {
  return at !== undefined && at.getTime() > sign.at ? { at: at.getTime(), what } : sign;
}

const laterOf = (a: LifeSign, b: LifeSign): LifeSign => (b.at > a.at ? b : a);

/** Milliseconds since the epoch; one whose end can not be read has none. */
function expiresAt(certificate: SigningCertificate): number {
  const end = endOfSigningCertificate(certificate);
  return end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end);
}
