import { describe, expect, it } from '@jest/globals';
import { compileCondition } from './condition.ts';
import type { Effect } from './document.ts';
import { baseOperatorNames, conditionOperator } from './operators.ts';
import { RequestContext } from './request.ts';

type Context = Readonly<Record<string, string | readonly string[]>>;

function holds(
  name: string,
  key: string,
  values: string | readonly string[],
  context: Context,
  options: { effect?: Effect; version?: string } = {},
): boolean {
  const operator = conditionOperator(name);
  if (operator === undefined) throw new Error(`${name} is no operator`);
  const position = { line: 1, column: 1 };
  const texts = typeof values === 'string' ? [values] : values;
  const entry = { operator, operatorPosition: position, key, keyPosition: position, values: texts.map((value) => ({ value, position })) };
  return compileCondition(entry, options.effect ?? 'Allow', options.version !== '2008-10-17').holds(RequestContext.of(context));
}

describe('An operator', () => {
  it.each<[string, string | string[], string, boolean]>([
    ['StringEquals', 'Bob', 'Bob', true],
    ['StringEquals', 'Bob', 'bob', false],
    ['StringEquals', 'B*', 'Bob', false],
    ['StringEquals', ['x', 'Bob'], 'Bob', true],
    ['StringEquals', ['1', '2', '3', '4', '5', '6', '7', '8'], '8', true],
    ['StringEquals', '', '', true],
    ['StringNotEquals', ['x', 'y'], 'y', false],
    ['StringNotEquals', ['x', 'y'], 'z', true],
    ['StringEqualsIgnoreCase', 'BOB', 'bob', true],
    ['StringNotEqualsIgnoreCase', 'BOB', 'bob', false],
    ['StringLike', 'B?b*', 'Bobby', true],
    ['StringLike', 'B?b*', 'bobby', false],
    ['StringLike', 'a*', 'a\nb', true],
    ['StringNotLike', ['a*', 'b*'], 'bc', false],
    ['NumericEquals', '10', '10.0', true],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '10', '9', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '9', '10', true],
    ['NumericGreaterThanEquals', ['11', '10'], '10', true],
    ['DateEquals', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', true],
    ['DateNotEquals', '2026-01-01T00:00:00Z', '2026-01-01', false],
    ['DateLessThan', '1893456000', '2026-06-01T00:00:00Z', true],
    ['DateLessThan', '2026-01-01T00:00:00Z', '1767225600', false],
    ['DateLessThanEquals', '2026-01-01T00:00:00Z', '1767225600', true],
    ['DateGreaterThan', '2026-01-01T00:00:00Z', '1767225601', true],
    ['DateGreaterThanEquals', '2026-01-02', '2026-01-01', false],
    ['Bool', 'true', 'TRUE', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['BinaryEquals', 'QmluYXI=', 'QmluYXI', true],
    ['BinaryEquals', 'QmluYXJ5', 'qmluYXJ5', false],
    ['IpAddress', ['192.0.2.0/24', '10.0.0.0/8'], '::ffff:10.1.1.1', true],
    ['NotIpAddress', '10.0.0.0/8', '10.1.1.1', false],
    ['NotIpAddress', '10.0.0.0/8', '2001:db8::1', true],
    ['ArnEquals', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/x/y', true],
    ['ArnLike', 'arn:aws:iam::*:role/x', 'arn:aws:iam::1:role/x', true],
    ['ArnLike', 'arn:aws:iam::*:role/x', 'arn:aws:iam::1:2:role/x', false],
    ['ArnLike', 'arn:aws:iam::1:role/x', 'arn:aws:iam::1:role/X', false],
    ['ArnNotEquals', 'arn:aws:s3:::b', 'arn:aws:s3:::c', true],
    ['ArnNotLike', 'arn:aws:s3:::*', 'arn:aws:s3:::c', false],
  ])('%s %j against %j: %s', (name, values, actual, expected) => {
    expect(holds(name, 'a:key', values, { 'a:key': actual })).toBe(expected);
  });

  it.each(baseOperatorNames.filter((name) => name !== 'Null'))(
    '%s is false for a key that is absent, unless it is negated, optional or about all values',
    (name) => {
      const values = name.includes('Arn') ? 'arn:aws:s3:::b' : '1';
      const outcome = (written: string): boolean => holds(written, 'a:key', values, {});
      expect(outcome(name)).toBe(name.includes('Not'));
      expect(outcome(`${name}IfExists`)).toBe(true);
      expect(outcome(`ForAllValues:${name}`)).toBe(true);
      expect(outcome(`ForAnyValue:${name}`)).toBe(false);
      expect(outcome(`ForAnyValue:${name}IfExists`)).toBe(true);
    },
  );

  it('Null asks whether a key is there at all', () => {
    expect(holds('Null', 'a:key', 'true', {})).toBe(true);
    expect(holds('Null', 'a:key', 'true', { 'a:key': '' })).toBe(false);
    expect(holds('Null', 'a:key', 'false', { 'a:key': '' })).toBe(true);
    expect(holds('Null', 'a:key', 'true', { 'a:key': [] })).toBe(true);
  });

  it('is unknown when AWS does not have it', () => {
    for (const name of ['StringEqual', 'stringequals', 'ForSome:Bool', 'NullIfExists', 'StringNotEqualz', 'ForAnyValue::Bool', '', 'constructor']) {
      expect(conditionOperator(name)).toBeUndefined();
    }
  });
});

describe('A key', () => {
  it('is compared without regard to case, its values with it', () => {
    expect(holds('StringEquals', 'AWS:UserName', 'Bob', { 'aws:username': 'Bob' })).toBe(true);
    expect(holds('StringEquals', 'aws:PrincipalTag/Team', 'a', { 'AWS:principaltag/team': 'a' })).toBe(true);
  });

  it('of the prototype of objects is absent like any other', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      expect(holds('StringLike', key, '*', {})).toBe(false);
      expect(holds('Null', key, 'true', {})).toBe(true);
    }
  });
});

