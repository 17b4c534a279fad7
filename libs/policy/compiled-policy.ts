import { ActionMatcher } from './action.ts';
import { compileArnPattern, type Arn, type ArnPattern } from './arn-pattern.ts';
import { compileCondition, type Condition } from './condition.ts';
import type { PolicyDocument, PolicyKind, Statement } from './document.ts';
import { compilePrincipals, type PrincipalMatcher } from './principal.ts';
import type { RequestContext } from './request.ts';
import { StatementIndex } from './statement-index.ts';

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

/** A policy document compiled once and shared by everything it is attached to. */
export interface CompiledPolicy {
  readonly kind: PolicyKind;
  readonly document: PolicyDocument;
  readonly statements: readonly CompiledStatement[];
  readonly index: StatementIndex;
}

/** Compiles a document; the time is linear in its length. */
export function compilePolicy(document: PolicyDocument): CompiledPolicy {
  const variables = document.version === '2012-10-17';
  const statements = document.statements.map((statement) => compileStatement(statement, variables));
  return { kind: document.kind, document, statements, index: new StatementIndex(statements) };
}

function compileStatement(source: Statement, variables: boolean): CompiledStatement {
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
