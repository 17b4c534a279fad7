import {
  conditionKeyOf,
  globalKeyNames,
  isKeyNamed,
  keysOf,
  serviceOf,
  servicePrefixes,
  type CatalogueAction,
  type CatalogueKey,
} from '../catalogue/catalogue.ts';
import type { ConditionOperator, OperatorFamily } from '../operators.ts';
import type { ConditionDraft, StatementDraft } from './policy-draft.ts';
import { quoted } from './report.ts';
import type { Scope } from './scope.ts';

/** Keys that mean little alone, and those of which one should stand beside them. */
const pairs: ReadonlyMap<string, readonly string[]> = new Map([['aws:vpcsourceip', ['aws:SourceVpc', 'aws:SourceVpce', 'aws:SourceVpcArn']]]);

/** Condition keys: whether they exist, whether the actions bring them, and whether they are compared as what they are. */
export function checkConditionKeys(statement: StatementDraft, scope: Scope): void {
  const actions = statement.conditions.length === 0 ? undefined : knownActions(statement, scope);
  for (const condition of statement.conditions) {
    const key = findKey(condition, scope);
    if (key === undefined) continue;
    checkType(condition, key, scope);
    checkQuantifier(condition, key, statement, scope);
    checkActionsBring(condition, key, actions, statement, scope);
  }
  checkPairs(statement, scope);
}

