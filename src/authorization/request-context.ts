import { RequestContext } from '../../libs/policy/index.ts';
import type { Account } from '../iam/account.ts';
import type { Call, Caller } from '../iam/call.ts';
import type { ContextValues } from '../iam/operation.ts';
import { tagsOf } from '../iam/resource-tags.ts';
import type { Tags } from '../iam/tags.ts';

/**
 * The context of a call: AWS's global condition keys as far as a server can know them (IAM User Guide, "AWS global condition context keys") and
 * those of the action. Built here from what was verified; nothing that a client sends under such a name gets in.
 */
export function requestContext(call: Call, callerAccount: Account, account: Account, resource: string, values: ContextValues): RequestContext {
  const { caller, request, now } = call;
  const context = new RequestContext();
  context.set('aws:CurrentTime', now.toISOString());
  context.set('aws:EpochTime', String(Math.floor(now.getTime() / 1000)));
  context.set('aws:SourceIp', request.sourceIPAddress);
  context.set('aws:SecureTransport', String(request.secureTransport));
  context.set('aws:UserAgent', request.userAgent);
  context.set('aws:RequestedRegion', request.region);
  context.set('aws:ResourceAccount', account.id);
  setCaller(context, caller, callerAccount, now);
  if (call.mfa !== undefined) {
    context.set('aws:MultiFactorAuthPresent', 'true'); // the code came with this very call
    context.set('aws:MultiFactorAuthAge', '0');
  }
  for (const [name, value] of Object.entries(values)) if (value !== undefined) context.set(name, value);
  for (const { Key, Value } of tagsOf(account, resource)) {
    context.set(`aws:ResourceTag/${Key}`, Value);
    context.set(`iam:ResourceTag/${Key}`, Value);
  }
  context.set('aws:PrincipalIsAWSService', String(caller.type === 'AWSService'));
  return context;
}

/** The keys that tell who asks. */
export function setCaller(context: RequestContext, caller: Caller, callerAccount: Account, now: Date): void {
  const { session } = caller;
  const provider = caller.federation?.providerArn ?? session?.federation?.providerArn;
  if (provider !== undefined) context.set('aws:FederatedProvider', provider);
  if (caller.type === 'WebIdentityUser' || caller.type === 'SAMLUser') return; // of no account, and nobody's principal yet
  context.set('aws:PrincipalArn', caller.roleArn ?? caller.arn);
  context.set('aws:PrincipalAccount', caller.accountId);
  context.set('aws:PrincipalType', principalTypes[caller.type]);
  context.set('aws:userid', caller.principalId);
  if (caller.type === 'IAMUser' && caller.userName !== undefined) context.set('aws:username', caller.userName);
  for (const { Key, Value } of principalTags(callerAccount, identityNames(caller))) context.set(`aws:PrincipalTag/${Key}`, Value);
  if (session === undefined) return;
  for (const { Key, Value } of session.tags) context.set(`aws:PrincipalTag/${Key}`, Value);
  context.set('aws:TokenIssueTime', new Date(session.issuedAt * 1000).toISOString());
  // Sessions of roles do not tell how they were assumed (IAM User Guide, "Secure API access with MFA"): their trust policy has asked.
  const mfa = session.mfaAuthenticated && session.kind !== 'AssumedRole';
  context.set('aws:MultiFactorAuthPresent', String(mfa));
  if (mfa) context.set('aws:MultiFactorAuthAge', String(Math.floor(now.getTime() / 1000) - (session.mfaAuthenticatedAt ?? session.issuedAt)));
  for (const [key, value] of Object.entries(session.federation?.keys ?? {})) if (value !== undefined) context.set(key, value);
  if (session.sourceIdentity !== undefined) context.set('aws:SourceIdentity', session.sourceIdentity);
}

const principalTypes = {
  Root: 'Account',
  IAMUser: 'User',
  AssumedRole: 'AssumedRole',
  FederatedUser: 'FederatedUser',
  AWSService: 'Service',
} as const;

const identityNames = (caller: Caller): { userName?: string | undefined; roleName?: string | undefined } =>
  caller.type === 'FederatedUser' ? {} : { userName: caller.userName, roleName: caller.roleName };

function principalTags(account: Account, { userName, roleName }: { userName?: string | undefined; roleName?: string | undefined }): Tags {
  if (userName !== undefined) return account.users.get(userName)?.tags ?? [];
  if (roleName !== undefined) return account.roles.get(roleName)?.tags ?? [];
  return [];
}
