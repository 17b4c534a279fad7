import { describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../libs/aws/index.ts';
import { checkPolicyDocument, type DocumentLimits } from './check-document.ts';

function refusal(text: string, limits?: DocumentLimits): string {
  try {
    checkPolicyDocument(text, 'identity', limits);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const statement = (members: string) => `{"Version":"2012-10-17","Statement":[{${members}}]}`;
const valid = statement('"Effect":"Allow","Action":"s3:GetObject","Resource":"*"');

describe('checkPolicyDocument', () => {
  it.each([
    ['nothing but white space', ' '],
    ['an open brace', '{'],
    ['single quotes', "{'a':1}"],
    ['a trailing comma', `${valid.slice(0, -1)},}`],
    ['a comment', `/* x */${valid}`],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"x"'],
    ['an empty object', '{}'],
    ['no statement', '{"Version":"2012-10-17","Statement":null}'],
    ['an empty list of statements', '{"Version":"2012-10-17","Statement":[]}'],
    ['a doubled key', statement('"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"')],
    ['__proto__ as a key', statement('"Effect":"Allow","Action":"*","Resource":"*","__proto__":{}')],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a byte order mark', `\uFEFF${valid}`],
    ['a lone surrogate', statement('"Sid":"\\ud800","Effect":"Allow","Action":"*","Resource":"*"')],
    ['an unknown version', valid.replace('2012-10-17', '2012')],
    ['an effect in lower case', valid.replace('Allow', 'allow')],
    ['no action', statement('"Effect":"Allow","Resource":"*"')],
    ['both Action and NotAction', statement('"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"')],
    ['an action without a service', valid.replace('s3:GetObject', 'ListUsers')],
    ['an action with two colons', valid.replace('s3:GetObject', 'iam:List:Users')],
    ['no resource', statement('"Effect":"Allow","Action":"*"')],
    ['a principal', statement('"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"')],
    ['a Sid with a space', statement('"Sid":"a b","Effect":"Allow","Action":"*","Resource":"*"')],
    ['an unknown key', statement('"Effect":"Allow","Action":"*","Resource":"*","Note":"x"')],
    ['an action that is an object', statement('"Effect":"Allow","Action":{},"Resource":"*"')],
    ['an unknown operator', statement('"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEqual":{"aws:username":"x"}}')],
  ])('refuses %s as malformed', (_what, text) => {
    expect(refusal(text)).toMatch(/^MalformedPolicyDocument: ./);
  });

  it.each([
    ['a version that managed policies may not have', valid.replace('2012-10-17', '2008-10-17')],
    ['no version', '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
    ['actions in any case and with many wildcards', valid.replace('s3:GetObject', 'IAM:*a*a*a*a*b')],
    ['brackets as literal text', valid.replace('s3:GetObject', 'iam:(a+)+$')],
  ])('accepts %s', (_what, text) => {
    expect(refusal(text)).toBe('accepted');
  });

  it('takes only version 2012-10-17 for a managed policy', () => {
    expect(refusal(valid, { managed: true })).toBe('accepted');
    expect(refusal(valid.replace('2012-10-17', '2008-10-17'), { managed: true })).toBe(
      'MalformedPolicyDocument: Policy document must be version 2012-10-17 or greater.',
    );
  });

  it('counts characters without white space, after the syntax', () => {
    const spaced = valid.replaceAll(',', ' ,\n\t\r ');
    expect(refusal(spaced, { charactersMax: valid.length })).toBe('accepted');
    expect(refusal(spaced, { charactersMax: valid.length - 1, exceeded: 'too long' })).toBe('LimitExceeded: too long');
    expect(refusal('{', { charactersMax: 0 })).toBe('MalformedPolicyDocument: Syntax errors in policy.');
    const many = `{"Version":"2012-10-17","Statement":[${Array(1000).fill('{"Effect":"Allow","Action":"*","Resource":"*"}').join(',')}]}`;
    expect(refusal(many, { charactersMax: 6144 })).toContain('LimitExceeded: ');
  });

  it('gives the parts of the document', () => {
    expect(checkPolicyDocument(valid, 'identity')).toMatchObject({ text: valid, kind: 'identity', version: '2012-10-17' });
  });
});
