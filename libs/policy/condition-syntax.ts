import type { ConditionEntry, LocatedString } from './document.ts';
import type { JsonNode } from './json-reader.ts';
import { conditionOperator, type ConditionOperator } from './operators.ts';
import type { SyntaxContext } from './syntax-context.ts';
import { LEGACY_PARSING, SYNTAX_ERRORS } from './policy-syntax-error.ts';
import { parsePolicyDate } from './values/date.ts';
import { parseIpRange } from './values/ip-address.ts';
import { parsePolicyNumber } from './values/number.ts';

const UNSAFE_OPERATOR_KEYS: readonly string[] = ['__proto__', 'constructor', 'prototype'];
const ARN_COLONS_MIN = 5;

/**
 * Reads a `Condition` element: operator → key → value or list of values. AWS refuses an operator it does not know, unless nothing
 * stands under it. Values are kept as text; a boolean or a number becomes its spelling.
 */
export function readConditions(node: JsonNode, syntax: SyntaxContext): ConditionEntry[] {
  if (node.type !== 'object') return syntax.fail(SYNTAX_ERRORS, node.start, 'Condition is no object');
  const entries: ConditionEntry[] = [];
  for (const member of node.members) {
    const operands = member.value;
    if (operands.type !== 'object') return syntax.fail(SYNTAX_ERRORS, operands.start, `the value of ${member.key} is no object`);
    const operator = conditionOperator(member.key);
    if (operator === undefined) {
      const empty = operands.members.length === 0 && !UNSAFE_OPERATOR_KEYS.includes(member.key);
      if (!empty) syntax.fail(SYNTAX_ERRORS, member.keyStart, `${JSON.stringify(member.key)} is no condition operator`);
      continue;
    }
    const operatorPosition = syntax.position(member.keyStart);
    for (const operand of operands.members) {
      entries.push({
        operator,
        operatorPosition,
        key: operand.key,
        keyPosition: syntax.position(operand.keyStart),
        values: conditionValues(operand.value, syntax),
      });
    }
  }
  return entries;
}

function conditionValues(node: JsonNode, syntax: SyntaxContext): LocatedString[] {
  const nodes = node.type === 'array' ? node.items : [node];
  return nodes.map((item) => ({ value: scalarText(item, syntax), position: syntax.position(item.start) }));
}

function scalarText(node: JsonNode, syntax: SyntaxContext): string {
  switch (node.type) {
    case 'string':
      return node.value;
    case 'number':
      return node.spelling;
    case 'boolean':
      return String(node.value);
    default:
      return syntax.fail(SYNTAX_ERRORS, node.start, 'a condition compares with strings, numbers and booleans');
  }
}

/**
 * What is wrong with a value of an operator, or undefined. AWS takes any text for string operators; the others name their format
 * on the page "IAM JSON policy elements: Condition operators".
 */
export function conditionValueFault(operator: ConditionOperator, value: string): { readonly message: string; readonly detail: string } | undefined {
  const bad = (detail: string, message: string = LEGACY_PARSING) => ({ message, detail });
  switch (operator.family) {
    case 'Numeric':
      return Number.isNaN(parsePolicyNumber(value)) ? bad(`${JSON.stringify(value)} is no number`) : undefined;
    case 'Date':
      return Number.isNaN(parsePolicyDate(value)) ? bad(`${JSON.stringify(value)} is no date`) : undefined;
    case 'Bool':
    case 'Null':
      return value === 'true' || value === 'false' ? undefined : bad(`${JSON.stringify(value)} is neither true nor false`, SYNTAX_ERRORS);
    case 'IpAddress': {
      const range = parseIpRange(value);
      if (range === undefined) return bad(`${JSON.stringify(value)} is no IP address or CIDR range`);
      // A mapped address in a policy hides an IPv4 range from its reader; the same address in a request counts as IPv4.
      return range.mapped ? bad(`${JSON.stringify(value)} is an IPv4 address in IPv6 form: write it as IPv4`) : undefined;
    }
    case 'Arn':
      return isArnPattern(value) ? undefined : bad(`${JSON.stringify(value)} is no ARN`);
    case 'Binary':
      return /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? undefined : bad(`${JSON.stringify(value)} is not base64`);
    case 'String':
    case 'StringIgnoreCase':
    case 'StringLike':
      return undefined;
    default:
      return operator.family satisfies never;
  }
}

function isArnPattern(value: string): boolean {
  if (/^\*+$/.test(value) || value.startsWith('${')) return true;
  const colons = value.replace(/\$\{[^}]*\}/g, '').split(':').length - 1;
  return colons >= ARN_COLONS_MIN && /^(arn|[*?arn]*[*?][*?arn]*):/.test(value);
}
