import type { User as WireUser } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { ValidationError } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsExistingUserName } from '../shapes.ts';
import { arnOfUser, requireUser } from './find-user.ts';
import { describeUser } from './user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html */
export class GetUser extends IamCommand<{ User: WireUser }> {
  @IsExistingUserName() @IsOptional() UserName?: string;
}

export const getUser = operation(GetUser, {
  resource: ({ UserName }, account, call) => arnOfUser(account, UserName ?? call.caller.userName),
  answer({ UserName }, account, call) {
    const name = UserName ?? call.caller.userName;
    if (name === undefined) return { User: describeRootUser(account, call) };
    const user = requireUser(account, name);
    return { User: describeUser(account, user, call.lastUsed.password(user.userId)) };
  },
});

/** Without a name, root asks about itself; other callers without a user must name one. */
function describeRootUser(account: Account, call: Call): WireUser {
  if (call.caller.type !== 'Root') throw new ValidationError('Must specify userName when calling with non-User credentials');
  return { Path: '/', UserName: account.alias ?? account.id, UserId: account.id, Arn: call.caller.arn, CreateDate: new Date(account.openedAt) };
}
