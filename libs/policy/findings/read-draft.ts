import type { Effect, PrincipalType } from '../document.ts';
import type { JsonMember, JsonNode } from '../json-reader.ts';
import type { PathElement } from './finding.ts';
import { nearest, didYouMean } from './nearest.ts';
import type { ListDraft, PolicyDraft, PrincipalsDraft, StatementDraft, TextDraft } from './policy-draft.ts';
import { readConditionDrafts } from './read-conditions.ts';
import { article, keyPlace, placeOf, type Reading } from './reading.ts';
import { quoted } from './report.ts';

const documentElements = ['Version', 'Id', 'Statement'];
const statementElements = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];
const principalTypes = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** Understands as much of a document as there is to understand; the rest is told in the report. Undefined where it is no object. */
export function readDraft(root: JsonNode, reading: Reading): PolicyDraft | undefined {
  const { report, text, kind } = reading;
  const place = placeOf(root, []);
  const members = readMembers(root, documentElements, 'document', [], reading);
  if (members === undefined) return undefined;
  const version = members.get('Version');
  const id = members.get('Id');
  if (id !== undefined) readText(id.value, [{ value: 'Id' }], reading);
  const statement = members.get('Statement');
  if (statement === undefined) report.add('MISSING_STATEMENT', 'The document has no Statement: a policy needs at least one.', place);
  const nodes = statement === undefined ? [] : statement.value.type === 'array' ? statement.value.items : [statement.value];
  if (statement !== undefined && nodes.length === 0)
    report.add('MISSING_STATEMENT', 'Statement is empty: a policy needs at least one.', placeOf(statement.value, [{ value: 'Statement' }]));
  const statements = nodes.flatMap((node, index) => {
    const path: PathElement[] = statement?.value.type === 'array' ? [{ value: 'Statement' }, { index }] : [{ value: 'Statement' }];
    return readStatement(node, index, path, reading) ?? [];
  });
  return { text, kind, version: version === undefined ? undefined : readText(version.value, [{ value: 'Version' }], reading), statements, place };
}

function readStatement(node: JsonNode, index: number, path: readonly PathElement[], reading: Reading): StatementDraft | undefined {
  const members = readMembers(node, statementElements, 'statement', path, reading);
  if (members === undefined) return undefined;
  const sid = members.get('Sid');
  const condition = members.get('Condition');
  return {
    index,
    place: placeOf(node, path),
    sid: sid === undefined ? undefined : readText(sid.value, [...path, { value: 'Sid' }], reading),
    effect: readEffect(members.get('Effect'), node, path, reading),
    actions: readList(members, 'Action', path, reading),
    resources: readList(members, 'Resource', path, reading),
    principals: readPrincipals(members, path, reading),
    conditions: condition === undefined ? [] : readConditionDrafts(condition.value, [...path, { value: 'Condition' }], reading),
    hasCondition: condition !== undefined,
  };
}

function readEffect(member: JsonMember | undefined, statement: JsonNode, path: readonly PathElement[], reading: Reading): Effect | undefined {
  if (member === undefined) {
    reading.report.add('MISSING_EFFECT', 'The statement has no Effect: say Allow or Deny.', placeOf(statement, path));
    return undefined;
  }
  const effect = readText(member.value, [...path, { value: 'Effect' }], reading);
  if (effect === undefined) return undefined;
  if (effect.value === 'Allow' || effect.value === 'Deny') return effect.value;
  reading.report.add('INVALID_EFFECT', `The effect ${quoted(effect.value)} does not exist: say Allow or Deny, in this spelling.`, effect);
  return undefined;
}

function readList(
  members: ReadonlyMap<string, JsonMember>,
  name: 'Action' | 'Resource',
  path: readonly PathElement[],
  reading: Reading,
): ListDraft | undefined {
  const plain = members.get(name);
  const negated = members.get(`Not${name}`);
  if (plain !== undefined && negated !== undefined) {
    const places = [keyPlace(plain, path, reading.text), keyPlace(negated, path, reading.text)];
    reading.report.add('UNSUPPORTED_ELEMENT_COMBINATION', `${name} and Not${name} exclude each other: keep one of them.`, ...places);
  }
  const member = plain ?? negated;
  if (member === undefined) return undefined;
  const place = keyPlace(member, path, reading.text);
  const inside = [...path, { value: member.key }];
  const values = readTexts(member.value, inside, reading);
  const isEmpty = member.value.type === 'array' && member.value.items.length === 0;
  if (isEmpty) {
    const code = name === 'Action' ? 'EMPTY_ARRAY_ACTION' : 'EMPTY_ARRAY_RESOURCE';
    reading.report.add(
      code,
      `${member.key} is an empty list, so the statement is about nothing, and it can not be stored.`,
      placeOf(member.value, inside),
    );
  }
  return { negated: member === negated, place, values };
}

