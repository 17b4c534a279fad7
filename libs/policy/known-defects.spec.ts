import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.ts';
import type { Outcome } from './layers.ts';
import { parsePolicy } from './parse-policy.ts';
import { compilePolicy } from './compiled-policy.ts';
import { RequestContext } from './request.ts';

/** Cases in which engines that are in use answer wrongly, most of them with an allow. */
const ACCOUNT = '111122223333';

interface Asked {
  readonly action?: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

function outcome(statements: readonly object[], { action = 's3:GetObject', resource, context = {} }: Asked, version = '2012-10-17'): Outcome {
  const policy = compilePolicy(parsePolicy(JSON.stringify({ Version: version, Statement: statements }), 'identity'));
  const principal = { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/Bob`, accountId: ACCOUNT, partition: 'aws' } as const;
  return decide(
    { principal, action, resource, resourceAccountId: ACCOUNT, context: RequestContext.of(context) },
    { identity: [{ id: 'p', policy }] },
  );
}

const allow = (Resource: string | string[], Condition = {}): object => ({ Effect: 'Allow', Action: '*', Resource, Condition });
const deny = (Resource: string | string[], Condition = {}): object => ({ Effect: 'Deny', Action: '*', Resource, Condition });

describe('Where other engines are wrong', () => {
  it('a deny with a star reaches over a line break in the name', () => {
    expect(outcome([allow('*'), deny('arn:aws:s3:::b/secret*')], { resource: 'arn:aws:s3:::b/secret\nx' })).toBe('ExplicitlyDenied');
  });

  it('a misspelt negation is refused when the document is stored, not taken for true', () => {
    expect(() => outcome([allow('*', { StringNotEqualz: { 'aws:username': 'x' } })], { resource: 'arn:aws:s3:::b' })).toThrow(
      'Syntax errors in policy.',
    );
  });

  it.each(['2008-10-17', undefined])('variables are plain text in a policy of version %s', (version) => {
    const asked = { resource: 'arn:aws:s3:::home/Bob', context: { 'aws:username': 'Bob' } };
    const statements = [allow('arn:aws:s3:::home/${aws:username}')];
    const policy = compilePolicy(parsePolicy(JSON.stringify({ Version: version, Statement: statements }), 'identity'));
    expect(policy.document.version).toBe('2008-10-17');
    expect(outcome(statements, asked, '2008-10-17')).toBe('ImplicitlyDenied');
    expect(outcome(statements, asked)).toBe('Allowed');
  });

  it('a date of the epoch counts seconds', () => {
    const before2030 = [allow('*', { DateLessThan: { 'aws:CurrentTime': '1893456000' } })];
    expect(outcome(before2030, { resource: '*', context: { 'aws:CurrentTime': '2026-06-01T00:00:00Z' } })).toBe('Allowed');
    expect(outcome(before2030, { resource: '*', context: { 'aws:CurrentTime': '2030-06-01T00:00:00Z' } })).toBe('ImplicitlyDenied');
  });

  it('escaped wildcards are resolved in plain comparisons', () => {
    const starred = [allow('*', { StringEquals: { 's3:prefix': '${*}${?}${$}' } })];
    expect(outcome(starred, { resource: '*', context: { 's3:prefix': '*?$' } })).toBe('Allowed');
  });

  it('a question mark is one character, not half of one', () => {
    expect(outcome([allow('arn:aws:s3:::b/?')], { resource: 'arn:aws:s3:::b/😀' })).toBe('Allowed');
    expect(outcome([allow('arn:aws:s3:::b/??')], { resource: 'arn:aws:s3:::b/😀' })).toBe('ImplicitlyDenied');
  });

  it('a role without a trust policy is assumed by nobody', () => {
    expect(outcome([allow('*')], { action: 'sts:AssumeRole', resource: `arn:aws:iam::${ACCOUNT}:role/r` })).toBe('ImplicitlyDenied');
  });

  it('a user called * owns one home, not all', () => {
    const homes = [allow('arn:aws:s3:::home/${aws:username}/*')];
    expect(outcome(homes, { resource: 'arn:aws:s3:::home/Alice/x', context: { 'aws:username': '*' } })).toBe('ImplicitlyDenied');
    expect(outcome(homes, { resource: 'arn:aws:s3:::home/*/x', context: { 'aws:username': '*' } })).toBe('Allowed');
  });

  it('the objects of a bucket are not the bucket', () => {
    expect(outcome([allow('arn:aws:s3:::b/*')], { resource: 'arn:aws:s3:::b' })).toBe('ImplicitlyDenied');
  });

  it('a name is not matched by its beginning', () => {
    expect(outcome([allow(`arn:aws:iam::${ACCOUNT}:user/bob`)], { resource: `arn:aws:iam::${ACCOUNT}:user/bobby` })).toBe('ImplicitlyDenied');
  });

  it('the same action in another context is judged anew', () => {
    const inside = [allow('*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })];
    expect(outcome(inside, { resource: '*', context: { 'aws:SourceIp': '10.0.0.1' } })).toBe('Allowed');
    expect(outcome(inside, { resource: '*', context: { 'aws:SourceIp': '192.0.2.1' } })).toBe('ImplicitlyDenied');
  });

  it.each([
    ['thirty stars', `arn:aws:s3:::${'*a'.repeat(30)}*b`, 'a'],
    ['stars and question marks', `arn:aws:s3:::${'*a?a'.repeat(30)}*b`, 'a'],
  ])('a pattern of %s does not hold up a decision', (_name, pattern, letter) => {
    expect(outcome([allow(pattern)], { resource: `arn:aws:s3:::${letter.repeat(2000)}` })).toBe('ImplicitlyDenied');
  });

  it('a qualifier is spelt as AWS spells it', () => {
    expect(() => outcome([allow('*', { 'ForAnyValues:StringEquals': { 'aws:TagKeys': 'x' } })], { resource: '*' })).toThrow(
      'Syntax errors in policy.',
    );
    const any = [allow('*', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'x' } })];
    expect(outcome(any, { resource: '*', context: { 'aws:TagKeys': ['y', 'x'] } })).toBe('Allowed');
  });
});
