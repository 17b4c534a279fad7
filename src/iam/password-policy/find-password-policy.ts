import { NoSuchEntity } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { PasswordPolicy } from './password-policy.ts';

/** The account's own password policy, or AWS's error where only the default holds. */
export function requirePasswordPolicy(account: Account): PasswordPolicy {
  if (account.passwordPolicy === undefined) throw new NoSuchEntity(`The Password Policy with domain name ${account.id} cannot be found.`);
  return account.passwordPolicy;
}
