import { Arn } from './arn.ts';
import { blockingLayer, isServiceLinked, type AttachedPolicy, type Outcome, type PoliciesInForce, type Words } from './layers.ts';
import type { AccessRequest } from './request.ts';
import { StatementIndex } from './statement-index.ts';
import { SAYS_DENY, SAYS_NOTHING, type Question, type Word } from './statement-list.ts';

/** Lists longer than this are merged into one index when they are seen a second time. */
const unmergedPoliciesMax = 2;

/** Whether a request is allowed by the policies in force. The fast way: no reasons are collected; `explain` collects them. */
export function decide(request: AccessRequest, policies: PoliciesInForce): Outcome {
  const { boundary, session, resource, serviceControl, resourceControl, endpoint } = policies;
  const question: Question = {
    principal: request.principal,
    action: request.action,
    resource: new Arn(request.resource),
    context: request.context,
    hasBoundary: boundary !== undefined,
  };
  const guarded = (serviceControl !== undefined || resourceControl !== undefined) && !isServiceLinked(request.principal);
  const words: Words = {
    identity: askIdentity(policies.identity, question),
    boundary: boundary === undefined ? undefined : boundary.policy.index.ask(question),
    session: session === undefined ? undefined : askAll(session, question),
    resource: resource === undefined ? undefined : resource.policy.index.ask(question),
    serviceControl: guarded ? askLevels(serviceControl, question) : undefined,
    resourceControl: guarded ? askLevels(resourceControl, question) : undefined,
    endpoint: endpoint === undefined ? undefined : askAll(endpoint, question),
  };
  if (anyDenies(words)) return 'ExplicitlyDenied';
  return blockingLayer(words, request) === undefined ? 'Allowed' : 'ImplicitlyDenied';
}

function anyDenies(words: Words): boolean {
  return (
    words.identity === SAYS_DENY ||
    words.boundary === SAYS_DENY ||
    words.session === SAYS_DENY ||
    words.resource === SAYS_DENY ||
    words.serviceControl === SAYS_DENY ||
    words.resourceControl === SAYS_DENY ||
    words.endpoint === SAYS_DENY
  );
}

/** The policies of one layer: a deny of any, else the most direct allow of any. */
function askAll(policies: readonly AttachedPolicy[], question: Question): Word {
  let best: Word = SAYS_NOTHING;
  for (let index = 0; index < policies.length; index += 1) {
    const word = (policies[index] as AttachedPolicy).policy.index.ask(question);
    if (word > best) best = word;
    if (best === SAYS_DENY) break;
  }
  return best;
}

/** The levels of an organization: a deny at any, else nothing where one says nothing. */
function askLevels(levels: readonly (readonly AttachedPolicy[])[] | undefined, question: Question): Word | undefined {
  if (levels === undefined || levels.length === 0) return undefined;
  let least: Word = SAYS_DENY;
  for (let level = 0; level < levels.length; level += 1) {
    const word = askAll(levels[level] as readonly AttachedPolicy[], question);
    if (word === SAYS_DENY) return SAYS_DENY;
    if (word < least) least = word;
  }
  return least;
}

const merged = new WeakMap<readonly AttachedPolicy[], StatementIndex | undefined>();

function askIdentity(policies: readonly AttachedPolicy[], question: Question): Word {
  if (policies.length <= unmergedPoliciesMax) return askAll(policies, question);
  const index = merged.get(policies);
  if (index !== undefined) return index.ask(question);
  if (merged.has(policies)) {
    const built = new StatementIndex(Object.freeze(policies).flatMap(({ policy }) => policy.statements));
    merged.set(policies, built);
    return built.ask(question);
  }
  merged.set(policies, undefined);
  return askAll(policies, question);
}
