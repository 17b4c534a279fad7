import type { Fact, Reducers } from '../events.ts';

/** The account's password policy (IAM API, `PasswordPolicy`). Without one, AWS's default holds: at least 8 characters. */
export interface PasswordPolicy {
  readonly minimumPasswordLength: number;
  readonly requireSymbols: boolean;
  readonly requireNumbers: boolean;
  readonly requireUppercaseCharacters: boolean;
  readonly requireLowercaseCharacters: boolean;
  readonly allowUsersToChangePassword: boolean;
  /** Days; `undefined`: passwords do not expire. */
  readonly maxPasswordAge?: number | undefined;
  /** How many earlier passwords may not be used again. */
  readonly passwordReusePrevention?: number | undefined;
  readonly hardExpiry: boolean;
}

export type PasswordPolicyEvent =
  Fact<'AccountPasswordPolicyUpdated', PasswordPolicy> | Fact<'AccountPasswordPolicyDeleted', Readonly<Record<string, never>>>;

export const passwordPolicyReducers: Reducers<PasswordPolicyEvent> = {
  AccountPasswordPolicyUpdated: (account, { data }) => ({ ...account, passwordPolicy: data }),
  AccountPasswordPolicyDeleted: (account) => ({ ...account, passwordPolicy: undefined }),
};
