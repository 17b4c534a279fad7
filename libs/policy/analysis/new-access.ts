import type { CompiledPolicy } from '../compiled-policy.ts';
import type { CompiledStatement } from '../compiled-statement.ts';
import { NAMED_BY_ACCOUNT } from '../principal.ts';
import type { AccessRequest } from '../request.ts';
import { awsCatalogue, type ActionCatalogue } from './action-catalogue.ts';
import { allowedByThemselves, merged, namePrincipals } from './own-decision.ts';
import { findRequest, type RequestSpace } from './request-search.ts';

/**
 * The answer to "does this allow anything that …". Where nothing was found, `proof` says whether that is certain; `approximate` comes with the reasons.
 *
 * What the answer is about: every action of the catalogue and every other that the policies name; resources in the form of an ARN, and `*`; whoever has the
 * policies, or where they name principals, principals of every kind; contexts in which every key has any value, independently of who asks, or none — several at once where the catalogue says that it can,
 * or where a condition is about a list.
 */
export type AccessAnswer =
  | { readonly found: false; readonly proof: 'exact' | 'approximate'; readonly reasons: readonly string[] }
  /** A request that proves it; `decide` says so. */
  | { readonly found: true; readonly witness: AccessRequest };

export type NewAccess =
  | { readonly newAccess: false; readonly proof: 'exact' | 'approximate'; readonly reasons: readonly string[] }
  | { readonly newAccess: true; readonly exact: true; readonly witness: AccessRequest };

/** Whether policies allow a request that others do not. Each list is taken together, all of one kind: a policy before and after a change, say. */
export function newAccess(before: readonly CompiledPolicy[], after: readonly CompiledPolicy[], catalogue: ActionCatalogue = awsCatalogue): NewAccess {
  const answer = accessBeyond(before, after, catalogue);
  if (!answer.found) return { newAccess: false, proof: answer.proof, reasons: answer.reasons };
  return { newAccess: true, exact: true, witness: answer.witness };
}

/** Whether `after` allows a request of a space that `before` does not. */
export function accessBeyond(
  before: readonly CompiledPolicy[],
  after: readonly CompiledPolicy[],
  catalogue: ActionCatalogue,
  space?: RequestSpace,
): AccessAnswer {
  const ofResource = namePrincipals([...before, ...after]);
  const old = distinct(before, after);
  const [one, other] = [merged(old), merged(after)];
  const oldStatements = new Set(old.flatMap(({ statements }) => statements));
  const { request, gaps } = findRequest({
    policies: [...old, ...after],
    catalogue,
    space,
    naming: NAMED_BY_ACCOUNT,
    goals: (statements) => goalsBeyond(statements, oldStatements),
    verify: (asked) => allowedByThemselves(other, ofResource, asked) && !allowedByThemselves(one, ofResource, asked),
  });
  if (request !== undefined) return { found: true, witness: request };
  return { found: false, proof: gaps.length === 0 ? 'exact' : 'approximate', reasons: gaps };
}

/** A policy on both sides needs statements of its own on each. */
export function distinct(before: readonly CompiledPolicy[], after: readonly CompiledPolicy[]): readonly CompiledPolicy[] {
  return before.map((policy) =>
    after.includes(policy) ? { ...policy, statements: policy.statements.map((statement) => ({ ...statement })) } : policy,
  );
}

type Goals = readonly (readonly [readonly CompiledStatement[], readonly CompiledStatement[]])[];

/** One of the new allows applies and no new deny; and no old allow does, or else an old deny. */
export function goalsBeyond(statements: readonly CompiledStatement[], old: ReadonlySet<CompiledStatement>): Goals {
  const fresh = statements.filter((statement) => !old.has(statement));
  const before = statements.filter((statement) => old.has(statement));
  const denies = fresh.filter(({ allows }) => !allows);
  const oldAllows = before.filter(({ allows }) => allows);
  const oldDenies = before.filter(({ allows }) => !allows);
  return fresh
    .filter(({ allows }) => allows)
    .flatMap((allow) => [[[allow], [...denies, ...oldAllows]] as const, ...oldDenies.map((deny) => [[allow, deny], denies] as const)]);
}
