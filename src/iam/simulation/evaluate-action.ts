import type { EvaluationResult, PolicyEvaluationDecisionType, ResourceSpecificResult, Statement } from '@aws-sdk/client-iam';
import { isAccountId, parseArn, parseArnResource, roleArn } from '../../../libs/aws/index.ts';
import {
  RequestContext,
  explain,
  policyFor,
  type AccessRequest,
  type AttachedPolicy,
  type Explanation,
  type Layer,
  type Outcome,
  type PoliciesInForce,
  type Principal,
} from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import { trustPolicyOf } from '../policies/policies-of.ts';
import { tagsOf } from '../resource-tags.ts';
import type { Role } from '../roles/role.ts';
import { isTrustAction } from './simulated-policies.ts';
import { describeStatement } from './statement-source.ts';

/** A simulation, made ready: who asks, under which policies, about which resources. */
export interface Simulation {
  readonly caller: Principal;
  readonly context: RequestContext;
  readonly policies: PoliciesInForce;
  /** Empty: all resources. */
  readonly resourceArns: readonly string[];
  /** Account of resources whose ARN names none, where the simulation says so. */
  readonly resourceOwnerId: string | undefined;
  /** Whose resources are known: their tags are in the context, and its roles answer for themselves when they are to be assumed. `undefined`: nobody's. */
  readonly resourcesOf: Account | undefined;
}

const decisions = { Allowed: 'allowed', ImplicitlyDenied: 'implicitDeny', ExplicitlyDenied: 'explicitDeny' } as const satisfies Record<
  Outcome,
  PolicyEvaluationDecisionType
>;
const severity: readonly PolicyEvaluationDecisionType[] = ['allowed', 'implicitDeny', 'explicitDeny'];

/**
 * Evaluates one action on every resource of a simulation. The result's own fields sum up all resources: the most restrictive decision, the
 * statements and missing keys of all of them (IAM API, `EvaluationResult`).
 */
export function evaluateAction(simulation: Simulation, action: string): EvaluationResult {
  const allResources = simulation.resourceArns.every((arn) => arn === '*');
  const arns = allResources ? ['*'] : [...new Set(simulation.resourceArns)];
  const results = arns.map((arn) => evaluateResource(simulation, action, arn));
  const details = mostRestrictiveDetails(results.map((result) => result.specific.EvalDecisionDetails));
  const organizations = allOf(results.map((result) => result.allowedByOrganizations));
  const boundary = allOf(results.map((result) => result.specific.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary));
  return {
    EvalActionName: action,
    EvalResourceName: arns.length === 1 ? arns[0]! : '*', // length 1
    EvalDecision: mostRestrictive(results.map((result) => result.specific.EvalResourceDecision!)), // set below
    MatchedStatements: unique(
      results.flatMap((result) => result.specific.MatchedStatements ?? []),
      (statement) => JSON.stringify(statement),
    ),
    MissingContextValues: unique(
      results.flatMap((result) => result.missing),
      (key) => key.toLowerCase(),
    ),
    ...(organizations === undefined ? {} : { OrganizationsDecisionDetail: { AllowedByOrganizations: organizations } }),
    ...(boundary === undefined ? {} : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: boundary } }),
    ...(details === undefined || allResources ? {} : { EvalDecisionDetails: details }),
    ...(allResources ? {} : { ResourceSpecificResults: results.map((result) => result.specific) }),
  };
}

interface ResourceResult {
  readonly specific: ResourceSpecificResult;
  readonly missing: readonly string[];
  readonly allowedByOrganizations: boolean | undefined;
}

function evaluateResource(simulation: Simulation, action: string, resourceArn: string): ResourceResult {
  const { request, policies } = inquiryOf(simulation, action, resourceArn);
  const explanation = explain(request, policies);
  const { outcome, layers, sameAccount } = explanation;
  // Service control policies are not the caller's to see: neither their statements nor the keys they ask for are shown.
  const seen = policies.serviceControl === undefined ? explanation : explain(request, { ...policies, serviceControl: undefined });
  const allowedByOrganizations = layers.serviceControl === undefined ? undefined : layers.serviceControl === 'Allowed';
  const details = allowedByOrganizations === false ? undefined : sameAccount ? {} : decisionDetails(layers);
  return {
    specific: {
      EvalResourceName: resourceArn,
      EvalResourceDecision: decisions[outcome],
      MatchedStatements: decidingStatements(seen, outcome),
      MissingContextValues: [...seen.missingContextKeys],
      ...(details === undefined ? {} : { EvalDecisionDetails: details }),
      ...(layers.boundary === undefined
        ? {}
        : { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: layers.boundary === 'Allowed' } }),
    },
    missing: seen.missingContextKeys,
    allowedByOrganizations,
  };
}