function readPrincipals(members: ReadonlyMap<string, JsonMember>, path: readonly PathElement[], reading: Reading): PrincipalsDraft | undefined {
  const { report, text } = reading;
  const plain = members.get('Principal');
  const negated = members.get('NotPrincipal');
  if (plain !== undefined && negated !== undefined) {
    report.add(
      'UNSUPPORTED_ELEMENT_COMBINATION',
      'Principal and NotPrincipal exclude each other: keep one of them.',
      keyPlace(plain, path, text),
      keyPlace(negated, path, text),
    );
  }
  const member = plain ?? negated;
  if (member === undefined) return undefined;
  const place = keyPlace(member, path, text);
  const inside = [...path, { value: member.key }];
  const draft = { negated: member === negated, place };
  const { value: node } = member;
  if (node.type === 'string') {
    const entry = { type: 'AWS' as const, value: node.value, ...placeOf(node, inside) };
    if (node.value === '*') return { ...draft, everyone: true, entries: [entry] };
    report.add(
      'INVALID_PRINCIPAL_FORMAT',
      `A principal that is plain text can only be "*", not ${quoted(node.value)}: write { "AWS": … }, { "Service": … } or { "Federated": … }.`,
      entry,
    );
    return { ...draft, everyone: false, entries: [] };
  }
  if (node.type !== 'object') {
    report.add('DATA_TYPE_MISMATCH', `${member.key} is "*" or an object, not ${article(node.type)}.`, placeOf(node, inside));
    return { ...draft, everyone: false, entries: [] };
  }
  if (node.members.length === 0)
    report.add(
      'EMPTY_OBJECT_PRINCIPAL',
      `${member.key} names nobody, so the statement is about nobody, and it can not be stored.`,
      placeOf(node, inside),
    );
  const entries = node.members.flatMap((type) => readPrincipalType(type, inside, reading));
  return { ...draft, everyone: false, entries };
}

function readPrincipalType(member: JsonMember, path: readonly PathElement[], reading: Reading): (TextDraft & { readonly type: PrincipalType })[] {
  const { key, value } = member;
  if (!principalTypes.includes(key)) {
    reading.report.add(
      'INVALID_PRINCIPAL_KEY',
      `${quoted(key)} is no type of principal: it is one of ${principalTypes.join(', ')}.${didYouMean(nearest(key, principalTypes))}`,
      keyPlace(member, path, reading.text),
    );
    return [];
  }
  const inside = [...path, { value: key }];
  if (value.type === 'array' && value.items.length === 0)
    reading.report.add('EMPTY_ARRAY_PRINCIPAL', `The list of ${key} principals is empty and can not be stored.`, placeOf(value, inside));
  return readTexts(value, inside, reading).map((entry) => ({ type: key as PrincipalType, ...entry }));
}

/** The members of an object; those that it can not have are told. Undefined for what is no object. */
function readMembers(
  node: JsonNode,
  known: readonly string[],
  what: string,
  path: readonly PathElement[],
  { report, text }: Reading,
): ReadonlyMap<string, JsonMember> | undefined {
  if (node.type !== 'object') {
    report.add('DATA_TYPE_MISMATCH', `A ${what} is an object, not ${article(node.type)}.`, placeOf(node, path));
    return undefined;
  }
  for (const member of node.members) {
    if (known.includes(member.key)) continue;
    report.add(
      'INVALID_POLICY_ELEMENT',
      `A ${what} has no element ${quoted(member.key)}.${didYouMean(nearest(member.key, known))}`,
      keyPlace(member, path, text),
    );
  }
  return new Map(node.members.map((member) => [member.key, member]));
}

function readTexts(node: JsonNode, path: readonly PathElement[], reading: Reading): TextDraft[] {
  if (node.type !== 'array') return [readText(node, path, reading) ?? []].flat();
  return node.items.flatMap((item, index) => readText(item, [...path, { index }], reading) ?? []);
}

function readText(node: JsonNode, path: readonly PathElement[], { report }: Reading): TextDraft | undefined {
  const place = placeOf(node, path);
  if (node.type === 'string') return { value: node.value, ...place };
  report.add('DATA_TYPE_MISMATCH', `A string is expected here, not ${article(node.type)}.`, place);
  return undefined;
}
