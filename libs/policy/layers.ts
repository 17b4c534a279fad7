import type { CompiledPolicy } from './compiled-policy.ts';
import { NAMED_BY_ROLE, NAMED_DIRECTLY, NAMED_NOT } from './principal.ts';
import type { AccessRequest, Principal } from './request.ts';
import { SAYS_DENY, SAYS_NOTHING, type Word } from './statement-list.ts';

/** A policy and what to call it in an explanation: its ARN, or `user/Bob/inline/Name`. */
export interface AttachedPolicy {
  readonly id: string;
  readonly policy: CompiledPolicy;
}

/**
 * Every policy that bears on a request. A layer that is undefined does not restrict; one that is present and empty allows nothing.
 *
 * INVARIANT: arrays are not changed once they were given to `decide`: it may remember an index of them (and freezes them then).
 */
export interface PoliciesInForce {
  /** The principal's own, those of its groups included. */
  readonly identity: readonly AttachedPolicy[];
  readonly boundary?: AttachedPolicy | undefined;
  /** Session policies; together they are one layer. */
  readonly session?: readonly AttachedPolicy[] | undefined;
  /** The policy of the resource; for `sts:AssumeRole…` the trust policy of the role. */
  readonly resource?: AttachedPolicy | undefined;
  /** One list for each level from the root of the organization to the account of the principal: every level must allow. */
  readonly serviceControl?: readonly (readonly AttachedPolicy[])[] | undefined;
  /** The same for the account of the resource. */
  readonly resourceControl?: readonly (readonly AttachedPolicy[])[] | undefined;
  readonly endpoint?: readonly AttachedPolicy[] | undefined;
}

export type Layer = 'identity' | 'boundary' | 'session' | 'resource' | 'serviceControl' | 'resourceControl' | 'endpoint';
export type Outcome = 'Allowed' | 'ImplicitlyDenied' | 'ExplicitlyDenied';

/** What each layer says; undefined where the layer does not restrict. */
export interface Words {
  identity: Word;
  boundary: Word | undefined;
  session: Word | undefined;
  resource: Word | undefined;
  serviceControl: Word | undefined;
  resourceControl: Word | undefined;
  endpoint: Word | undefined;
}

/** Layers in the order in which AWS names the one that denied. */
const LAYERS: readonly Layer[] = ['serviceControl', 'resourceControl', 'endpoint', 'resource', 'identity', 'boundary', 'session'];

/** The first layer that denies explicitly: then nothing else counts. */
export function denyingLayer(words: Words): Layer | undefined {
  return LAYERS.find((layer) => words[layer] === SAYS_DENY);
}

/**
 * The whole of authorization, given what the layers say and that none of them denies. AWS's pages: "How AWS enforcement code logic evaluates requests to allow
 * or deny access", "Cross-account policy evaluation logic", "Permissions boundaries for IAM entities".
 *
 * Answers the layer that stands in the way, or undefined when the request is allowed.
 */
export function blockingLayer(words: Words, request: AccessRequest): Layer | undefined {
  if (words.serviceControl === SAYS_NOTHING) return 'serviceControl';
  if (words.resourceControl === SAYS_NOTHING) return 'resourceControl';
  if (words.endpoint === SAYS_NOTHING) return 'endpoint';
  const { principal } = request;
  if (isForbiddenToRoot(request)) return 'identity';
  const granted = words.resource ?? NAMED_NOT;
  if (!hasIdentityPolicies(principal)) return granted === NAMED_NOT ? 'resource' : undefined;
  const own = ownBlockingLayer(words, principal);
  if (!isSameAccount(request)) {
    if (own !== undefined) return own;
    return granted === NAMED_NOT ? 'resource' : undefined;
  }
  if (granted === NAMED_DIRECTLY && isBoundless(principal, words)) return undefined;
  const ceiling = ceilingLayer(words);
  if (granted >= NAMED_BY_ROLE) return ceiling;
  if (granted === NAMED_NOT && mustBeGranted(request, words)) return 'resource';
  return own;
}

/** Whether the resource's side alone decides: services, federated callers and anonymous ones have no policies of their own. */
function hasIdentityPolicies(principal: Principal): boolean {
  switch (principal.type) {
    case 'Root':
    case 'IAMUser':
    case 'AssumedRole':
    case 'FederatedUser':
      return true;
    case 'AWSService':
    case 'WebIdentity':
    case 'SAML':
    case 'Anonymous':
      return false;
    default:
      return principal.type satisfies never;
  }
}

/** Whether request and resource are of one account. */
export function isSameAccount(request: AccessRequest): boolean {
  return request.principal.accountId === request.resourceAccountId;
}

/** Root users assume no roles. AWS's page: "AssumeRole" (STS API reference). */
function isForbiddenToRoot({ principal, action }: AccessRequest): boolean {
  return principal.type === 'Root' && action.toLowerCase() === 'sts:assumerole';
}

/** What holds back the principal's own policies; the root user has all rights that nobody takes from the account. */
function ownBlockingLayer(words: Words, principal: Principal): Layer | undefined {
  if (principal.type !== 'Root' && words.identity === SAYS_NOTHING) return 'identity';
  return ceilingLayer(words);
}

/** What limits a principal beyond its own policies. */
function ceilingLayer(words: Words): Layer | undefined {
  if (words.boundary === SAYS_NOTHING) return 'boundary';
  return words.session === SAYS_NOTHING ? 'session' : undefined;
}

/**
 * Within an account, what a resource's policy grants to a user or to a session by its own ARN is not limited by an implicit deny
 * of a boundary, nor, for a session, by one of its session policies.
 */
function isBoundless(principal: Principal, words: Words): boolean {
  if (principal.type === 'AssumedRole' || principal.type === 'FederatedUser') return true;
  return principal.type === 'IAMUser' && words.session !== SAYS_NOTHING;
}

/** A role's trust policy and a key's policy must grant in any case; elsewhere within an account either side suffices. */
function mustBeGranted(request: AccessRequest, words: Words): boolean {
  if (!MAY_NEED_GRANT.has(request.action.charCodeAt(1))) return false;
  const action = request.action.toLowerCase();
  if (action.startsWith('sts:assumerole')) return true;
  if (isTrustAction(action)) return request.resource.includes(':role/');
  return action.startsWith('kms:') && words.resource !== undefined;
}

/** The second letters of `sts` and `kms`: they spare every other action its conversion to lower case. */
const MAY_NEED_GRANT: ReadonlySet<number> = new Set([...'tTmM'].map((letter) => letter.charCodeAt(0)));

function isTrustAction(action: string): boolean {
  return action === 'sts:tagsession' || action === 'sts:setsourceidentity' || action === 'sts:setcontext';
}

/** A service-linked role is out of reach of service and resource control policies. AWS's page: "Service control policies (SCPs)". */
export function isServiceLinked(principal: Principal): boolean {
  return principal.roleArn?.includes(':role/aws-service-role/') === true;
}