describe('Several values of one key', () => {
  const tags = { 'aws:TagKeys': ['team', 'cost'] };

  it('all pass ForAllValues, or one passes ForAnyValue', () => {
    expect(holds('ForAllValues:StringEquals', 'aws:TagKeys', ['team', 'cost', 'other'], tags)).toBe(true);
    expect(holds('ForAllValues:StringEquals', 'aws:TagKeys', ['team'], tags)).toBe(false);
    expect(holds('ForAnyValue:StringEquals', 'aws:TagKeys', ['team'], tags)).toBe(true);
    expect(holds('ForAnyValue:StringEquals', 'aws:TagKeys', ['other'], tags)).toBe(false);
  });

  it('pass a negated operator one by one', () => {
    expect(holds('ForAnyValue:StringNotEquals', 'aws:TagKeys', 'team', tags)).toBe(true);
    expect(holds('ForAllValues:StringNotEquals', 'aws:TagKeys', 'team', tags)).toBe(false);
    expect(holds('ForAllValues:StringNotLike', 'aws:TagKeys', 'x*', tags)).toBe(true);
  });

  it('never satisfy an operator for one value in an Allow, and any of them does in a Deny', () => {
    expect(holds('StringEquals', 'aws:TagKeys', 'team', tags)).toBe(false);
    expect(holds('StringEquals', 'aws:TagKeys', 'team', tags, { effect: 'Deny' })).toBe(true);
    expect(holds('StringNotEquals', 'aws:TagKeys', 'team', tags)).toBe(false);
    expect(holds('StringNotEquals', 'aws:TagKeys', 'team', tags, { effect: 'Deny' })).toBe(true);
  });
});

