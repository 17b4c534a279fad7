import type { Role as WireRole } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import { EntityAlreadyExists, InvalidInput, LimitExceeded, roleArn } from '../../../libs/aws/index.ts';
import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requireAttachablePolicy } from '../policies/find-policy.ts';
import { IsArn, IsPath, IsPolicyDocument, IsRoleDescription, IsRoleMaxSessionDuration, IsRoleName, IsTags } from '../shapes.ts';
import { checkTags, type Tag } from '../tags.ts';
import { isServiceLinkedPath } from './find-role.ts';
import { describeRole } from './role.ts';
import { checkTrustPolicy } from './trust-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export class CreateRole extends IamCommand<{ Role: WireRole }> {
  @IsPath() Path: string = '/';
  @IsRoleName() RoleName!: string;
  @IsPolicyDocument() AssumeRolePolicyDocument!: string;
  @IsRoleDescription() @IsOptional() Description?: string;
  /** Seconds. */
  @IsRoleMaxSessionDuration() MaxSessionDuration: number = 3600;
  @IsArn() @IsOptional() PermissionsBoundary?: string;
  @IsTags() Tags: Tag[] = [];
}

export const createRole = operation(CreateRole, {
  resource: ({ Path, RoleName }, account) => roleArn(account, Path, RoleName),
  context: ({ PermissionsBoundary, Tags }) => ({ 'iam:PermissionsBoundary': PermissionsBoundary, ...requestTags(Tags) }),
  alsoRequires: ({ Path, RoleName, Tags }, account) =>
    Tags.length === 0 ? [] : [{ action: 'iam:TagRole', resource: roleArn(account, Path, RoleName), context: requestTags(Tags) }],
  decide({ Path, RoleName, AssumeRolePolicyDocument, Description, MaxSessionDuration, PermissionsBoundary, Tags }, account, call) {
    if (account.roles.has(RoleName)) throw new EntityAlreadyExists(`Role with name ${RoleName} already exists.`);
    if (isServiceLinkedPath(Path)) throw new InvalidInput(`The path ${Path} is reserved for service-linked roles.`);
    if (account.roles.size >= account.quotas.roles) throw new LimitExceeded(`Cannot exceed quota for RolesPerAccount: ${account.quotas.roles}`);
    checkTags([], Tags, account.quotas);
    if (PermissionsBoundary !== undefined) requireAttachablePolicy(account, PermissionsBoundary);
    const trustedPrincipalIds = checkTrustPolicy(AssumeRolePolicyDocument, account, call);
    return [
      fact('RoleCreated', {
        roleName: RoleName,
        roleId: call.newId('AROA'),
        path: Path,
        createDate: call.time,
        description: Description,
        maxSessionDuration: MaxSessionDuration,
        assumeRolePolicyDocument: AssumeRolePolicyDocument,
        trustedPrincipalIds,
        permissionsBoundary: PermissionsBoundary,
        tags: Tags,
      }),
    ];
  },
  respond: ({ RoleName }, account) => ({ Role: describeRole(account, account.roles.get(RoleName)!) }), // decided: it exists
});
