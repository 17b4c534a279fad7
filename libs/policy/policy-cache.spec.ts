import { describe, expect, it } from '@jest/globals';
import { contextKeysIn } from './context-keys.ts';
import { parsePolicy } from './parse-policy.ts';
import { policyFor } from './policy-cache.ts';
import { PolicySyntaxError } from './policy-syntax-error.ts';

const TEXT = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';

describe('The cache of compiled policies', () => {
  it('compiles a text once for each kind', () => {
    expect(policyFor(TEXT, 'identity')).toBe(policyFor(` ${TEXT}`.trim(), 'identity'));
    expect(policyFor(TEXT, 'boundary')).not.toBe(policyFor(TEXT, 'identity'));
    expect(policyFor(TEXT, 'boundary').kind).toBe('boundary');
  });

  it('does not remember a text that is no policy as one', () => {
    for (let round = 0; round < 2; round += 1) expect(() => policyFor('{}', 'identity')).toThrow(PolicySyntaxError);
  });
});

describe('The context keys of a document', () => {
  it('are those of its conditions and its variables, each once, as first spelt', () => {
    const statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: ['arn:aws:s3:::${aws:PrincipalTag/Team}/*', "arn:aws:s3:::${aws:username, 'x'}/${*}"],
      Condition: { StringEquals: { 's3:Prefix': '${AWS:UserName}' }, NumericEquals: { 's3:prefix': '1' }, Null: { 'aws:TokenIssueTime': 'true' } },
    };
    const keys = (Version: string): string[] => contextKeysIn(parsePolicy(JSON.stringify({ Version, Statement: statement }), 'identity'));
    expect(keys('2012-10-17')).toEqual(['aws:PrincipalTag/Team', 'aws:username', 's3:Prefix', 'aws:TokenIssueTime']);
    expect(keys('2008-10-17')).toEqual(['s3:Prefix', 'aws:TokenIssueTime']);
  });
});
