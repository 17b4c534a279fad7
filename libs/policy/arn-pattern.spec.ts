import { describe, expect, it } from '@jest/globals';
import { Arn } from './arn.ts';
import { compileArnPattern } from './arn-pattern.ts';
import { RequestContext } from './request.ts';

const matches = (pattern: string, arn: string, context: Readonly<Record<string, string>> = {}, variables = true): boolean =>
  compileArnPattern(pattern, variables).matches(new Arn(arn), RequestContext.of(context));

describe('A pattern of ARNs', () => {
  it.each([
    ['*', 'arn:aws:s3:::b', true],
    ['*', '*', true],
    ['**', 'not an arn', true],
    ['arn:aws:s3:::b', 'arn:aws:s3:::b', true],
    ['arn:aws:s3:::b', 'arn:aws:s3:::B', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/x/y\nz', true],
    ['arn:aws:s3:::b*x?', 'arn:aws:s3:::b/1/x😀', true],
    ['arn:aws:iam::111122223333:user/bob', 'arn:aws:iam::111122223333:user/bobby', false],
    ['arn:aws:iam::*:user/x*', 'arn:aws:iam::1:user/x/y', true],
    ['arn:aws:iam::*:user/x*', 'arn:aws:iam::1:2:user/x', false],
    ['arn:aws:iam::*', 'arn:aws:iam::1:user/x', false],
    ['arn:*', 'arn:aws:iam::1:user/x', false],
    ['arn:aws:sns:*:*:topic:*', 'arn:aws:sns:eu-west-1:1:topic:a:b', true],
    ['arn:aws:s?s:eu-*-1:1:q', 'arn:aws:sqs:eu-west-1:1:q', true],
    ['arn:aws:s?s:eu-*-1:1:q', 'arn:aws:sqs:eu-west-2:1:q', false],
    ['arn:aws:*:*:*:*', '*', false],
    ['arn:aws:s3:::*', 'arn:aws:s3:eu-west-1:1:accesspoint/x', false],
  ])('%j against %j: %s', (pattern, arn, expected) => {
    expect(matches(pattern, arn)).toBe(expected);
  });

  it.each([
    ['arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/Bob/x', { 'aws:username': 'Bob' }, true],
    ['arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/Al/x', { 'aws:username': '*' }, false],
    ['arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/*/x', { 'aws:username': '*' }, true],
    ['arn:aws:s3:::home/${aws:username}', 'arn:aws:s3:::home/Bobby', { 'aws:username': 'Bob' }, false],
    ['arn:aws:s3:::home/*/${aws:username}', 'arn:aws:s3:::home/x/Bob', { 'aws:username': 'Bob' }, true],
    ['arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home//x', {}, false],
    ["arn:aws:s3:::home/${aws:username, 'guest'}/*", 'arn:aws:s3:::home/guest/x', {}, true],
    ['arn:aws:sqs:*:${aws:PrincipalAccount}:q', 'arn:aws:sqs:eu-west-1:1:q', { 'aws:PrincipalAccount': '1' }, true],
    ['arn:aws:sqs:x:${a:b}:q', 'arn:aws:sqs:x:1:2:q', { 'a:b': '1:2' }, false],
    ['arn:aws:sqs:x:1:${a:b}', 'arn:aws:sqs:x:1:2:q', { 'a:b': '2:q' }, true],
    ['${aws:PrincipalArn}', 'arn:aws:iam::1:user/x', { 'aws:PrincipalArn': 'arn:aws:iam::1:user/x' }, true],
    ['arn:aws:s3:::a/${*}', 'arn:aws:s3:::a/b', {}, false],
    ['arn:aws:s3:::a/${*}', 'arn:aws:s3:::a/*', {}, true],
    ['arn:aws:s3:::a/${}', 'arn:aws:s3:::a/${}', {}, false],
  ])('%j against %j with %j: %s', (pattern, arn, context, expected) => {
    expect(matches(pattern, arn, context as Readonly<Record<string, string>>)).toBe(expected);
  });

  it('takes a variable for plain text in a policy of 2008', () => {
    const context = { 'aws:username': 'Bob' };
    expect(matches('arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/Bob/x', context, false)).toBe(false);
    expect(matches('arn:aws:s3:::home/${aws:username}/*', 'arn:aws:s3:::home/${aws:username}/x', context, false)).toBe(true);
  });

  it('may have as many wildcards as a document has room for', () => {
    expect(matches(`arn:aws:s3:::${'*a'.repeat(200_000)}`, 'arn:aws:s3:::a')).toBe(false);
    expect(matches(`arn:aws:s3:::${'a?'.repeat(60_000)}`, 'arn:aws:s3:::a')).toBe(false);
  });

  it('says whether its variables have values', () => {
    const pattern = compileArnPattern('arn:aws:s3:::home/${aws:username}/*', true);
    expect(pattern.isResolvable(RequestContext.of({ 'aws:username': 'Bob' }))).toBe(true);
    expect(pattern.isResolvable(new RequestContext())).toBe(false);
    expect(compileArnPattern('arn:aws:s3:::a/${', true).isResolvable(new RequestContext())).toBe(false);
  });
});
