import type { Arn } from './arn.ts';
import { compileArnPattern, type ArnPattern } from './arn-pattern.ts';
import type { ConditionEntry, Effect } from './document.ts';
import { takesVariables, type Comparison, type ConditionOperator } from './operators.ts';
import { normalizeKey, type ContextValue, type RequestContext } from './request.ts';
import { isVariable, literalText, parseTemplate, staticGlob, type Template } from './template.ts';
import { parsePolicyDate } from './values/date.ts';
import { isInRange, parseIpRange, type IpRange } from './values/ip-address.ts';
import { parsePolicyNumber } from './values/number.ts';
import { foldCase, paddedBase64 } from './values/text.ts';
import { VariableText } from './variable-text.ts';

/** Lists of literal strings longer than this are compared through a set. */
const linearValuesMax = 6;

/** One value of a request against the values of a policy: does it equal any, is it unlike all, or can nobody say? */
type Verdict = typeof MATCH | typeof NO_MATCH | typeof UNKNOWN;
const NO_MATCH = 0;
const MATCH = 1;
const UNKNOWN = 2;

type ValueTest = (value: ContextValue, index: number, context: RequestContext) => Verdict;

/** One key under one operator, compiled. */
export interface Condition {
  /** In lower case. */
  readonly key: string;
  /** The keys of the variables among the values, in lower case. */
  readonly variables: readonly string[];
  holds(context: RequestContext): boolean;
}

/**
 * Compiles one key of a `Condition` element. AWS's pages: "Condition operators", "Single-valued vs. multivalued context keys".
 *
 * - A key that is absent makes the condition false, with a negated operator or `...IfExists` true; `ForAllValues` true, `ForAnyValue` false.
 * - `ForAllValues`: every value of the request passes; `ForAnyValue`: one does. A negated operator passes a value that equals none of the policy's.
 * - What AWS leaves open is decided against access: where a value cannot be read, a variable cannot be resolved for a negated
 *   operator, or a key has several values under an operator without a qualifier, the condition of an `Allow` is false; that of
 *   a `Deny` is judged by any of the values, and by what can be read.
 */
export function compileCondition(entry: ConditionEntry, effect: Effect, variables: boolean): Condition {
  const { operator } = entry;
  const key = normalizeKey(entry.key);
  const texts = entry.values.map((value) => value.value);
  if (operator.family === 'Null') return compileNull(key, texts);
  const templates = takesVariables(operator.family) ? texts.map((text) => parseTemplate(text, { variables, wildcards: false })) : [];
  const keys = templates.flatMap((template) => template.tokens.filter(isVariable).map((variable) => variable.key));
  const test = compileTest(operator, texts, variables);
  const absent = absentMeans(operator);
  const { negated, quantifier } = operator;
  const allows = effect === 'Allow';
  const passes = (value: ContextValue, index: number, context: RequestContext): boolean => {
    const verdict = test(value, index, context);
    if (verdict === UNKNOWN) return negated && !allows;
    return (verdict === MATCH) !== negated;
  };
  const holds = (context: RequestContext): boolean => {
    const value = context.entryOf(key);
    if (value === undefined) return absent;
    const count = value.values.length;
    if (quantifier === undefined && count === 1) return passes(value, 0, context);
    if (quantifier === undefined && allows) return false;
    const all = quantifier === 'ForAllValues';
    for (let index = 0; index < count; index += 1) {
      if (passes(value, index, context) !== all) return !all;
    }
    return all;
  };
  return { key, variables: keys, holds };
}

function absentMeans(operator: ConditionOperator): boolean {
  if (operator.quantifier === 'ForAllValues' || operator.ifExists) return true;
  if (operator.quantifier === 'ForAnyValue') return false;
  return operator.negated;
}

/** `Null`: `"true"` asks that the key be absent, `"false"` that it be there. */
function compileNull(key: string, texts: readonly string[]): Condition {
  const absentWanted = texts.includes('true');
  const presentWanted = texts.includes('false');
  return { key, variables: [], holds: (context) => (context.entryOf(key) === undefined ? absentWanted : presentWanted) };
}

function compileTest(operator: ConditionOperator, texts: readonly string[], variables: boolean): ValueTest {
  switch (operator.family) {
    case 'String':
      return compileStrings(texts, variables, false);
    case 'StringIgnoreCase':
      return compileStrings(texts, variables, true);
    case 'StringLike':
      return compileLike(texts, variables);
    case 'Numeric':
      return compileOrdered(texts.map(parsePolicyNumber), operator.comparison, (value) => value.numbers);
    case 'Date':
      return compileOrdered(texts.map(parsePolicyDate), operator.comparison, (value) => value.dates);
    case 'Bool':
      return (value, index) => toVerdict(texts.includes(value.folded[index] as string));
    case 'Binary':
      return compileBinary(texts);
    case 'IpAddress':
      return compileRanges(texts);
    case 'Arn':
      return compileArns(texts, variables);
    case 'Null':
      throw new Error('INVARIANT: Null looks at the presence of a key, not at its values');
    default:
      return operator.family satisfies never;
  }
}

