import type { LoginProfile as WireLoginProfile } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, ValidationError } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsBoolean, IsPassword, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser, userNameOrCaller } from '../users/find-user.ts';
import { describeLoginProfile } from './find-login-profile.ts';
import { newPasswordHash, prepareNewPassword, type PreparedPassword } from './new-password.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateLoginProfile.html */
export class CreateLoginProfile extends IamCommand<{ LoginProfile: WireLoginProfile }> {
  @IsUserName() @IsOptional() UserName?: string;
  @IsPassword() @IsOptional() Password?: string;
  @IsBoolean() PasswordResetRequired: boolean = false;
}

export const createLoginProfile = operation(CreateLoginProfile, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  prepare: async ({ Password }, account, _call, services) =>
    Password === undefined ? undefined : prepareNewPassword(account, undefined, Password, services),
  decide({ UserName, Password, PasswordResetRequired }, account, call, prepared) {
    const user = requireUser(account, userNameOrCaller(UserName, call));
    if (user.loginProfile !== undefined) throw new EntityAlreadyExists(`Login Profile for user ${user.userName} already exists.`);
    // Only a session that AssumeRoot gave may leave the password out (it restores root's own), and there is none here.
    if (Password === undefined)
      throw new ValidationError("1 validation error detected: Value null at 'password' failed to satisfy constraint: Member must not be null");
    const passwordHash = newPasswordHash(account, undefined, Password, prepared as PreparedPassword | undefined);
    return [
      fact('LoginProfileCreated', { userName: user.userName, passwordHash, passwordResetRequired: PasswordResetRequired, createDate: call.time }),
    ];
  },
  respond: ({ UserName }, account, call) => ({ LoginProfile: describeLoginProfile(requireUser(account, userNameOrCaller(UserName, call))) }),
});
