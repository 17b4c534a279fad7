import type { User as WireUser } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, LimitExceeded, userArn } from '../../../libs/aws/index.ts';
import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttachablePolicy } from '../policies/find-policy.ts';
import { IsArn, IsPath, IsTags, IsUserName } from '../shapes.ts';
import { checkTags, type Tag } from '../tags.ts';
import { describeUser } from './user.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html */
export class CreateUser extends IamCommand<{ User: WireUser }> {
  @IsUserName() UserName!: string;
  @IsPath() Path: string = '/';
  @IsArn() @IsOptional() PermissionsBoundary?: string;
  @IsTags() Tags: Tag[] = [];
}

export const createUser = operation(CreateUser, {
  resource: ({ Path, UserName }, account) => userArn(account, Path, UserName),
  context: ({ PermissionsBoundary, Tags }) => ({ 'iam:PermissionsBoundary': PermissionsBoundary, ...requestTags(Tags) }),
  alsoRequires: ({ UserName, Path, Tags }, account) =>
    Tags.length === 0 ? [] : [{ action: 'iam:TagUser', resource: userArn(account, Path, UserName), context: requestTags(Tags) }],
  decide({ UserName, Path, PermissionsBoundary, Tags }, account, call) {
    if (account.users.has(UserName)) throw new EntityAlreadyExists(`User with name ${UserName} already exists.`);
    if (account.users.size >= account.quotas.users) throw new LimitExceeded(`Cannot exceed quota for UsersPerAccount: ${account.quotas.users}`);
    checkTags([], Tags, account.quotas);
    if (PermissionsBoundary !== undefined) requireAttachablePolicy(account, PermissionsBoundary);
    return [
      fact('UserCreated', {
        userName: UserName,
        userId: call.newId('AIDA'),
        path: Path,
        createDate: call.time,
        permissionsBoundary: PermissionsBoundary,
        tags: Tags,
      }),
    ];
  },
  respond: ({ UserName }, account) => ({ User: describeUser(account, account.users.get(UserName)!) }), // decided: it exists
});
