import { Arn } from '../arn.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { decide } from '../decide.ts';
import { policyFor } from '../policy-cache.ts';
import type { AccessRequest } from '../request.ts';
import { StatementIndex } from '../statement-index.ts';
import type { Word } from '../statement-list.ts';

const EVERYTHING = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const EVERYTHING_TO_ANYONE = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';
/** The owner of the resource is nobody who asks: then both sides must allow, and the one that is not looked at allows everything. */
const OWNER = '000000000000';

/** Whether the policies of a list say who may do what: those of resources, trust policies. */
export function namePrincipals(policies: readonly CompiledPolicy[]): boolean {
  return policies.some(({ statements }) => statements.some(({ principals }) => principals !== undefined));
}

/** Several policies as one. */
export function merged(policies: readonly CompiledPolicy[]): CompiledPolicy | undefined {
  const [first] = policies;
  if (first === undefined || policies.length === 1) return first;
  const statements = policies.flatMap((policy) => policy.statements);
  return { ...first, statements, index: new StatementIndex(statements) };
}

/**
 * Whether policies allow a request by themselves, taken together: one of them allows it and none denies it. Decided by `decide`, with everything else that
 * could have a say allowing all.
 */
export function allowedByThemselves(policy: CompiledPolicy | undefined, ofResource: boolean, request: AccessRequest): boolean {
  const asked = { ...request, resourceAccountId: OWNER };
  if (policy === undefined) return false;
  const everything = { id: 'everything', policy: policyFor(ofResource ? EVERYTHING : EVERYTHING_TO_ANYONE, ofResource ? 'identity' : 'resource') };
  const own = { id: 'policy', policy };
  return decide(asked, ofResource ? { identity: [everything], resource: own } : { identity: [own], resource: everything }) === 'Allowed';
}

/** What policies say to a request: nothing, an allow (how directly it names the principal), a deny. */
export function wordOf(policy: CompiledPolicy | undefined, { principal, action, resource, context }: AccessRequest): Word {
  return policy === undefined ? 0 : policy.index.ask({ principal, action, resource: new Arn(resource), context, hasBoundary: false });
}
