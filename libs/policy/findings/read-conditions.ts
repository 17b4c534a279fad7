import type { JsonMember, JsonNode } from '../json-reader.ts';
import { baseOperatorNames, conditionOperator, type ConditionOperator } from '../operators.ts';
import type { PathElement } from './finding.ts';
import { didYouMean, nearest } from './nearest.ts';
import type { ConditionDraft, ConditionValueDraft } from './policy-draft.ts';
import { article, keyPlace, placeOf, type Reading } from './reading.ts';
import { quoted } from './report.ts';

/** Reads a `Condition` element: what is wrong with its operators and its form is told, what is right is handed on. */
export function readConditionDrafts(node: JsonNode, path: readonly PathElement[], reading: Reading): ConditionDraft[] {
  const { report } = reading;
  if (node.type !== 'object') {
    report.add('DATA_TYPE_MISMATCH', `Condition is an object, not ${article(node.type)}.`, placeOf(node, path));
    return [];
  }
  if (node.members.length === 0)
    report.add('EMPTY_OBJECT_CONDITION', 'The Condition is empty and says nothing: leave it out, or say what must hold.', placeOf(node, path));
  return node.members.flatMap((member) => readOperator(member, path, reading));
}

function readOperator(member: JsonMember, path: readonly PathElement[], reading: Reading): ConditionDraft[] {
  const { report, text } = reading;
  const place = keyPlace(member, path, text);
  const inside = [...path, { value: member.key }];
  const operands = member.value;
  const operator = conditionOperator(member.key);
  if (operator === undefined) {
    if (/^(?:ForA(?:ll|ny)Values?:)?NullIfExists$/.test(member.key))
      report.add('NULL_WITH_IF_EXISTS', 'Null asks whether a key is there, so IfExists makes no sense with it: write Null.', place);
    else report.add('INVALID_CONDITION_OPERATOR', `${quoted(member.key)} is no condition operator.${didYouMean(nearestOperator(member.key))}`, place);
    return [];
  }
  if (operands.type !== 'object') {
    report.add(
      'DATA_TYPE_MISMATCH',
      `An object of condition keys is expected under ${member.key}, not ${article(operands.type)}.`,
      placeOf(operands, inside),
    );
    return [];
  }
  if (operands.members.length === 0)
    report.add('EMPTY_OBJECT_CONDITION', `Nothing stands under ${member.key}, so it says nothing.`, placeOf(operands, inside));
  if (operator.family === 'Null' && operator.quantifier !== undefined) {
    const answer = operator.quantifier === 'ForAllValues' ? 'always true' : 'always false';
    report.add('NULL_WITH_QUALIFIER', `${member.key} is ${answer}: write Null without a qualifier.`, place);
  }
  checkSpellings(operands.members, inside, reading);
  return operands.members.map((operand) => readKey(operand, { operator, operatorPlace: place }, inside, reading));
}

/** Keys are compared without regard to case, so one key must not be spelt in two ways in one place. */
function checkSpellings(members: readonly JsonMember[], path: readonly PathElement[], { report, text }: Reading): void {
  const bySpelling = Map.groupBy(members, ({ key }) => key.toLowerCase());
  for (const same of bySpelling.values()) {
    if (same.length < 2) continue;
    report.add(
      'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
      `${same.map(({ key }) => quoted(key)).join(' and ')} are the same condition key: put their values into one list.`,
      ...same.map((member) => keyPlace(member, path, text)),
    );
  }
}

function readKey(
  member: JsonMember,
  under: Pick<ConditionDraft, 'operator' | 'operatorPlace'>,
  path: readonly PathElement[],
  reading: Reading,
): ConditionDraft {
  const inside = [...path, { value: member.key }];
  const { value: node } = member;
  const items = node.type === 'array' ? node.items : [node];
  if (items.length === 0) reportEmpty(under.operator, member, path, reading);
  const values = items.flatMap((item, index) => readValue(item, node.type === 'array' ? [...inside, { index }] : inside, reading) ?? []);
  const types = new Set(values.map(({ jsonType }) => jsonType));
  if (types.size > 1)
    reading.report.add(
      'INVALID_CONDITION_DATA_TYPE',
      `The values of ${member.key} are of several JSON types (${[...types].join(', ')}): use one.`,
      placeOf(node, inside),
    );
  return { ...under, key: member.key, keyPlace: keyPlace(member, path, reading.text), values };
}

function reportEmpty({ quantifier, ifExists }: ConditionOperator, member: JsonMember, path: readonly PathElement[], { report }: Reading): void {
  const place = placeOf(member.value, [...path, { value: member.key }]);
  if (quantifier === 'ForAllValues')
    report.add(
      'EMPTY_ARRAY_CONDITION_FORALLVALUES',
      `An empty list under ForAllValues holds only where ${member.key} is absent: say so with Null.`,
      place,
    );
  else if (quantifier === 'ForAnyValue')
    report.add('EMPTY_ARRAY_CONDITION_FORANYVALUE', `An empty list under ForAnyValue never holds, so the statement never applies.`, place);
  else if (ifExists)
    report.add('EMPTY_ARRAY_CONDITION_IFEXISTS', `An empty list under IfExists holds only where ${member.key} is absent: say so with Null.`, place);
  else report.add('EMPTY_ARRAY_CONDITION', `${member.key} is compared with nothing: leave it out, or give values.`, place);
}

function readValue(node: JsonNode, path: readonly PathElement[], { report }: Reading): ConditionValueDraft | undefined {
  const place = placeOf(node, path);
  switch (node.type) {
    case 'string':
      return { value: node.value, jsonType: 'string', ...place };
    case 'number':
      return { value: node.spelling, jsonType: 'number', ...place };
    case 'boolean':
      return { value: String(node.value), jsonType: 'boolean', ...place };
    default:
      report.add('DATA_TYPE_MISMATCH', `A condition compares with strings, numbers and booleans, not with ${article(node.type)}.`, place);
      return undefined;
  }
}

const affixed = /^(?:(.*):)?(.*?)(IfExists)?$/i;

function nearestOperator(name: string): string | undefined {
  const [, quantifier = '', base = '', suffix = ''] = affixed.exec(name) ?? [];
  const knownQuantifier = quantifier === '' ? '' : nearest(quantifier, ['ForAllValues', 'ForAnyValue']);
  const knownBase = nearest(base, baseOperatorNames);
  if (knownQuantifier === undefined || knownBase === undefined) return undefined;
  return `${knownQuantifier === '' ? '' : `${knownQuantifier}:`}${knownBase}${suffix === '' || knownBase === 'Null' ? '' : 'IfExists'}`;
}
