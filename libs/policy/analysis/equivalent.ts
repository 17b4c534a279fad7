import type { CompiledPolicy } from '../compiled-policy.ts';
import type { CompiledStatement } from '../compiled-statement.ts';
import { NAMED_BY_ACCOUNT, NAMED_BY_ROLE, NAMED_DIRECTLY, type Naming } from '../principal.ts';
import type { AccessRequest } from '../request.ts';
import { awsCatalogue, type ActionCatalogue } from './action-catalogue.ts';
import { distinct, goalsBeyond } from './new-access.ts';
import { merged, namePrincipals, wordOf } from './own-decision.ts';
import { findRequest, type SearchResult } from './request-search.ts';

export type Equivalence =
  | { readonly equivalent: true; readonly proof: 'exact' | 'approximate'; readonly reasons: readonly string[] }
  /** `difference`: a request to which the two say different things. */
  | { readonly equivalent: false; readonly difference: AccessRequest };

/**
 * Whether two policies, or lists of policies, say the same to every request: they deny the same, allow the same, and name whom they allow equally directly
 * (which decides what boundaries hold back). The requests are those of `AccessAnswer`.
 */
export function equivalent(one: readonly CompiledPolicy[], other: readonly CompiledPolicy[], catalogue: ActionCatalogue = awsCatalogue): Equivalence {
  const reasons = new Set<string>();
  for (const [before, after] of [
    [distinct(one, other), other],
    [other, distinct(one, other)],
  ] as const) {
    for (const { request, gaps } of differences(before, after, catalogue)) {
      if (request !== undefined) return { equivalent: false, difference: request };
      for (const gap of gaps) reasons.add(gap);
    }
  }
  return { equivalent: true, proof: reasons.size === 0 ? 'exact' : 'approximate', reasons: [...reasons] };
}

function* differences(before: readonly CompiledPolicy[], after: readonly CompiledPolicy[], catalogue: ActionCatalogue): Iterable<SearchResult> {
  const old = new Set(before.flatMap(({ statements }) => statements));
  const [one, other] = [merged(before), merged(after)];
  const inquiry = { policies: [...before, ...after], catalogue, verify: (asked: AccessRequest) => wordOf(one, asked) !== wordOf(other, asked) };
  yield findRequest({ ...inquiry, naming: NAMED_BY_ACCOUNT, goals: (statements) => denyGoals(statements, old) });
  const namings: readonly Naming[] = namePrincipals(inquiry.policies) ? [NAMED_BY_ACCOUNT, NAMED_BY_ROLE, NAMED_DIRECTLY] : [NAMED_BY_ACCOUNT];
  for (const naming of namings) yield findRequest({ ...inquiry, naming, goals: (statements) => goalsBeyond(statements, old) });
}

/** A new deny applies and no old one. */
function denyGoals(
  statements: readonly CompiledStatement[],
  old: ReadonlySet<CompiledStatement>,
): readonly (readonly [readonly CompiledStatement[], readonly CompiledStatement[]])[] {
  const denies = statements.filter(({ allows }) => !allows);
  const before = denies.filter((statement) => old.has(statement));
  return denies.filter((statement) => !old.has(statement)).map((deny) => [[deny], before] as const);
}
