import { IsOptional } from 'class-validator';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser, userNameOrCaller } from '../users/find-user.ts';
import { requireLoginProfile } from './find-login-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteLoginProfile.html */
export class DeleteLoginProfile extends IamCommand {
  @IsUserName() @IsOptional() UserName?: string;
}

export const deleteLoginProfile = operation(DeleteLoginProfile, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  decide({ UserName }, account, call) {
    const user = requireUser(account, userNameOrCaller(UserName, call));
    requireLoginProfile(user);
    return [fact('LoginProfileDeleted', { userName: user.userName })];
  },
});
