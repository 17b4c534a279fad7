import type { Fact, Reducers } from '../events.ts';
import { changeUser, type User } from '../users/user.ts';

/** A user's password. Only its peppered argon2id hash is kept. */
export interface LoginProfile {
  readonly createDate: string;
  readonly passwordHash: string;
  readonly passwordLastChanged: string;
  readonly passwordResetRequired: boolean;
  /** Newest first, at most as many as a password policy can forbid to use again. */
  readonly previousHashes: readonly string[];
}

/** The longest memory a password policy can ask for (`PasswordReusePrevention`, IAM API). */
export const previousHashesMax = 24;

export type LoginProfileEvent =
  | Fact<'LoginProfileCreated', { userName: string; passwordHash: string; passwordResetRequired: boolean; createDate: string }>
  | Fact<'LoginProfileUpdated', { userName: string; passwordHash?: string | undefined; passwordResetRequired: boolean }>
  | Fact<'LoginProfileDeleted', { userName: string }>
  | Fact<'PasswordChanged', { userName: string; passwordHash: string }>;

export const loginProfileReducers: Reducers<LoginProfileEvent> = {
  LoginProfileCreated: (account, { data }) =>
    changeUser(account, data.userName, (user) => ({
      ...user,
      loginProfile: {
        createDate: data.createDate,
        passwordHash: data.passwordHash,
        passwordLastChanged: data.createDate,
        passwordResetRequired: data.passwordResetRequired,
        previousHashes: [],
      },
    })),
  LoginProfileUpdated: (account, { data, time }) =>
    changeUser(account, data.userName, (user) => {
      const changed = data.passwordHash === undefined ? user : withPassword(user, data.passwordHash, time);
      return { ...changed, loginProfile: { ...changed.loginProfile!, passwordResetRequired: data.passwordResetRequired } };
    }),
  LoginProfileDeleted: (account, { data }) => changeUser(account, data.userName, (user) => ({ ...user, loginProfile: undefined })),
  PasswordChanged: (account, { data, time }) => changeUser(account, data.userName, (user) => withPassword(user, data.passwordHash, time)),
};

function withPassword(user: User, passwordHash: string, time: string): User {
  const profile = user.loginProfile!; // decided: it exists
  return {
    ...user,
    loginProfile: {
      ...profile,
      passwordHash,
      passwordLastChanged: time,
      passwordResetRequired: false,
      previousHashes: [profile.passwordHash, ...profile.previousHashes].slice(0, previousHashesMax),
    },
  };
}
