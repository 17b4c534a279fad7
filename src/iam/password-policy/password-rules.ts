import type { Account } from '../account.ts';
import type { PasswordPolicy } from './password-policy.ts';

/** AWS's default password policy: at least this many characters … (IAM User Guide, "Set an account password policy for IAM users"). */
const defaultLengthMin = 8;
/** … of at least this many of the four kinds: upper case, lower case, numbers, symbols. */
const defaultKindsMin = 3;

interface Kind {
  readonly name: string;
  readonly pattern: RegExp;
}

/** The kinds of characters that a password policy can require, as AWS counts them: basic Latin letters and its own list of symbols. */
const kinds = {
  uppercase: { name: 'uppercase letter', pattern: /[A-Z]/ },
  lowercase: { name: 'lowercase letter', pattern: /[a-z]/ },
  number: { name: 'number', pattern: /[0-9]/ },
  symbol: { name: 'symbol', pattern: /[!@#$%^&*()_+\-=[\]{}|']/ },
} as const satisfies Record<string, Kind>;

/** What is wrong with a password under the account's password policy, or under AWS's default where there is none; `undefined`: nothing. */
export function passwordFault(account: Account, password: string): string | undefined {
  if (password.trim() === '') return 'Password should have at least one character that is not white space';
  return account.passwordPolicy === undefined ? faultByDefault(account, password) : faultUnder(account.passwordPolicy, password);
}

function faultUnder(policy: PasswordPolicy, password: string): string | undefined {
  if (password.length < policy.minimumPasswordLength) return tooShort(policy.minimumPasswordLength);
  const required: Kind[] = [];
  if (policy.requireUppercaseCharacters) required.push(kinds.uppercase);
  if (policy.requireLowercaseCharacters) required.push(kinds.lowercase);
  if (policy.requireNumbers) required.push(kinds.number);
  if (policy.requireSymbols) required.push(kinds.symbol);
  const missing = required.find(({ pattern }) => !pattern.test(password));
  return missing === undefined ? undefined : `Password should have at least one ${missing.name}`;
}

function faultByDefault({ name, email }: Account, password: string): string | undefined {
  if (password.length < defaultLengthMin) return tooShort(defaultLengthMin);
  const found = Object.values(kinds).filter(({ pattern }) => pattern.test(password));
  if (found.length < defaultKindsMin)
    return `Password should have at least ${defaultKindsMin} of: ${Object.values(kinds)
      .map((kind) => kind.name)
      .join(', ')}`;
  const isAccounts = [name, email].some((text) => text.toLowerCase() === password.toLowerCase());
  return isAccounts ? 'Password should not be the name or the email address of the account' : undefined;
}

const tooShort = (length: number): string => `Password should have a minimum length of ${length}`;
