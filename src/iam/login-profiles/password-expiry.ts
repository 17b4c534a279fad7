import type { PasswordPolicy } from '../password-policy/password-policy.ts';
import type { LoginProfile } from './login-profile.ts';

/** What a right password is good for at sign-in (IAM User Guide, "Set an account password policy for IAM users"). */
export type PasswordStanding =
  /** The user may sign in. */
  | 'valid'
  /** The user must set a new password before anything else: an administrator asked for it, or it expired. */
  | 'change-required'
  /** It expired and the policy has `HardExpiry`: only an administrator can set a new one. */
  | 'administrator-required';

const dayMilliseconds = 86_400_000;

/** When a password expires; `undefined` where it never does. */
export function passwordExpiresAt({ passwordLastChanged }: LoginProfile, policy: PasswordPolicy | undefined): Date | undefined {
  if (policy?.maxPasswordAge === undefined) return undefined;
  return new Date(Date.parse(passwordLastChanged) + policy.maxPasswordAge * dayMilliseconds);
}

/** What the password of a login profile is good for at `now`. */
export function passwordStanding(profile: LoginProfile, policy: PasswordPolicy | undefined, now: Date): PasswordStanding {
  const expiresAt = passwordExpiresAt(profile, policy);
  const expired = expiresAt !== undefined && now.getTime() >= expiresAt.getTime();
  if (expired && policy?.hardExpiry === true) return 'administrator-required';
  return expired || profile.passwordResetRequired ? 'change-required' : 'valid';
}