function toVerdict(matches: boolean): Verdict {
  return matches ? MATCH : NO_MATCH;
}

function compileStrings(texts: readonly string[], variables: boolean, ignoreCase: boolean): ValueTest {
  const templates = texts.map((text) => parseTemplate(text, { variables, wildcards: false }));
  const spelled = templates.flatMap((template) => (template.hasVariables || template.invalid ? [] : [literalText(template.tokens) ?? '']));
  const literals = ignoreCase ? spelled.map(foldCase) : spelled;
  const dynamic = variableTexts(templates, ignoreCase);
  const broken = templates.some((template) => template.invalid);
  const set = literals.length > linearValuesMax ? new Set(literals) : undefined;
  const only = literals.length === 1 && dynamic.length === 0 ? literals[0] : undefined;
  if (only !== undefined && !ignoreCase && !broken) return (value, index) => toVerdict(value.values[index] === only);
  return (value, index, context) => {
    const text = (ignoreCase ? value.folded : value.values)[index] as string;
    if (set === undefined ? literals.includes(text) : set.has(text)) return MATCH;
    return dynamic.length === 0 ? (broken ? UNKNOWN : NO_MATCH) : matchVariables(dynamic, text, context, broken);
  };
}

function variableTexts(templates: readonly Template[], ignoreCase: boolean): readonly VariableText[] {
  return templates.filter((template) => template.hasVariables && !template.invalid).map(({ tokens }) => new VariableText(tokens, ignoreCase));
}

function matchVariables(patterns: readonly VariableText[], text: string, context: RequestContext, broken: boolean): Verdict {
  let unknown = broken;
  for (const pattern of patterns) {
    if (!pattern.isResolvable(context)) unknown = true;
    else if (pattern.matches(text, 0, context)) return MATCH;
  }
  return unknown ? UNKNOWN : NO_MATCH;
}

function compileLike(texts: readonly string[], variables: boolean): ValueTest {
  const templates = texts.map((text) => parseTemplate(text, { variables, wildcards: true }));
  const globs = templates.flatMap(({ hasVariables, invalid, tokens }) => (hasVariables || invalid ? [] : [staticGlob(tokens)]));
  const dynamic = variableTexts(templates, false);
  const broken = templates.some((template) => template.invalid);
  return (value, index, context) => {
    const text = value.values[index] as string;
    for (const glob of globs) if (glob.matches(text)) return MATCH;
    return dynamic.length === 0 ? (broken ? UNKNOWN : NO_MATCH) : matchVariables(dynamic, text, context, broken);
  };
}

function compileOrdered(wanted: readonly number[], comparison: Comparison, read: (value: ContextValue) => readonly number[]): ValueTest {
  const compare = comparator(comparison);
  return (value, index) => {
    const actual = read(value)[index] as number;
    if (Number.isNaN(actual)) return UNKNOWN;
    for (const limit of wanted) if (compare(actual, limit)) return MATCH;
    return NO_MATCH;
  };
}

function comparator(comparison: Comparison): (actual: number, limit: number) => boolean {
  switch (comparison) {
    case 'equals':
      return (actual, limit) => actual === limit;
    case 'less':
      return (actual, limit) => actual < limit;
    case 'lessOrEqual':
      return (actual, limit) => actual <= limit;
    case 'greater':
      return (actual, limit) => actual > limit;
    case 'greaterOrEqual':
      return (actual, limit) => actual >= limit;
    default:
      return comparison satisfies never;
  }
}

function compileBinary(texts: readonly string[]): ValueTest {
  const bytes = new Set(texts.map(paddedBase64));
  return (value, index) => toVerdict(bytes.has(value.bytes[index] as string));
}

function compileRanges(texts: readonly string[]): ValueTest {
  const ranges = texts.map(parseIpRange).filter((range): range is IpRange => range !== undefined);
  // Their first bits beside each other: they rule most ranges out.
  const masks = Int32Array.from(ranges, ({ bits }) => (bits >= 32 ? -1 : bits === 0 ? 0 : -1 << (32 - bits)));
  const firsts = Int32Array.from(ranges, ({ address }, index) => address[0] & (masks[index] as number));
  return (value, index) => {
    const address = value.addresses[index];
    if (address === undefined) return UNKNOWN;
    const first = address[0] | 0;
    for (let place = 0; place < firsts.length; place += 1) {
      if ((first & (masks[place] as number)) === firsts[place] && isInRange(address, ranges[place] as IpRange)) return MATCH; // place < length
    }
    return NO_MATCH;
  };
}

function compileArns(texts: readonly string[], variables: boolean): ValueTest {
  const patterns: ArnPattern[] = texts.map((text) => compileArnPattern(text, variables));
  return (value, index, context) => {
    const arn = value.arns[index] as Arn;
    let unknown = false;
    for (const pattern of patterns) {
      if (pattern.matches(arn, context)) return MATCH;
      if (!pattern.isResolvable(context)) unknown = true;
    }
    return unknown ? UNKNOWN : NO_MATCH;
  };
}
