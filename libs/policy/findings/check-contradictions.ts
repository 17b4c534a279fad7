import { parsePolicyDate } from '../values/date.ts';
import { parseIpRange } from '../values/ip-address.ts';
import { parsePolicyNumber } from '../values/number.ts';
import { isRangeWithin } from './check-condition-values.ts';
import { demandsKey } from './check-condition-keys.ts';
import type { PatternComparison, Token } from './patterns.ts';
import type { ConditionDraft, StatementDraft } from './policy-draft.ts';
import { quoted } from './report.ts';
import type { Scope } from './scope.ts';

/** Values of one condition that are compared with another's at most. */
const comparedMax = 20;
/** Conditions on one key that are compared at most. */
const conditionsMax = 12;

/** Conditions of one statement that can not hold together: the statement never applies. */
export function checkContradictions({ conditions }: StatementDraft, { report, comparison }: Scope): void {
  for (const same of Map.groupBy(conditions, ({ key }) => key.toLowerCase()).values()) {
    const [first, second] = contradiction(same.slice(0, conditionsMax), comparison) ?? [];
    if (first === undefined || second === undefined) continue;
    report.add(
      'CONTRADICTORY_CONDITIONS',
      `${first.operator.name} and ${second.operator.name} on ${quoted(first.key)} can not hold at once, so the statement never applies.`,
      first.keyPlace,
      second.keyPlace,
    );
  }
}

function contradiction(conditions: readonly ConditionDraft[], comparison: PatternComparison): readonly [ConditionDraft, ConditionDraft] | undefined {
  for (const [index, one] of conditions.entries()) {
    for (const other of conditions.slice(index + 1)) if (exclude(one, other, comparison) || exclude(other, one, comparison)) return [one, other];
  }
  return undefined;
}

function exclude(one: ConditionDraft, other: ConditionDraft, comparison: PatternComparison): boolean {
  if (one.operator.family === 'Null') {
    const [value] = one.values;
    if (one.operator.quantifier !== undefined || one.values.length !== 1) return false;
    if (other.operator.family === 'Null')
      return other.values.length === 1 && other.operator.quantifier === undefined && other.values[0]?.value !== value?.value;
    return value?.value === 'true' && demandsKey(other.operator) && other.values.length > 0;
  }
  // With a quantifier several values of the key may satisfy both.
  if (one.operator.quantifier !== undefined || other.operator.quantifier !== undefined || !demandsKey(one.operator)) return false;
  if (one.values.length === 0 || other.values.length === 0 || one.values.length > comparedMax || other.values.length > comparedMax) return false;
  // The first demands the key, so it is there, and an IfExists of the second changes nothing.
  return other.operator.negated ? allExcluded(one, other, comparison) : noneCommon(one, other, comparison);
}

const textFamilies: readonly string[] = ['String', 'StringLike', 'StringIgnoreCase', 'Arn'];
const isText = ({ operator }: ConditionDraft): boolean => textFamilies.includes(operator.family);
const hasVariable = ({ values }: ConditionDraft): boolean => values.some(({ value }) => value.includes('${'));

/** No value satisfies both of two positive conditions. */
function noneCommon(one: ConditionDraft, other: ConditionDraft, comparison: PatternComparison): boolean {
  if (isText(one) && isText(other))
    return !one.values.some((a) =>
      other.values.some((b) => comparison.meet(textTokens(one, other, a.value, comparison), textTokens(other, one, b.value, comparison))),
    );
  if (one.operator.family !== other.operator.family) return false;
  switch (one.operator.family) {
    case 'IpAddress':
      return !one.values.some((a) => other.values.some((b) => rangesMeet(a.value, b.value)));
    case 'Bool':
      return !one.values.some((a) => other.values.some((b) => a.value === b.value));
    case 'Numeric':
      return !intervals(one, parsePolicyNumber).some((a) => intervals(other, parsePolicyNumber).some((b) => intervalsMeet(a, b)));
    case 'Date':
      return !intervals(one, parsePolicyDate).some((a) => intervals(other, parsePolicyDate).some((b) => intervalsMeet(a, b)));
    default:
      return false;
  }
}

/** Each value that the first demands is one that the second forbids. */
function allExcluded(one: ConditionDraft, other: ConditionDraft, comparison: PatternComparison): boolean {
  if (hasVariable(one) || hasVariable(other)) return false;
  if (isText(one) && isText(other)) {
    const isExact =
      one.operator.family === 'String' || (one.operator.family !== 'StringIgnoreCase' && one.values.every(({ value }) => !/[*?]/.test(value)));
    if (!isExact) return false;
    return one.values.every((a) => other.values.some((b) => comparison.meet([...a.value], textTokens(other, one, b.value, comparison))));
  }
  if (one.operator.family !== other.operator.family) return false;
  if (one.operator.family === 'IpAddress')
    return one.values.every((a) => other.values.some((b) => isRangeWithin(parseIpRange(a.value), parseIpRange(b.value))));
  if (one.operator.family === 'Numeric' && one.operator.comparison === 'equals')
    return one.values.every((a) => other.values.some((b) => parsePolicyNumber(a.value) === parsePolicyNumber(b.value)));
  return false;
}

/** A value as a pattern; where either side ignores case, both do. */
function textTokens({ operator }: ConditionDraft, other: ConditionDraft, value: string, comparison: PatternComparison): readonly Token[] {
  const folded = operator.family === 'StringIgnoreCase' || other.operator.family === 'StringIgnoreCase' ? value.toLowerCase() : value;
  const literal = (operator.family === 'String' || operator.family === 'StringIgnoreCase') && !folded.includes('${');
  return literal ? [...folded] : comparison.tokens(folded);
}

function rangesMeet(one: string, other: string): boolean {
  const [a, b] = [parseIpRange(one), parseIpRange(other)];
  if (a === undefined || b === undefined) return true;
  return isRangeWithin(a, b) || isRangeWithin(b, a);
}

interface Interval {
  readonly from: number;
  readonly to: number;
  readonly open: boolean;
}

function intervals({ operator, values }: ConditionDraft, parse: (text: string) => number): Interval[] {
  return values.map(({ value }) => {
    const bound = parse(value);
    switch (operator.comparison) {
      case 'less':
        return { from: Number.NEGATIVE_INFINITY, to: bound, open: true };
      case 'lessOrEqual':
        return { from: Number.NEGATIVE_INFINITY, to: bound, open: false };
      case 'greater':
        return { from: bound, to: Number.POSITIVE_INFINITY, open: true };
      case 'greaterOrEqual':
        return { from: bound, to: Number.POSITIVE_INFINITY, open: false };
      case 'equals':
        return { from: bound, to: bound, open: false };
      default:
        return operator.comparison satisfies never;
    }
  });
}

function intervalsMeet(a: Interval, b: Interval): boolean {
  const from = Math.max(a.from, b.from);
  const to = Math.min(a.to, b.to);
  // Not a number: what could not be read contradicts nothing.
  if (Number.isNaN(from) || Number.isNaN(to)) return true;
  return from < to || (from === to && !a.open && !b.open);
}
