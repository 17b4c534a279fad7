import { AccessDenied } from '../../libs/aws/index.ts';
import {
  decide,
  explain,
  policyFor,
  type AccessRequest,
  type AttachedPolicy,
  type Explanation,
  type PoliciesInForce,
  type Principal,
} from '../../libs/policy/index.ts';
import type { Account } from '../iam/account.ts';
import type { Call, Caller } from '../iam/call.ts';
import type { AwsCommand, ContextValues, Operation } from '../iam/operation.ts';
import { managedPolicyFor, policiesOfRole, policiesOfUser, trustPolicyOf } from '../iam/policies/policies-of.ts';
import { arnOfExistingRole, type Role } from '../iam/roles/role.ts';
import { requestContext } from './request-context.ts';
import { refuseGuardedRoot } from './root-guard.ts';

/** The two sides of a call: the account that the caller belongs to, and the one that it acts in; both at the version that is decided on. */
export interface Sides {
  readonly callerAccount: Account;
  readonly account: Account;
}

export interface AuthorizationSettings {
  /** Whether root is refused everything but account recovery once an administrator exists. */
  readonly rootGuard: boolean;
}

/**
 * Lets the call pass or refuses it. Looks at the same version of the account that the command is decided on.
 *
 * @throws AccessDenied in AWS's words, naming the kind of policy that decided
 */
export function authorize(
  operation: Operation,
  command: AwsCommand<unknown>,
  { callerAccount, account }: Sides,
  call: Call,
  settings: AuthorizationSettings,
): void {
  const { declaration } = operation;
  if (declaration.unconditional === true) return;
  refuseUnprovenSession(operation, call.caller);
  if (settings.rootGuard && call.caller.type === 'Root') refuseGuardedRoot(operation, command, account);
  const resource = declaration.resource(command, account, call);
  requireAllowed(
    { action: operation.action, resource, context: declaration.context?.(command, account, call) ?? {} },
    { callerAccount, account },
    call,
  );
  for (const needed of declaration.alsoRequires?.(command, account, call) ?? []) {
    requireAllowed({ action: needed.action, resource: needed.resource, context: needed.context ?? {} }, { callerAccount, account }, call);
  }
}

/**
 * Credentials of GetSessionToken without MFA may not call IAM, those of GetFederationToken never
 * (IAM User Guide, "Compare AWS STS credentials"), nor STS but for GetCallerIdentity, which asks for no permission.
 */
function refuseUnprovenSession({ service, action }: Operation, { arn, session }: Caller): void {
  if (service === 'sts' && session?.kind === 'FederatedUser')
    throw new AccessDenied(`User: ${arn} is not authorized to perform: ${action}: temporary credentials of GetFederationToken can not call STS.`);
  if (service !== 'iam' || session === undefined || session.kind === 'AssumedRole' || (session.kind === 'SessionToken' && session.mfaAuthenticated))
    return;
  throw new AccessDenied(
    `User: ${arn} is not authorized to perform: ${action}: temporary credentials of ${session.kind === 'SessionToken' ? 'GetSessionToken without MFA' : 'GetFederationToken'} can not call IAM.`,
  );
}

interface Needed {
  readonly action: string;
  readonly resource: string;
  readonly context: ContextValues;
}

function requireAllowed(needed: Needed, sides: Sides, call: Call): void {
  const request = accessRequest(needed, sides, call);
  const policies = policiesInForce(needed, sides, call.caller);
  if (decide(request, policies) !== 'Allowed') throw new AccessDenied(refusal(call.caller, needed, explain(request, policies)));
}

/** What libs/policy is asked for a call. */
export function accessRequest({ action, resource, context }: Needed, { callerAccount, account }: Sides, call: Call): AccessRequest {
  return {
    principal: principalOf(call.caller, account, resource),
    action,
    resource,
    resourceAccountId: account.id,
    context: requestContext(call, callerAccount, account, resource, context),
  };
}

/** The caller as policies see it. */
export function principalOf(caller: Caller, account: Account, resource: string): Principal {
  if (caller.type === 'WebIdentityUser' || caller.type === 'SAMLUser') return federatedPrincipal(caller);
  const principal: Principal = {
    type: caller.type,
    arn: caller.arn,
    accountId: caller.accountId,
    partition: caller.partition,
    roleArn: caller.roleArn,
    uniqueId: caller.principalId,
  };
  return isTrusted(caller, account, resource) ? principal : { ...principal, arn: `${caller.arn}#${caller.principalId}`, roleArn: undefined };
}

