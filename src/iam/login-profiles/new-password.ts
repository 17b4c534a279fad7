import { EntityTemporarilyUnmodifiable, PasswordPolicyViolation } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { PreparationServices } from '../operation.ts';
import { passwordFault } from '../password-policy/password-rules.ts';
import type { LoginProfile } from './login-profile.ts';

/** What was found out about a new password before deciding, and from which state. */
export interface PreparedPassword {
  readonly hash: string;
  /** Whether it is one of the passwords in `comparedWith`. */
  readonly reused: boolean;
  /** The hashes that may not be used again, as they were then. */
  readonly comparedWith: readonly string[];
}

/**
 * Hashes a new password and compares it with those that the password policy remembers. A password that the policy refuses anyway is not hashed
 * (`undefined`): `newPasswordHash` will say what is wrong with it.
 */
export async function prepareNewPassword(
  account: Account,
  profile: LoginProfile | undefined,
  password: string,
  services: PreparationServices,
): Promise<PreparedPassword | undefined> {
  if (passwordFault(account, password) !== undefined) return undefined;
  const comparedWith = rememberedHashes(account, profile);
  let reused = false;
  for (const hash of comparedWith) {
    reused = await services.verifyPassword(hash, password);
    if (reused) break;
  }
  return { hash: await services.hashPassword(password), reused, comparedWith };
}

/**
 * The hash of the new password, where the account as it is now lets it be used.
 *
 * @throws PasswordPolicyViolation in AWS's words
 * @throws EntityTemporarilyUnmodifiable the password or the policy changed while this one was being compared
 */
export function newPasswordHash(
  account: Account,
  profile: LoginProfile | undefined,
  password: string,
  prepared: PreparedPassword | undefined,
): string {
  const fault = passwordFault(account, password);
  if (fault !== undefined) throw new PasswordPolicyViolation(fault);
  if (prepared === undefined || !sameHashes(prepared.comparedWith, rememberedHashes(account, profile))) throw changedMeanwhile();
  if (prepared.reused) throw new PasswordPolicyViolation('Policy constraint violation with password reuse prevention during password change');
  return prepared.hash;
}

/** Somebody changed the password while this call was verifying it. */
export const changedMeanwhile = (): EntityTemporarilyUnmodifiable =>
  new EntityTemporarilyUnmodifiable('The password or the password policy was changed by another request. Please try again.');

/** Hashes of the passwords that may not be used again: the present one and those before it. */
function rememberedHashes({ passwordPolicy }: Account, profile: LoginProfile | undefined): readonly string[] {
  if (profile === undefined || passwordPolicy?.passwordReusePrevention === undefined) return [];
  return [profile.passwordHash, ...profile.previousHashes].slice(0, passwordPolicy.passwordReusePrevention);
}

const sameHashes = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((hash, index) => hash === b[index]);
