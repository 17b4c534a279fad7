import type { ServiceSpecificCredentialMetadata } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { InvalidInput, userArn } from '../../../libs/aws/index.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsAllUsers, IsServiceName, IsUserName } from '../shapes.ts';
import { arnOfUser, requireUser, userNameOrCaller } from '../users/find-user.ts';
import { describeListedCredential } from './service-specific-credential.ts';
import { requireSupportedService } from './supported-services.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html */
export class ListServiceSpecificCredentials extends PagedIamCommand<{
  ServiceSpecificCredentials: ServiceSpecificCredentialMetadata[];
  IsTruncated: boolean;
  Marker?: string;
}> {
  @IsUserName() @IsOptional() UserName?: string;
  @IsServiceName() @IsOptional() ServiceName?: string;
  @IsAllUsers() AllUsers: boolean = false;
}

export const listServiceSpecificCredentials = operation(ListServiceSpecificCredentials, {
  resource: ({ UserName, AllUsers }, account, call) => (AllUsers ? userArn(account, '/', '*') : arnOfUser(account, UserName ?? call.caller.userName)),
  answer(command, account, call) {
    const { UserName, ServiceName, AllUsers } = command;
    if (ServiceName !== undefined) requireSupportedService(ServiceName);
    if (AllUsers && UserName !== undefined) throw new InvalidInput('UserName and AllUsers can not be given together.');
    const users = AllUsers ? [...account.users.values()] : [requireUser(account, userNameOrCaller(UserName, call))];
    const found = users.flatMap(({ userName, serviceSpecificCredentials }) =>
      serviceSpecificCredentials
        .filter(({ serviceName }) => ServiceName === undefined || serviceName === ServiceName)
        .map((credential) => ({ userName, credential })),
    );
    const sorted = found.sort((a, b) => (a.credential.credentialId < b.credential.credentialId ? -1 : 1)); // ids are unique
    const { items, more } = page(command, account, call, (after) => sortedAfter(sorted, ({ credential }) => credential.credentialId, after));
    return {
      ServiceSpecificCredentials: items.map(({ userName, credential }) => describeListedCredential(userName, credential, call.now)),
      ...more,
    };
  },
});
