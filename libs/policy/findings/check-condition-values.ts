import { conditionValueFault } from '../condition-syntax.ts';
import { parsePolicyDate } from '../values/date.ts';
import { parseIpRange, type IpRange } from '../values/ip-address.ts';
import { parsePolicyNumber } from '../values/number.ts';
import type { IssueCode } from './issues.ts';
import type { PatternComparison } from './patterns.ts';
import type { ConditionDraft, ConditionValueDraft, StatementDraft } from './policy-draft.ts';
import { quoted } from './report.ts';
import type { Scope } from './scope.ts';

const faultCodes: Readonly<Record<string, IssueCode>> = {
  Numeric: 'TYPE_MISMATCH_NUMBER',
  Date: 'TYPE_MISMATCH_DATE',
  Bool: 'TYPE_MISMATCH_BOOLEAN',
  Null: 'TYPE_MISMATCH_BOOLEAN',
  IpAddress: 'TYPE_MISMATCH_IP_RANGE',
  Arn: 'TYPE_MISMATCH_ARN',
  Binary: 'TYPE_MISMATCH_STRING',
};
/** Values of one key that are compared with each other at most. */
const comparedMax = 200;
/** Ranges that the internet does not route (RFC 1918, 4193, 6598, loopback and link-local). */
const privateRanges = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
].map((text) => parseIpRange(text)!); // constants

/** Values of conditions: their form, and what they do not say although they seem to. */
export function checkConditionValues(statement: StatementDraft, scope: Scope): void {
  for (const condition of statement.conditions) {
    const sound = condition.values.filter((value) => checkForm(condition, value, scope));
    checkBooleans(condition, scope);
    checkWildcards(condition, scope);
    checkRedundancy(condition, sound, scope);
    if (condition.operator.family === 'IpAddress') checkRanges(condition, sound, scope);
    if (condition.operator.family === 'Date') checkDates(condition, sound, statement, scope);
  }
}

function checkForm({ operator }: ConditionDraft, value: ConditionValueDraft, { report, hasVariables }: Scope): boolean {
  const fault = conditionValueFault(operator, value.value);
  if (fault === undefined) return true;
  const code = faultCodes[operator.family] ?? 'POLICY_REFUSED';
  // A variable where none can stand is told with the variables.
  if (!(hasVariables && value.value.includes('${')))
    report.add(code, `${fault.detail.charAt(0).toUpperCase()}${fault.detail.slice(1)}, which is what ${operator.name} compares with.`, value);
  return false;
}

function checkBooleans({ operator, values }: ConditionDraft, { report }: Scope): void {
  if (operator.family !== 'Bool' && operator.family !== 'Null') return;
  if (values.length > 1)
    report.add('INVALID_CONDITION_MULTIPLE_BOOLEAN', `${operator.name} compares with one value: true and false together say nothing.`, ...values);
}

function checkWildcards({ operator, operatorPlace, values }: ConditionDraft, { report }: Scope): void {
  const plain = (text: string): string => text.replace(/\$\{[^}]*\}/g, '');
  if (operator.family === 'String' || operator.family === 'StringIgnoreCase') {
    for (const value of values) {
      if (/[*?]/.test(plain(value.value)))
        report.add(
          'WILDCARD_WITHOUT_LIKE_OPERATOR',
          `${operator.name} takes the wildcard of ${quoted(value.value)} for a plain character: use ${operator.negated ? 'StringNotLike' : 'StringLike'}.`,
          value,
          operatorPlace,
        );
    }
  }
  if (operator.family === 'StringLike' && values.length > 0 && !values.some(({ value }) => /[*?$]/.test(value))) {
    report.add(
      'LIKE_OPERATOR_WITHOUT_WILDCARD',
      `No value has a wildcard: ${operator.negated ? 'StringNotEquals' : 'StringEquals'} says the same and is plain.`,
      operatorPlace,
    );
  }
}

