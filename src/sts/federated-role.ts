import { AccessDenied, ValidationError } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { Call, Session } from '../iam/call.ts';
import { requestTags } from '../iam/context-keys.ts';
import type { Assertion, Federation } from '../iam/identity-providers.ts';
import type { ContextValues, RequiredPermission } from '../iam/operation.ts';
import { checkRoleDuration, requireAssumable } from './assumed-role.ts';
import { newSession } from './session.ts';
import { checkSessionPolicies, packedPolicySize } from './session-policies.ts';
import { sessionTags } from './session-tags.ts';

/** What the two operations for federated callers have in common. */
export interface FederatedRequest {
  readonly action: string;
  readonly RoleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly Policy?: string | undefined;
  readonly PolicyArns: readonly { readonly arn?: string }[];
  readonly assertion?: Assertion | undefined;
}

/** What is proved of the caller. @throws AccessDenied nothing is: the call did not come the way that proves something */
export function federationOf({ caller }: Call, action: string): Federation {
  if (caller.federation === undefined) throw new AccessDenied(`Not authorized to perform ${action}`);
  return caller.federation;
}

/** A session of a role for whom an identity provider vouches. @throws declared AWS errors */
export function issueFederated(request: FederatedRequest, account: Account, call: Call): Session {
  const { action, RoleArn, sessionName, durationSeconds, Policy, assertion } = request;
  const { tags: requested, transitiveTagKeys: transitive, sourceIdentity } = federationOf(call, action);
  const role = requireAssumable(RoleArn, account, `Not authorized to perform ${action}`);
  checkRoleDuration(durationSeconds, role);
  const policyArns = checkSessionPolicies(request, account);
  const { tags, transitiveTagKeys } = sessionTags(undefined, requested, transitive, account.quotas.tagsPerResource);
  packedPolicySize(Policy, policyArns, tags);
  return newSession(
    {
      kind: 'AssumedRole',
      issuerId: role.roleId,
      issuerName: role.roleName,
      sessionName,
      durationSeconds,
      sourceIdentity,
      tags,
      transitiveTagKeys,
      policy: Policy,
      policyArns,
      ...(assertion === undefined ? {} : { assertion }),
    },
    account,
    call,
  );
}

/** Condition keys of the trust policy. */
export function federatedContext(sessionName: string | undefined, { caller: { federation } }: Call): ContextValues {
  if (federation === undefined) return { 'sts:RoleSessionName': sessionName };
  const { keys, tags, transitiveTagKeys, sourceIdentity } = federation;
  return {
    ...keys,
    'sts:RoleSessionName': sessionName,
    'sts:SourceIdentity': sourceIdentity,
    ...requestTags(tags),
    ...(transitiveTagKeys.length === 0 ? {} : { 'sts:TransitiveTagKeys': transitiveTagKeys }),
  };
}

/** Tags and a source identity that the provider sets need a permission of their own in the trust policy. */
export function federatedPermissions(resource: string, context: ContextValues, { caller: { federation } }: Call): RequiredPermission[] {
  return [
    ...((federation?.tags.length ?? 0) > 0 ? [{ action: 'sts:TagSession', resource, context }] : []),
    ...(federation?.sourceIdentity === undefined ? [] : [{ action: 'sts:SetSourceIdentity', resource, context }]),
  ];
}

/** Refuses what only the OAuth 2.0 access tokens of a few companies need. @throws ValidationError */
export function refuseProviderId(providerId: string | undefined): void {
  if (providerId !== undefined)
    throw new ValidationError('ProviderId is for OAuth 2.0 access tokens, which this server does not take: leave it out.');
}