/** Statements of identity and resource policies that made the decision: denies where it is denied by one, else allows. */
function decidingStatements({ statements }: Explanation, outcome: Outcome): Statement[] {
  const effect = outcome === 'ExplicitlyDenied' ? 'Deny' : 'Allow';
  return statements
    .filter(
      (statement) =>
        statement.effect === effect && statement.policyId !== assumedTrustId && (statement.layer === 'identity' || statement.layer === 'resource'),
    )
    .map(describeStatement);
}

/** How each kind of policy decided by itself, under AWS's names for them. */
function decisionDetails(layers: Explanation['layers']): Record<string, PolicyEvaluationDecisionType> {
  const names: readonly (readonly [Layer, string])[] = [
    ['identity', 'IAM Policy'],
    ['resource', 'Resource Policy'],
    ['boundary', 'Permissions Boundary Policy'],
  ];
  return Object.fromEntries(names.flatMap(([layer, name]) => (layers[layer] === undefined ? [] : [[name, decisions[layers[layer]]]])));
}

/** The question to the policies. */
function inquiryOf(
  { caller, context: given, policies, resourceOwnerId, resourcesOf }: Simulation,
  action: string,
  resource: string,
): { request: AccessRequest; policies: PoliciesInForce } {
  const context = resourcesOf === undefined ? given : withResourceTags(given, resourcesOf, resource);
  const request = { principal: caller, action, resource, resourceAccountId: caller.accountId, context };
  if (policies.resource !== undefined)
    return { request: { ...request, resourceAccountId: ownerIdOf(resource) ?? resourceOwnerId ?? caller.accountId }, policies };
  if (!isTrustAction(action)) return { request, policies }; // without a resource policy only the caller's side is simulated, wherever the resource is
  const role = resourcesOf && roleOf(resourcesOf, resource);
  if (role === undefined) return { request, policies: { ...policies, resource: assumedTrust(caller) } };
  return {
    request: { ...request, principal: asTrusted(role, caller), resourceAccountId: ownerIdOf(resource) ?? caller.accountId },
    policies: { ...policies, resource: trustPolicyOf(role) },
  };
}

/** The context with the tags of the resource, as a call's would have them; keys that the simulation gives stay as they are. */
function withResourceTags(given: RequestContext, account: Account, resource: string): RequestContext {
  const tags = tagsOf(account, resource);
  if (tags.length === 0) return given;
  const context = new RequestContext();
  for (const { Key, Value } of tags) context.set(`aws:ResourceTag/${Key}`, Value).set(`iam:ResourceTag/${Key}`, Value);
  for (const key of given.keys()) context.set(key, given.get(key) ?? []);
  return context;
}

const ownerIdOf = (resource: string): string | undefined => {
  const accountId = parseArn(resource)?.accountId;
  return accountId !== undefined && isAccountId(accountId) ? accountId : undefined;
};

function roleOf(account: Account, resource: string): Role | undefined {
  const arn = parseArn(resource);
  if (arn === undefined || arn.service !== 'iam' || arn.accountId !== account.id) return undefined;
  const role = account.roles.get(parseArnResource(arn.resource).name);
  return role !== undefined && roleArn(account, role.path, role.roleName) === resource ? role : undefined;
}

/**
 * The caller as a role's trust policy sees it. Where the policy named somebody of this ARN who is gone, the caller is not that one, and only its
 * unique id can name it.
 */
function asTrusted(role: Role, caller: Principal): Principal {
  const { roleArn: assumed, arn, uniqueId } = caller;
  const meant = role.trustedPrincipalIds[assumed ?? arn];
  if (meant === undefined || uniqueId === undefined || meant === uniqueId) return caller;
  return { ...caller, arn: `${arn}#${uniqueId}`, roleArn: undefined };
}

const assumedTrustId = 'assumed-trust';

/** A trust policy that leaves it to the caller's own policies, for a role that is not here: its own is not known. */
function assumedTrust({ accountId }: Principal): AttachedPolicy {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: accountId }, Action: trustActions }] };
  return { id: assumedTrustId, policy: policyFor(JSON.stringify(document), 'trust') };
}
const trustActions = [
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:SetContext',
];

const mostRestrictive = (found: readonly PolicyEvaluationDecisionType[]): PolicyEvaluationDecisionType =>
  found.reduce((worst, decision) => (severity.indexOf(decision) > severity.indexOf(worst) ? decision : worst), 'allowed');

function mostRestrictiveDetails(
  details: readonly (Record<string, PolicyEvaluationDecisionType> | undefined)[],
): Record<string, PolicyEvaluationDecisionType> | undefined {
  const known = details.filter((each) => each !== undefined);
  if (known.length === 0) return undefined;
  const names = new Set(known.flatMap((each) => Object.keys(each)));
  return Object.fromEntries([...names].map((name) => [name, mostRestrictive(known.flatMap((each) => each[name] ?? []))]));
}

/** Whether all that are known are true; `undefined` where none is known. */
function allOf(values: readonly (boolean | undefined)[]): boolean | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.every((value) => value);
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const byKey = new Map<string, T>();
  for (const item of items) if (!byKey.has(keyOf(item))) byKey.set(keyOf(item), item);
  return [...byKey.values()];
}
