import type { LoginProfile as WireLoginProfile } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { IamCommand, operation } from '../operation.ts';
import { IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser, userNameOrCaller } from '../users/find-user.ts';
import { describeLoginProfile } from './find-login-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetLoginProfile.html */
export class GetLoginProfile extends IamCommand<{ LoginProfile: WireLoginProfile }> {
  @IsUserName() @IsOptional() UserName?: string;
}

export const getLoginProfile = operation(GetLoginProfile, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  answer: ({ UserName }, account, call) => ({ LoginProfile: describeLoginProfile(requireUser(account, userNameOrCaller(UserName, call))) }),
});
