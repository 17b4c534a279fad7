import { MalformedPolicyDocument } from '../../libs/aws/index.ts';
import {
  PolicySyntaxError,
  RequestContext,
  decide,
  explain,
  policyFor,
  type AccessRequest,
  type AttachedPolicy,
  type Explanation,
  type Outcome,
} from '../../libs/policy/index.ts';
import type { Caller } from '../iam/call.ts';
import { policiesInForce, principalOf, type Sides } from './authorize.ts';
import { tagsOf } from '../iam/resource-tags.ts';
import { setCaller } from './request-context.ts';

/** A request that some application received, as it asks about it. */
export interface AskedRequest {
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string;
  readonly resourcePolicy?: string | undefined;
  /** What the application knows of the request: source address, tags of its resource … */
  readonly context: ReadonlyMap<string, string | readonly string[]>;
}

export interface Decided {
  readonly outcome: Outcome;
  /** Only where it was asked for. */
  readonly explanation?: Explanation;
}

/**
 * Decides for an application — `account` is the one that the resource is in, as far as it is one of ours — on the same policies and by the same engine as a call to this server.
 *
 * @throws MalformedPolicyDocument for a resource policy that can not be read
 */
export function answerQuestion(caller: Caller, { callerAccount, account }: Sides, asked: AskedRequest, now: Date, explained: boolean): Decided {
  const request: AccessRequest = {
    principal: principalOf(caller, account, asked.resource),
    action: asked.action,
    resource: asked.resource,
    resourceAccountId: asked.resourceAccountId,
    context: contextOf(caller, { callerAccount, account }, asked, now),
  };
  const inForce = policiesInForce(asked, { callerAccount, account }, caller);
  const policies = asked.resourcePolicy === undefined ? inForce : { ...inForce, resource: resourcePolicy(asked.resourcePolicy) };
  if (!explained) return { outcome: decide(request, policies) };
  const explanation = explain(request, policies);
  return { outcome: explanation.outcome, explanation };
}

function resourcePolicy(text: string): AttachedPolicy {
  try {
    return { id: 'resource policy', policy: policyFor(text, 'resource') };
  } catch (error) {
    if (error instanceof PolicySyntaxError)
      throw new MalformedPolicyDocument(`ResourcePolicy: ${error.message} (line ${error.line}, column ${error.column})`);
    throw error;
  }
}

function contextOf(
  caller: Caller,
  { callerAccount, account }: Sides,
  { context: given, resource, resourceAccountId }: AskedRequest,
  now: Date,
): RequestContext {
  const context = new RequestContext();
  context.set('aws:CurrentTime', now.toISOString());
  context.set('aws:EpochTime', String(Math.floor(now.getTime() / 1000)));
  context.set('aws:ResourceAccount', resourceAccountId);
  for (const { Key, Value } of tagsOf(account, resource)) context.set(`aws:ResourceTag/${Key}`, Value);
  for (const [key, value] of given) context.set(key, value);
  setCaller(context, caller, callerAccount, now);
  return context;
}