/** Who comes with no credentials of ours: nobody but the provider that vouches for him, and of no account. */
const federatedPrincipal = ({ type, partition, federation }: Caller): Principal => ({
  type: type === 'SAMLUser' ? 'SAML' : 'WebIdentity',
  arn: '',
  accountId: '',
  partition,
  federatedProvider: federation?.providerArn,
});

/** False where a trust policy names the caller's ARN but meant one that was deleted since: then the name must not match. */
function isTrusted(caller: Caller, account: Account, resource: string): boolean {
  const role = roleBehind(account, resource);
  const id = caller.principalId.split(':')[0];
  return [caller.arn, caller.roleArn].every((arn) => {
    const meant = arn === undefined ? undefined : role?.trustedPrincipalIds[arn];
    return meant === undefined || meant === id;
  });
}

/** The role of this account that an ARN names, if it does. */
function roleBehind(account: Account, resource: string): Role | undefined {
  if (!resource.includes(':role/')) return undefined;
  const role = account.roles.get(resource.slice(resource.lastIndexOf('/') + 1));
  return role !== undefined && arnOfExistingRole(account, role) === resource ? role : undefined;
}

/** Every policy that has a say in a call by `caller` on `resource` of `account`. */
export function policiesInForce(
  { action, resource }: Pick<Needed, 'action' | 'resource'>,
  { callerAccount, account }: Sides,
  caller: Caller,
): PoliciesInForce {
  const own = identityPolicies(callerAccount, caller);
  const role = action.startsWith('sts:') ? roleBehind(account, resource) : undefined;
  return {
    identity: own.identity,
    boundary: own.boundary,
    session: sessionPolicies(callerAccount, caller),
    resource: role === undefined ? undefined : trustPolicyOf(role),
  };
}

const nothing: { readonly identity: readonly AttachedPolicy[]; readonly boundary?: AttachedPolicy | undefined } = { identity: [] };

function identityPolicies(account: Account, caller: Caller): typeof nothing {
  if (caller.type === 'AssumedRole') {
    const role = caller.roleName === undefined ? undefined : account.roles.get(caller.roleName);
    return role === undefined ? nothing : policiesOfRole(account, role);
  }
  if (caller.type !== 'IAMUser' && caller.type !== 'FederatedUser') return nothing;
  const user = caller.userName === undefined ? undefined : account.users.get(caller.userName);
  return user === undefined ? nothing : policiesOfUser(account, user);
}

function sessionPolicies(account: Account, { session }: Caller): readonly AttachedPolicy[] | undefined {
  if (session === undefined) return undefined;
  const isLimited = session.policy !== undefined || session.policyArns.length > 0;
  if (!isLimited && session.kind !== 'FederatedUser') return undefined; // who is vouched for may do nothing that no policy of the session says
  const managed = session.policyArns.map((arn) => managedPolicyFor(account, arn, 'session'));
  return session.policy === undefined ? managed : [{ id: 'session policy', policy: policyFor(session.policy, 'session') }, ...managed];
}

/** AWS's words (IAM User Guide, "Troubleshoot access denied error messages"). */
function refusal(caller: Caller, { action, resource }: Needed, explanation: Explanation): string {
  if (caller.type === 'WebIdentityUser' || caller.type === 'SAMLUser') return `Not authorized to perform ${action}`;
  const start = `User: ${caller.arn} is not authorized to perform: ${action}${resource === '*' ? '' : ` on resource: ${resource}`}`;
  const layer = explanation.blockedBy === undefined ? 'identity-based policy' : (layerNames[explanation.blockedBy] ?? 'identity-based policy');
  const article = /^[aeiou]/.test(layer) ? 'an' : 'a';
  if (explanation.outcome === 'ExplicitlyDenied') return `${start} with an explicit deny in ${article} ${layer}`;
  return `${start} because no ${layer} allows the ${action} action`;
}

const layerNames: Readonly<Record<string, string>> = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
  session: 'session policy',
  serviceControl: 'service control policy',
  resourceControl: 'resource control policy',
  endpoint: 'VPC endpoint policy',
};
