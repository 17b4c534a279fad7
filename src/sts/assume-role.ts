import type { AssumeRoleResponse } from '@aws-sdk/client-sts';
import { IsOptional } from 'class-validator';
import { AccessDenied, ValidationError } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { Call } from '../iam/call.ts';
import { requestTags } from '../iam/context-keys.ts';
import type { ContextValues, RequiredPermission } from '../iam/operation.ts';
import type { Role } from '../iam/roles/role.ts';
import { IsTags } from '../iam/shapes.ts';
import type { Tag } from '../iam/tags.ts';
import { checkRoleDuration, describeAssumedRole, ownerOfRole, requireAssumable, wellFormed } from './assumed-role.ts';
import { givenCode } from './given-code.ts';
import { newSession, refuseSession } from './session.ts';
import { checkSessionPolicies, packedPolicySize } from './session-policies.ts';
import { inheritedTags, sessionTags } from './session-tags.ts';
import {
  IsExternalId,
  IsPolicyDescriptors,
  IsProvidedContexts,
  IsRoleDurationSeconds,
  IsRoleSessionName,
  IsSerialNumber,
  IsSessionPolicy,
  IsSourceIdentity,
  IsStsArn,
  IsTokenCode,
  IsTransitiveTagKeys,
} from './shapes.ts';
import { StsCommand, stsOperation } from './sts-operation.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export class AssumeRole extends StsCommand<AssumeRoleResponse> {
  @IsStsArn() RoleArn!: string;
  @IsRoleSessionName() RoleSessionName!: string;
  @IsPolicyDescriptors() PolicyArns: { arn?: string }[] = [];
  @IsSessionPolicy() @IsOptional() Policy?: string;
  @IsRoleDurationSeconds() DurationSeconds: number = 3600;
  @IsTags() Tags: Tag[] = [];
  @IsTransitiveTagKeys() TransitiveTagKeys: string[] = [];
  @IsExternalId() @IsOptional() ExternalId?: string;
  @IsSerialNumber() @IsOptional() SerialNumber?: string;
  @IsTokenCode() @IsOptional() TokenCode?: string;
  @IsSourceIdentity() @IsOptional() SourceIdentity?: string;
  @IsProvidedContexts() @IsOptional() ProvidedContexts?: { ProviderArn?: string; ContextAssertion?: string }[];
}

/** Seconds that the session of a role lasts at most when another role assumed it (IAM User Guide, "Role chaining"). */
const chainedDurationMax = 3600;

/**
 * The call acts in the role's account. Both sides must allow it: the caller's policies on the role, and the role's trust policy, which is the
 * resource policy of this action (IAM User Guide, "Cross-account policy evaluation logic").
 */
export const assumeRole = stsOperation(AssumeRole, {
  accountId: ({ RoleArn }, caller) => ownerOfRole(RoleArn)?.id ?? caller.accountId,
  resource: ({ RoleArn }) => wellFormed(RoleArn),
  context: trustContext,
  code: givenCode,
  alsoRequires: furtherPermissions,
  resources: ({ RoleArn }) => [{ ARN: RoleArn, type: 'AWS::IAM::Role' }],
  issue(command, account, call) {
    const { caller } = call;
    if (caller.type === 'Root') throw new AccessDenied('Roles may not be assumed by root accounts.');
    if (caller.type === 'FederatedUser') refuseSession('AssumeRole');
    const role = requireAssumable(command.RoleArn, account, refusal(command.RoleArn, call));
    if (command.ProvidedContexts !== undefined)
      throw new ValidationError('ProvidedContexts are not accepted: this account knows no context provider.');
    checkDuration(command, role, call);
    const policyArns = checkSessionPolicies(command, account);
    const { tags, transitiveTagKeys } = sessionTags(caller.session, command.Tags, command.TransitiveTagKeys, account.quotas.tagsPerResource);
    packedPolicySize(command.Policy, policyArns, tags);
    return newSession(
      {
        kind: 'AssumedRole',
        issuerId: role.roleId,
        issuerName: role.roleName,
        sessionName: command.RoleSessionName,
        durationSeconds: command.DurationSeconds,
        sourceIdentity: sourceIdentity(command, call),
        tags,
        transitiveTagKeys,
        policy: command.Policy,
        policyArns,
      },
      account,
      call,
    );
  },
  respond: (_command, account, call, session) => describeAssumedRole(account, call, session),
});

function trustContext(command: AssumeRole, _account: Account, { caller }: Call): ContextValues {
  return {
    'sts:ExternalId': command.ExternalId,
    'sts:RoleSessionName': command.RoleSessionName,
    'sts:SourceIdentity': command.SourceIdentity ?? caller.session?.sourceIdentity,
    ...requestTags(command.Tags),
    ...(command.TransitiveTagKeys.length === 0 ? {} : { 'sts:TransitiveTagKeys': command.TransitiveTagKeys }),
  };
}

/** Tags and a source identity need a permission of their own, also where they are inherited (IAM User Guide, "Chaining roles with session tags"). */
function furtherPermissions(command: AssumeRole, account: Account, call: Call): RequiredPermission[] {
  const context = trustContext(command, account, call);
  const { session } = call.caller;
  const tagged = command.Tags.length > 0 || inheritedTags(session).length > 0;
  const identified = (command.SourceIdentity ?? session?.sourceIdentity) !== undefined;
  return [
    ...(tagged ? [{ action: 'sts:TagSession', resource: command.RoleArn, context }] : []),
    ...(identified ? [{ action: 'sts:SetSourceIdentity', resource: command.RoleArn, context }] : []),
  ];
}

const refusal = (resource: string, { caller }: Call): string =>
  `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${resource} because no resource-based policy allows the sts:AssumeRole action`;

/** @throws ValidationError */
function checkDuration({ DurationSeconds }: AssumeRole, role: Role, { caller }: Call): void {
  if (caller.session?.kind === 'AssumedRole' && DurationSeconds > chainedDurationMax) {
    throw new ValidationError('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  checkRoleDuration(DurationSeconds, role);
}

/** Once set, it stays for the whole chain (IAM User Guide, "Monitor and control actions taken with assumed roles"). */
function sourceIdentity({ SourceIdentity }: AssumeRole, { caller }: Call): string | undefined {
  const before = caller.session?.sourceIdentity;
  if (SourceIdentity !== undefined && before !== undefined && SourceIdentity !== before) {
    throw new AccessDenied(`User: ${caller.arn} is not authorized to set a source identity other than that of its session`);
  }
  return SourceIdentity ?? before;
}
