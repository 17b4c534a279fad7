import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RequestContext, decide, parsePolicy, policyFor } from '../../../libs/policy/index.ts';
import { awsManagedPolicies, awsManagedPolicy } from './aws-managed-policies.ts';
import { policyRules } from './aws-managed-policy-rules.ts';
import { defaultVersion } from './managed-policy.ts';

const samples = join(process.env['IAM_LEDGER_SHARED'] ?? '../shared', 'data', 'cloudsplaining');

/** What the policy alone says to a user of the account. */
function outcome(name: string, action: string, resource = '*'): string {
  const id = `arn:aws:iam::aws:policy/${name}`;
  const policy = policyFor(defaultVersion(awsManagedPolicy('aws', id)!).policyDocument, 'identity');
  const context = new RequestContext();
  context.set('aws:username', 'bob');
  const principal = {
    type: 'IAMUser',
    arn: 'arn:aws:iam::123456789012:user/bob',
    accountId: '123456789012',
    partition: 'aws',
    uniqueId: 'AIDABOB',
  } as const;
  return decide({ principal, action, resource, resourceAccountId: '123456789012', context }, { identity: [{ id, policy }] });
}

describe('the built-in AWS managed policies', () => {
  it('are those of the rules, each well-formed, with an id of its own', () => {
    const policies = awsManagedPolicies('aws');
    expect(policies.map((policy) => policy.arn)).toEqual(policyRules.map(({ name }) => `arn:aws:iam::aws:policy${name}`).sort());
    for (const policy of policies) {
      expect(policy.policyId).toMatch(/^ANPA[A-Z2-7]{17}$/);
      expect(() => parsePolicy(defaultVersion(policy).policyDocument, 'identity', { managed: true })).not.toThrow();
    }
    expect(new Set(policies.map((policy) => policy.policyId)).size).toBe(policies.length);
    expect(new Set(policies.map((policy) => policy.policyName.toLowerCase())).size).toBe(policies.length); // ListPolicies orders by name
  });

  it('are small enough to be loaded with the server', () => {
    expect(statSync(new URL('./aws-managed-policies.json', import.meta.url)).size).toBeLessThan(400 * 1024);
  });

  it('are the same objects whenever they are asked for', () => {
    const arn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    expect(awsManagedPolicy('aws', arn)).toBe(awsManagedPolicy('aws', arn));
    expect(awsManagedPolicies('aws')).toContain(awsManagedPolicy('aws', arn));
  });

  it('belong to one partition, and so do the ARNs in their documents', () => {
    const arn = 'arn:aws-cn:iam::aws:policy/IAMUserChangePassword';
    expect(awsManagedPolicy('aws', arn)).toBeUndefined();
    expect(defaultVersion(awsManagedPolicy('aws-cn', arn)!).policyDocument).toContain('"arn:aws-cn:iam::*:user/${aws:username}"');
  });

  it.each([
    ['AdministratorAccess', 'iam:CreateUser', '*', 'Allowed'],
    ['PowerUserAccess', 'ec2:RunInstances', '*', 'Allowed'],
    ['PowerUserAccess', 'iam:CreateUser', '*', 'ImplicitlyDenied'],
    ['PowerUserAccess', 'organizations:LeaveOrganization', '*', 'ImplicitlyDenied'],
    ['ReadOnlyAccess', 's3:GetObject', 'arn:aws:s3:::bucket/key', 'Allowed'],
    ['ReadOnlyAccess', 'iam:ListUsers', '*', 'Allowed'],
    ['ReadOnlyAccess', 's3:PutObject', 'arn:aws:s3:::bucket/key', 'ImplicitlyDenied'],
    ['ReadOnlyAccess', 'secretsmanager:GetSecretValue', '*', 'ImplicitlyDenied'],
    ['ReadOnlyAccess', 'sts:GetSessionToken', '*', 'ImplicitlyDenied'],
    ['ReadOnlyAccess', 'ec2:GetPasswordData', '*', 'ImplicitlyDenied'],
    ['ReadOnlyAccess', 'ec2:DescribeInstances', '*', 'Allowed'],
    ['SecurityAudit', 's3:GetBucketPolicy', 'arn:aws:s3:::bucket', 'Allowed'],
    ['SecurityAudit', 'iam:GetAccountAuthorizationDetails', '*', 'Allowed'],
    ['SecurityAudit', 's3:GetObject', 'arn:aws:s3:::bucket/key', 'ImplicitlyDenied'],
    ['SecurityAudit', 'dynamodb:GetItem', '*', 'ImplicitlyDenied'],
    ['job-function/ViewOnlyAccess', 'ec2:DescribeInstances', '*', 'Allowed'],
    ['job-function/ViewOnlyAccess', 's3:GetObject', 'arn:aws:s3:::bucket/key', 'ImplicitlyDenied'],
    ['job-function/Billing', 'budgets:ModifyBudget', '*', 'Allowed'],
    ['job-function/Billing', 'ec2:DescribeInstances', '*', 'ImplicitlyDenied'],
    ['IAMFullAccess', 'iam:AttachUserPolicy', '*', 'Allowed'],
    ['IAMFullAccess', 's3:ListAllMyBuckets', '*', 'ImplicitlyDenied'],
    ['IAMReadOnlyAccess', 'iam:GetUser', '*', 'Allowed'],
    ['IAMReadOnlyAccess', 'iam:DeleteUser', '*', 'ImplicitlyDenied'],
    ['IAMUserChangePassword', 'iam:ChangePassword', 'arn:aws:iam::123456789012:user/bob', 'Allowed'],
    ['IAMUserChangePassword', 'iam:ChangePassword', 'arn:aws:iam::123456789012:user/eve', 'ImplicitlyDenied'],
    ['AWSDenyAll', 'iam:GetUser', '*', 'ExplicitlyDenied'],
  ])('%s on %s of %s', (name, action, resource, expected) => {
    expect(outcome(name, action, resource)).toBe(expected);
  });

  const withSamples = existsSync(samples) ? describe : describe.skip;
  withSamples(`and the policies that accounts name (skipped where ${samples} is absent)`, () => {
    it('exist, every one that the sample accounts have', () => {
      const text = readdirSync(samples)
        .filter((file) => file.endsWith('.json'))
        .map((file) => readFileSync(join(samples, file), 'utf8'))
        .join('\n');
      const named = [...new Set(text.match(/arn:aws:iam::aws:policy\/[^"\\ ]+/g))].filter((arn) => !arn.includes('*')); // a pattern in a document names no policy
      expect(named.length).toBeGreaterThan(30);
      expect(named.filter((arn) => awsManagedPolicy('aws', arn) === undefined)).toEqual([]);
    });
  });
});
