import { IsOptional } from 'class-validator';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsBooleanObject, IsPassword, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from '../users/find-user.ts';
import { requireLoginProfile } from './find-login-profile.ts';
import { newPasswordHash, prepareNewPassword, type PreparedPassword } from './new-password.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html */
export class UpdateLoginProfile extends IamCommand {
  @IsUserName() UserName!: string;
  @IsPassword() @IsOptional() Password?: string;
  /** Left out: as it was. */
  @IsBooleanObject() @IsOptional() PasswordResetRequired?: boolean;
}

export const updateLoginProfile = operation(UpdateLoginProfile, {
  resource: ({ UserName }, account) => arnOfUser(account, UserName),
  async prepare({ UserName, Password }, account, _call, services) {
    const profile = account.users.get(UserName)?.loginProfile;
    return Password === undefined || profile === undefined ? undefined : prepareNewPassword(account, profile, Password, services);
  },
  decide({ UserName, Password, PasswordResetRequired }, account, _call, prepared) {
    const user = requireUser(account, UserName);
    const profile = requireLoginProfile(user);
    const passwordResetRequired = PasswordResetRequired ?? profile.passwordResetRequired;
    if (Password === undefined) {
      return passwordResetRequired === profile.passwordResetRequired
        ? []
        : [fact('LoginProfileUpdated', { userName: user.userName, passwordResetRequired })];
    }
    const passwordHash = newPasswordHash(account, profile, Password, prepared as PreparedPassword | undefined);
    return [fact('LoginProfileUpdated', { userName: user.userName, passwordHash, passwordResetRequired })];
  },
});