/** Values that another value of the list makes needless: with several values, one is enough for the condition to hold. */
function checkRedundancy({ operator, key }: ConditionDraft, values: readonly ConditionValueDraft[], { report, comparison }: Scope): void {
  const compared = values.slice(0, comparedMax);
  if (compared.length < 2) return;
  const numeric = operator.family === 'Numeric' || operator.family === 'Date';
  if (numeric && operator.comparison !== 'equals') {
    report.add(
      'REDUNDANT_CONDITION_VALUE_NUM',
      `${operator.name} with several values of ${quoted(key)} means the widest of them alone.`,
      ...compared,
    );
    return;
  }
  const isWithin = withinOf(operator.family, comparison);
  for (const [index, value] of compared.entries()) {
    const wider = compared.find(
      (other, at) => at !== index && isWithin(value.value, other.value) && (at < index || !isWithin(other.value, value.value)),
    );
    if (wider !== undefined)
      report.add(
        'REDUNDANT_CONDITION_VALUE',
        `${quoted(value.value)} is part of ${quoted(wider.value)}, which stands in the same list.`,
        value,
        wider,
      );
  }
}

function withinOf(family: ConditionDraft['operator']['family'], comparison: PatternComparison): (inner: string, outer: string) => boolean {
  switch (family) {
    case 'IpAddress':
      return (inner, outer) => isRangeWithin(parseIpRange(inner), parseIpRange(outer));
    case 'StringLike':
    case 'Arn':
      return (inner, outer) =>
        inner === outer || (/[*?]/.test(outer) && !outer.includes('${') && comparison.cover(comparison.tokens(outer), comparison.tokens(inner)));
    case 'StringIgnoreCase':
      return (inner, outer) => inner.toLowerCase() === outer.toLowerCase();
    case 'Numeric':
      return (inner, outer) => parsePolicyNumber(inner) === parsePolicyNumber(outer);
    case 'Date':
      return (inner, outer) => parsePolicyDate(inner) === parsePolicyDate(outer);
    default:
      return (inner, outer) => inner === outer;
  }
}

/** Whether every address of one range lies in another. */
export function isRangeWithin(inner: IpRange | undefined, outer: IpRange | undefined): boolean {
  if (inner === undefined || outer === undefined || inner.bits < outer.bits) return false;
  return firstBits(inner, outer.bits) === firstBits(outer, outer.bits);
}

function bitsOf({ address }: IpRange): string {
  return address.map((word) => word.toString(2).padStart(32, '0')).join('');
}

const firstBits = (range: IpRange, count: number): string => bitsOf(range).slice(0, count);

function checkRanges({ operator, key }: ConditionDraft, values: readonly ConditionValueDraft[], { report }: Scope): void {
  const ranges = values.map((value) => ({ value, range: parseIpRange(value.value)! })); // only sound values come here
  for (const { value, range } of ranges) {
    if (bitsOf(range).slice(range.bits).includes('1'))
      report.add(
        'IMPROVE_IP_RANGE',
        `The bits of ${quoted(value.value)} behind the first ${value.value.split('/')[1]} are ignored: write them as zeros.`,
        value,
      );
  }
  if (key.toLowerCase() !== 'aws:sourceip') return;
  const hidden = ranges.filter(({ range }) => privateRanges.some((wide) => isRangeWithin(range, wide))).map(({ value }) => value);
  if (hidden.length === 0) return;
  const all = hidden.length === ranges.length;
  const told = `aws:SourceIp is the address on the internet, and ${hidden
    .map(({ value }) => quoted(value))
    .slice(0, 3)
    .join(', ')} ${hidden.length === 1 ? 'is' : 'are'} private: use aws:VpcSourceIp.`;
  if (operator.negated) report.add(all ? 'PRIVATE_NOT_IP_ADDRESS' : 'PRIVATE_NOT_IP_ADDRESS_SUBSET', told, ...hidden);
  else report.add(all ? 'PRIVATE_IP_ADDRESS' : 'PRIVATE_IP_ADDRESS_SUBSET', told, ...hidden);
}

function checkDates(
  { operator, key }: ConditionDraft,
  values: readonly ConditionValueDraft[],
  { effect }: StatementDraft,
  { report, nowMs }: Scope,
): void {
  const lower = key.toLowerCase();
  if (nowMs === undefined || (lower !== 'aws:currenttime' && lower !== 'aws:epochtime')) return;
  const ends = operator.comparison === 'less' || operator.comparison === 'lessOrEqual' || operator.comparison === 'equals';
  for (const value of values) {
    if (!ends || operator.negated || parsePolicyDate(value.value) >= nowMs) continue;
    report.add(
      'DATE_IN_THE_PAST',
      `${quoted(value.value)} is past, so the statement no longer ${effect === 'Deny' ? 'denies' : 'allows'} anything.`,
      value,
    );
  }
}
