/** How the values of a condition are compared. */
export type OperatorFamily = 'String' | 'StringIgnoreCase' | 'StringLike' | 'Numeric' | 'Date' | 'Bool' | 'Binary' | 'IpAddress' | 'Arn' | 'Null';
export type Comparison = 'equals' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual';
export type Quantifier = 'ForAllValues' | 'ForAnyValue';

/** A condition operator as AWS's page "IAM JSON policy elements: Condition operators" lists them, taken apart. */
export interface ConditionOperator {
  /** As written, with qualifier and suffix. */
  readonly name: string;
  readonly family: OperatorFamily;
  readonly comparison: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly quantifier?: Quantifier | undefined;
}

type BaseOperator = readonly [OperatorFamily, Comparison, boolean];

const BASE_OPERATORS: ReadonlyMap<string, BaseOperator> = new Map<string, BaseOperator>([
  ['StringEquals', ['String', 'equals', false]],
  ['StringNotEquals', ['String', 'equals', true]],
  ['StringEqualsIgnoreCase', ['StringIgnoreCase', 'equals', false]],
  ['StringNotEqualsIgnoreCase', ['StringIgnoreCase', 'equals', true]],
  ['StringLike', ['StringLike', 'equals', false]],
  ['StringNotLike', ['StringLike', 'equals', true]],
  ['NumericEquals', ['Numeric', 'equals', false]],
  ['NumericNotEquals', ['Numeric', 'equals', true]],
  ['NumericLessThan', ['Numeric', 'less', false]],
  ['NumericLessThanEquals', ['Numeric', 'lessOrEqual', false]],
  ['NumericGreaterThan', ['Numeric', 'greater', false]],
  ['NumericGreaterThanEquals', ['Numeric', 'greaterOrEqual', false]],
  ['DateEquals', ['Date', 'equals', false]],
  ['DateNotEquals', ['Date', 'equals', true]],
  ['DateLessThan', ['Date', 'less', false]],
  ['DateLessThanEquals', ['Date', 'lessOrEqual', false]],
  ['DateGreaterThan', ['Date', 'greater', false]],
  ['DateGreaterThanEquals', ['Date', 'greaterOrEqual', false]],
  ['Bool', ['Bool', 'equals', false]],
  ['BinaryEquals', ['Binary', 'equals', false]],
  ['IpAddress', ['IpAddress', 'equals', false]],
  ['NotIpAddress', ['IpAddress', 'equals', true]],
  ['ArnEquals', ['Arn', 'equals', false]],
  ['ArnLike', ['Arn', 'equals', false]],
  ['ArnNotEquals', ['Arn', 'equals', true]],
  ['ArnNotLike', ['Arn', 'equals', true]],
  ['Null', ['Null', 'equals', false]],
]);

const QUALIFIED = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/** Takes an operator's name apart, or answers undefined for a name AWS does not know. `Null` takes no `IfExists`. */
export function conditionOperator(name: string): ConditionOperator | undefined {
  const parts = QUALIFIED.exec(name);
  const base = parts?.[2] === undefined ? undefined : BASE_OPERATORS.get(parts[2]);
  if (parts === null || base === undefined) return undefined;
  const [family, comparison, negated] = base;
  const ifExists = parts[3] !== undefined;
  if (family === 'Null' && ifExists) return undefined;
  const quantifier = parts[1] as Quantifier | undefined;
  return { name, family, comparison, negated, ifExists, quantifier };
}

/** Every operator without qualifier and suffix, for messages and tests. */
export const baseOperatorNames: readonly string[] = [...BASE_OPERATORS.keys()];

/** Whether the family's values may hold `${…}`: AWS substitutes only in strings and ARNs. */
export function takesVariables(family: OperatorFamily): boolean {
  return family === 'String' || family === 'StringIgnoreCase' || family === 'StringLike' || family === 'Arn';
}
