import type { LoginProfile as WireLoginProfile } from '@aws-sdk/client-iam';
import { NoSuchEntity } from '../../../libs/aws/index.ts';
import type { User } from '../users/user.ts';
import type { LoginProfile } from './login-profile.ts';

/** The user's login profile, or AWS's error. */
export function requireLoginProfile(user: User): LoginProfile {
  if (user.loginProfile === undefined) throw new NoSuchEntity(`Login Profile for User ${user.userName} cannot be found.`);
  return user.loginProfile;
}

/** A login profile as the wire shows it (IAM API, `LoginProfile`). */
export function describeLoginProfile(user: User): WireLoginProfile {
  const { createDate, passwordResetRequired } = requireLoginProfile(user);
  return { UserName: user.userName, CreateDate: new Date(createDate), PasswordResetRequired: passwordResetRequired };
}
