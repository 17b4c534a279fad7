import { AccessDenied, InvalidUserType } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsPassword } from '../shapes.ts';
import { arnOfUser, requireUser } from '../users/find-user.ts';
import type { User } from '../users/user.ts';
import { requireLoginProfile } from './find-login-profile.ts';
import { changedMeanwhile, newPasswordHash, prepareNewPassword, type PreparedPassword } from './new-password.ts';

/**
 * The caller's own password, changed by who knows the old one.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_ChangePassword.html
 */
export class ChangePassword extends IamCommand {
  @IsPassword() OldPassword!: string;
  @IsPassword() NewPassword!: string;
}

interface Prepared {
  /** The hash that the old password was compared with. */
  readonly verifiedHash: string;
  readonly oldPasswordIsRight: boolean;
  readonly newPassword: PreparedPassword | undefined;
}

export const changePassword = operation(ChangePassword, {
  resource: (_command, account, call) => arnOfUser(account, call.caller.userName),
  async prepare({ OldPassword, NewPassword }, account, call, services): Promise<Prepared | undefined> {
    const profile = callingUser(account, call)?.loginProfile;
    if (profile === undefined) return undefined;
    const oldPasswordIsRight = await services.verifyPassword(profile.passwordHash, OldPassword);
    const newPassword = oldPasswordIsRight ? await prepareNewPassword(account, profile, NewPassword, services) : undefined;
    return { verifiedHash: profile.passwordHash, oldPasswordIsRight, newPassword };
  },
  decide({ NewPassword }, account, call, prepared) {
    if (call.caller.type !== 'IAMUser' || call.caller.userName === undefined)
      throw new InvalidUserType('Only IAM Users can change their own password');
    const user = requireUser(account, call.caller.userName);
    const profile = requireLoginProfile(user);
    const { verifiedHash, oldPasswordIsRight, newPassword } = (prepared ?? {}) as Partial<Prepared>;
    if (verifiedHash !== profile.passwordHash) throw changedMeanwhile();
    if (oldPasswordIsRight !== true) throw new AccessDenied('The old password was incorrect.');
    return [fact('PasswordChanged', { userName: user.userName, passwordHash: newPasswordHash(account, profile, NewPassword, newPassword) })];
  },
});

function callingUser(account: Account, { caller }: Call): User | undefined {
  return caller.type !== 'IAMUser' || caller.userName === undefined ? undefined : account.users.get(caller.userName);
}
