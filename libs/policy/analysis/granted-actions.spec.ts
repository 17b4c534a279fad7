import { describe, expect, it } from '@jest/globals';

import { policyFor } from '../policy-cache.ts';

import { grantedActions } from './granted-actions.ts';

const granted = (...statements: readonly object[]) =>
  grantedActions([
    policyFor(JSON.stringify({ Version: '2012-10-17', Statement: statements.map((statement) => ({ Resource: '*', ...statement })) }), 'identity'),
  ]);

describe('the actions that policies grant', () => {
  it('are those that wildcards name, in the spelling of the catalogue', () => {
    const actions = granted({ Effect: 'Allow', Action: ['S3:getobject', 'sqs:Receive*'], Resource: 'arn:aws:s3:::bucket/*' });
    expect([...actions.keys()].sort()).toEqual(['s3', 'sqs']);
    expect([...actions.get('s3')!]).toEqual(['GetObject']);
    expect([...actions.get('sqs')!]).toEqual(['ReceiveMessage']);
  });

  it('of NotAction are all others', () => {
    const actions = granted({ Effect: 'Allow', NotAction: ['iam:*', 's3:GetObject'] });
    expect(actions.has('iam')).toBe(false);
    expect(actions.get('s3')!.has('GetObject')).toBe(false);
    expect(actions.get('s3')!.has('PutObject')).toBe(true);
    expect(actions.size).toBeGreaterThan(300);
  });

  it('leave out what is denied on everything, and keep what is denied on something or at times', () => {
    const allow = { Effect: 'Allow', Action: ['s3:GetObject', 'sqs:*'] };
    expect([...granted(allow, { Effect: 'Deny', Action: 's3:*' }).keys()]).toEqual(['sqs']);
    expect(granted(allow, { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::secret/*' }).has('s3')).toBe(true);
    expect(granted(allow, { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }).has('s3')).toBe(true);
  });

  it('are none where nothing is allowed', () => {
    expect(granted({ Effect: 'Deny', Action: 's3:*' }).size).toBe(0);
  });
});
