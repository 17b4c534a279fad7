import type { PatternComparison } from './patterns.ts';
import type { ListDraft, StatementDraft } from './policy-draft.ts';
import type { Scope } from './scope.ts';

/** Statements that are compared with each other at most, and entries of one of their lists. */
const statementsMax = 100;
const entriesMax = 100;

/** Statements that another makes needless: it says the same, or it denies all that they allow. */
export function checkStatements({ draft, report, comparison }: Scope): void {
  const compared = draft.statements
    .slice(0, statementsMax)
    .filter(({ actions, effect }) => actions !== undefined && actions.values.length > 0 && effect !== undefined);
  const covered = new Set<StatementDraft>();
  for (const statement of compared) {
    const denial =
      statement.effect === 'Allow' ? compared.find((other) => other.effect === 'Deny' && covers(other, statement, comparison)) : undefined;
    if (denial !== undefined) {
      report.add(
        'STATEMENT_DENIED_ELSEWHERE',
        `All that this statement allows is denied by statement ${denial.index + 1}.`,
        statement.place,
        denial.place,
      );
      continue;
    }
    const wider = compared.find(
      (other) => other !== statement && other.effect === statement.effect && !covered.has(other) && covers(other, statement, comparison),
    );
    if (wider === undefined) continue;
    covered.add(statement);
    report.add('REDUNDANT_STATEMENT', `All that this statement says is said by statement ${wider.index + 1}.`, statement.place, wider.place);
  }
}

/** Whether one statement applies wherever another does. A `false` may be wrong, a `true` never. */
function covers(outer: StatementDraft, inner: StatementDraft, comparison: PatternComparison): boolean {
  if (!coversConditions(outer, inner) || !coversPrincipals(outer, inner)) return false;
  const within = (value: string, pattern: string): boolean => isCovered(value, pattern, comparison);
  return (
    coversList(outer.actions, inner.actions, (value, pattern) => within(value.toLowerCase(), pattern.toLowerCase())) &&
    coversList(outer.resources, inner.resources, within)
  );
}

function coversConditions(outer: StatementDraft, inner: StatementDraft): boolean {
  if (!outer.hasCondition) return true;
  const text = ({ operator, key, values }: StatementDraft['conditions'][number]): string =>
    JSON.stringify([operator.name, key.toLowerCase(), values.map(({ value }) => value).sort()]);
  const said = new Set(inner.conditions.map(text));
  return outer.conditions.length > 0 && outer.conditions.every((condition) => said.has(text(condition)));
}

function coversPrincipals({ principals: outer }: StatementDraft, { principals: inner }: StatementDraft): boolean {
  if (outer === undefined || inner === undefined) return outer === inner;
  if (outer.negated || inner.negated) return false;
  // "*" as AWS principal does not name services and federated users where it is an Allow: only the same entries count.
  return (
    inner.entries.length > 0 && inner.entries.every(({ type, value }) => outer.entries.some((entry) => entry.type === type && entry.value === value))
  );
}

function coversList(outer: ListDraft | undefined, inner: ListDraft | undefined, within: (value: string, pattern: string) => boolean): boolean {
  if (outer === undefined || inner === undefined) return outer === inner;
  if (outer.values.length > entriesMax || inner.values.length > entriesMax || inner.values.length === 0) return false;
  // A NotAction that leaves out less says more.
  if (outer.negated !== inner.negated) return !outer.negated && outer.values.some(({ value }) => value === '*');
  const [wide, narrow] = outer.negated ? [inner, outer] : [outer, inner];
  return narrow.values.every(({ value }) => wide.values.some((pattern) => within(value, pattern.value)));
}

function isCovered(value: string, pattern: string, comparison: PatternComparison): boolean {
  if (value === pattern || pattern === '*') return true;
  return !pattern.includes('${') && /[*?]/.test(pattern) && comparison.cover(comparison.tokens(pattern), comparison.tokens(value));
}
