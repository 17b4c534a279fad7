import { ActionMatcher } from './action.ts';
import type { Arn } from './arn.ts';
import { compileArnPattern, type ArnPattern } from './arn-pattern.ts';
import { compileCondition, type Condition } from './condition.ts';
import type { Statement } from './document.ts';
import { compilePrincipals, type PrincipalMatcher } from './principal.ts';
import type { RequestContext } from './request.ts';

/** A statement made ready for evaluation. */
export interface CompiledStatement {
  readonly source: Statement;
  readonly allows: boolean;
  readonly actions: ActionMatcher;
  readonly principals: PrincipalMatcher | undefined;
  /** Undefined in a trust policy: it is about its own role. */
  readonly resources: readonly ArnPattern[] | undefined;
  readonly resourcesNegated: boolean;
  readonly conditions: readonly Condition[];
  /** The last look-up that judged the statement: one that is found twice, by two of its resources, is judged once. */
  lastLookup: number;
}

/** Compiles a statement; `variables` as for `parseTemplate`. */
export function compileStatement(source: Statement, variables: boolean): CompiledStatement {
  const { resources, principals } = source;
  return {
    source,
    allows: source.effect === 'Allow',
    actions: new ActionMatcher(source.actions),
    principals: principals === undefined ? undefined : compilePrincipals(principals),
    resources: resources?.values.map(({ value }) => compileArnPattern(value, variables)),
    resourcesNegated: resources?.negated ?? false,
    conditions: source.conditions.map((entry) => compileCondition(entry, source.effect, variables)),
    lastLookup: 0,
  };
}

/**
 * Whether a statement is about a resource. Where a variable of `NotResource` cannot be resolved, what it spares is unknown: an
 * `Allow` then allows nothing, a `Deny` denies as if nothing were spared.
 */
export function matchesResource(statement: CompiledStatement, resource: Arn, context: RequestContext): boolean {
  const { resources, resourcesNegated } = statement;
  if (resources === undefined) return true;
  for (const pattern of resources) {
    if (pattern.matches(resource, context)) return !resourcesNegated;
    if (resourcesNegated && statement.allows && !pattern.isResolvable(context)) return false;
  }
  return resourcesNegated;
}

/** Whether every condition of a statement holds. */
export function conditionsHold(statement: CompiledStatement, context: RequestContext): boolean {
  for (const condition of statement.conditions) {
    if (!condition.holds(context)) return false;
  }
  return true;
}