describe('What cannot be read', () => {
  it.each([
    ['NumericEquals', 'NumericNotEquals', '1', 'one'],
    ['DateEquals', 'DateNotEquals', '2026-01-01', 'soon'],
    ['IpAddress', 'NotIpAddress', '10.0.0.0/8', 'localhost'],
  ])('satisfies neither %s nor %s in an Allow, and the negated one in a Deny', (plain, negated, value, actual) => {
    const context = { 'a:key': actual };
    expect(holds(plain, 'a:key', value, context)).toBe(false);
    expect(holds(negated, 'a:key', value, context)).toBe(false);
    expect(holds(plain, 'a:key', value, context, { effect: 'Deny' })).toBe(false);
    expect(holds(negated, 'a:key', value, context, { effect: 'Deny' })).toBe(true);
  });
});

describe('A variable in a condition', () => {
  const same = (values: string | string[], context: Context, name = 'StringEquals', options = {}): boolean =>
    holds(name, 's3:prefix', values, context, options);

  it('stands for the value of its key, as text', () => {
    expect(same('${aws:username}', { 's3:prefix': 'Bob', 'aws:username': 'Bob' })).toBe(true);
    expect(same('${AWS:UserName}/', { 's3:prefix': 'Bob/', 'aws:username': 'Bob' })).toBe(true);
    expect(same('${aws:username}', { 's3:prefix': 'anything', 'aws:username': '*' }, 'StringLike')).toBe(false);
    expect(same('${aws:username}', { 's3:prefix': 'B', 'aws:username': '?' }, 'StringLike')).toBe(false);
    expect(same('${aws:username}', { 's3:prefix': 'x', 'aws:username': '${s3:prefix}' })).toBe(false);
  });

  it('without a value matches nothing, or its default', () => {
    expect(same('${aws:nokey}', { 's3:prefix': 'x' })).toBe(false);
    expect(same("${aws:nokey, 'x'}", { 's3:prefix': 'x' })).toBe(true);
    expect(same("${aws:nokey,'*'}", { 's3:prefix': 'x' }, 'StringLike')).toBe(false);
    expect(same("${aws:username, 'x'}", { 's3:prefix': 'x', 'aws:username': 'y' })).toBe(false);
  });

  it('without a value makes a negated operator false in an Allow and true in a Deny', () => {
    expect(same('${aws:nokey}', { 's3:prefix': 'x' }, 'StringNotEquals')).toBe(false);
    expect(same('${aws:nokey}', { 's3:prefix': 'x' }, 'StringNotEquals', { effect: 'Deny' })).toBe(true);
    expect(same('${aws:nokey}*', { 's3:prefix': 'x' }, 'StringNotLike')).toBe(false);
    expect(holds('ArnNotEquals', 'a:arn', 'arn:aws:iam::1:user/${aws:nokey}', { 'a:arn': 'arn:aws:iam::1:user/x' })).toBe(false);
  });

  it.each(['${', '${}', '${ }', '${aws:username', '${a b}', '${aws:username,}'])('%j is none, and matches nothing', (value) => {
    expect(same(value, { 's3:prefix': value, 'aws:username': 'Bob' })).toBe(false);
    expect(same(value, { 's3:prefix': value }, 'StringLike')).toBe(false);
  });

  it('spells *, ? and $ as themselves', () => {
    for (const operator of ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase']) {
      expect(same('a${*}b', { 's3:prefix': 'a*b' }, operator)).toBe(true);
      expect(same('a${?}b', { 's3:prefix': 'a?b' }, operator)).toBe(true);
      expect(same('${$}{x}', { 's3:prefix': '${x}' }, operator)).toBe(true);
      expect(same('a${*}b', { 's3:prefix': 'axb' }, operator)).toBe(false);
    }
  });

  it('is plain text in a policy of 2008', () => {
    const options = { version: '2008-10-17' };
    expect(same('${aws:username}', { 's3:prefix': 'Bob', 'aws:username': 'Bob' }, 'StringEquals', options)).toBe(false);
    expect(same('${aws:username}', { 's3:prefix': '${aws:username}' }, 'StringEquals', options)).toBe(true);
  });

  it('has no one value where its key has several', () => {
    expect(same('${aws:TagKeys}', { 's3:prefix': 'a', 'aws:TagKeys': ['a', 'b'] })).toBe(false);
  });
});