interface KnownActions {
  /** Every key that one of them has, in lower case, by the service of the action. */
  readonly keysByService: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The actions of a statement where all are known and named; undefined where that says nothing about its keys. */
function knownActions({ actions }: StatementDraft, scope: Scope): KnownActions | undefined {
  if (actions === undefined || actions.negated || actions.values.length === 0) return undefined;
  const lists = actions.values.map(({ value }) => (/[*?]/.test(value.split(':')[0] ?? '') ? [] : scope.actionsOf(value)));
  if (lists.some((list) => list.length === 0)) return undefined;
  const byService = Map.groupBy(new Set(lists.flat()), ({ service }) => service);
  return {
    keysByService: new Map(
      [...byService].map(([service, ofService]) => [
        service,
        new Set(ofService.flatMap((action: CatalogueAction) => [...keysOf(action)].map((key) => key.toLowerCase()))),
      ]),
    ),
  };
}

function findKey({ key, keyPlace }: ConditionDraft, { report, isOwnService }: Scope): CatalogueKey | undefined {
  const colon = key.indexOf(':');
  if (colon <= 0 || colon === key.length - 1) {
    report.add('INVALID_CONDITION_KEY_FORMAT', `${quoted(key)} is no condition key: it is service:Name, or aws:Name for a global one.`, keyPlace);
    return undefined;
  }
  if (/^aws:(RequestTag|ResourceTag|PrincipalTag)\/?$/i.test(key)) {
    report.add('MISSING_TAG_KEY_IN_CONDITION', `${quoted(key)} names no tag: write ${key.replace(/\/$/, '')}/ and the key of the tag.`, keyPlace);
    return undefined;
  }
  const found = conditionKeyOf(key);
  const prefix = key.slice(0, colon);
  // Identity providers are known by their domains; what keys they have is their own business.
  if (found !== undefined || isOwnService(prefix) || prefix.includes('.')) return found;
  if (prefix.toLowerCase() === 'aws') {
    report.add(
      'INVALID_GLOBAL_CONDITION_KEY',
      `There is no global condition key ${quoted(key)}.${report.suggestion(key, globalKeyNames())}`,
      keyPlace,
    );
  } else {
    const service = serviceOf(prefix);
    const suggestion =
      service === undefined
        ? report.suggestion(prefix, [...servicePrefixes(), 'aws'])
        : report.suggestion(
            key,
            service.keys.map((known) => known.key),
          );
    const told =
      service === undefined
        ? `There is no service ${quoted(prefix)} whose key ${quoted(key)} could be.`
        : `${service.name} has no condition key ${quoted(key)}.`;
    report.add('INVALID_SERVICE_CONDITION_KEY', `${told}${suggestion}`, keyPlace);
  }
  return undefined;
}

/** Operators that fit a type of the catalogue; `Null` fits all. */
const familiesOf: Readonly<Record<string, readonly OperatorFamily[]>> = {
  String: ['String', 'StringIgnoreCase', 'StringLike'],
  ARN: ['Arn', 'String', 'StringIgnoreCase', 'StringLike'],
  Bool: ['Bool'],
  Numeric: ['Numeric'],
  // AWS gives the moment as ISO date and as seconds; numbers compare with the latter.
  Date: ['Date', 'Numeric'],
  IPAddress: ['IpAddress'],
};

function checkType({ operator, operatorPlace, keyPlace }: ConditionDraft, { key, type }: CatalogueKey, { report }: Scope): void {
  const element = type.replace(/^ArrayOf/, '');
  const fitting = familiesOf[element];
  if (operator.family === 'Null' || operator.family === 'Binary' || fitting === undefined) return;
  if (!fitting.includes(operator.family)) {
    report.add(
      'TYPE_MISMATCH',
      `${key} is of type ${type}, which ${operator.name} does not compare: use ${operatorsFor(element)}.`,
      operatorPlace,
      keyPlace,
    );
  } else if (element === 'ARN' && operator.family !== 'Arn') {
    report.add(
      'ARN_KEY_WITH_STRING_OPERATOR',
      `${key} is an ARN: ${operator.negated ? 'ArnNotLike' : 'ArnLike'} compares it part by part, so that a wildcard can not reach into another account.`,
      operatorPlace,
      keyPlace,
    );
  }
}

function operatorsFor(element: string): string {
  return (
    {
      String: 'StringEquals or StringLike',
      ARN: 'ArnLike',
      Bool: 'Bool',
      Numeric: 'a numeric operator',
      Date: 'a date operator',
      IPAddress: 'IpAddress or NotIpAddress',
    }[element] ?? element
  );
}

function checkQuantifier(
  { operator, operatorPlace, key, keyPlace }: ConditionDraft,
  known: CatalogueKey,
  statement: StatementDraft,
  { report }: Scope,
): void {
  const isMultivalued = known.type.startsWith('ArrayOf');
  const { quantifier } = operator;
  if (operator.family === 'Null') return;
  if (quantifier === undefined) {
    if (isMultivalued)
      report.add('MISSING_QUALIFIER', `${known.key} can have several values in a request: say ForAnyValue or ForAllValues.`, operatorPlace, keyPlace);
    return;
  }
  if (quantifier !== 'ForAllValues' || statement.effect !== 'Allow') return;
  if (!isMultivalued) {
    report.add(
      'FORALLVALUES_WITH_SINGLE_VALUED_KEY',
      `${known.key} has one value, and ForAllValues also holds where it is absent: leave ForAllValues out.`,
      operatorPlace,
      keyPlace,
    );
  } else if (!operator.ifExists && !statement.conditions.some((other) => isNullFalse(other, key))) {
    report.add(
      'FORALLVALUES_WITHOUT_NULL_CHECK',
      `ForAllValues also holds where ${known.key} is absent: add "Null": { "${known.key}": "false" }.`,
      operatorPlace,
      keyPlace,
    );
  }
}

function isNullFalse({ operator, key, values }: ConditionDraft, wanted: string): boolean {
  return operator.family === 'Null' && key.toLowerCase() === wanted.toLowerCase() && values.every(({ value }) => value === 'false');
}

/** A key that no action of the statement brings is never in a request. */
function checkActionsBring(
  { key, keyPlace, operator }: ConditionDraft,
  known: CatalogueKey,
  actions: KnownActions | undefined,
  statement: StatementDraft,
  scope: Scope,
): void {
  const lower = key.toLowerCase();
  if (lower.startsWith('aws:resourcetag/')) return checkTagKey({ key, keyPlace, operator }, actions, statement, scope);
  if (known.global || actions === undefined || scope.draft.kind === 'trust') return;
  const isTag = lower.startsWith('aws:');
  if (
    isTag ||
    [...actions.keysByService.values()].some(
      (keys) => keys.has(known.key.toLowerCase()) || [...keys].some((own) => own.includes('${') && isKeyNamed(own, lower)),
    )
  )
    return;
  const consequence =
    operator.ifExists || operator.negated || operator.quantifier === 'ForAllValues' ? 'the condition always holds' : 'the condition never holds';
  scope.report.add('CONDITION_KEY_NOT_OF_ACTION', `No action of this statement has the key ${quoted(key)}, so ${consequence}.`, keyPlace);
}

/** `aws:ResourceTag` with services that do not know it: a Deny that does not deny, an Allow that does not allow. */
function checkTagKey(
  { key, keyPlace, operator }: Pick<ConditionDraft, 'key' | 'keyPlace' | 'operator'>,
  actions: KnownActions | undefined,
  statement: StatementDraft,
  { report }: Scope,
): void {
  const { effect } = statement;
  if (operator.ifExists || operator.family === 'Null' || operator.negated) return;
  if (effect === 'Deny' && statement.actions?.negated === true) {
    report.add(
      'DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
      `Services that do not know ${quoted(key)} are not denied by this statement: name the actions.`,
      keyPlace,
    );
  }
  if (actions === undefined) return;
  const without = [...actions.keysByService].filter(([, keys]) => !keys.has('aws:resourcetag/${tagkey}')).map(([service]) => service);
  if (without.length === 0) return;
  const told = `The actions of ${without.join(', ')} in this statement do not bring ${quoted(key)}, so they are not ${effect === 'Deny' ? 'denied' : 'allowed'} by it.`;
  report.add(
    effect === 'Deny' ? 'DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE' : 'ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    told,
    keyPlace,
  );
}

function checkPairs({ conditions, effect }: StatementDraft, { report }: Scope): void {
  if (effect !== 'Allow') return;
  const present = new Set(conditions.map(({ key }) => key.toLowerCase()));
  for (const { key, keyPlace } of conditions) {
    const partners = pairs.get(key.toLowerCase());
    if (partners === undefined || partners.some((partner) => present.has(partner.toLowerCase()))) continue;
    report.add(
      'MISSING_PAIRED_CONDITION_KEYS',
      `${quoted(key)} alone says little, for private addresses exist in every VPC: add ${partners.join(' or ')}.`,
      keyPlace,
    );
  }
}

/** Whether an operator can hold only where its key is in the request. */
export function demandsKey({ family, ifExists, negated, quantifier }: ConditionOperator): boolean {
  return family !== 'Null' && !ifExists && !negated && quantifier !== 'ForAllValues';
}
