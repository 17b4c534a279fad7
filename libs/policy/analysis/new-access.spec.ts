import { describe, expect, it } from '@jest/globals';
import { compilePolicy, type CompiledPolicy } from '../compiled-policy.ts';
import type { PolicyKind } from '../document.ts';
import { parsePolicy } from '../parse-policy.ts';
import { accessNotGranted } from './access-not-granted.ts';
import { equivalent } from './equivalent.ts';
import { isPublic } from './is-public.ts';
import { minimalForm } from './minimal-form.ts';
import { newAccess } from './new-access.ts';

type Statement = Readonly<Record<string, unknown>>;
const text = (...statements: Statement[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const policy = (kind: PolicyKind, ...statements: Statement[]): CompiledPolicy => compilePolicy(parsePolicy(text(...statements), kind));
const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const deny = (Action: string | string[], Resource: string | string[] = '*', Condition?: object): Statement => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});
const compare = (before: Statement[], after: Statement[]) => newAccess([policy('identity', ...before)], [policy('identity', ...after)]);

const none = { newAccess: false, proof: 'exact', reasons: [] };
const bucket = 'arn:aws:s3:::b';

describe('A principal of CloudFront', () => {
  it('counts as somebody who has the access', () => {
    const identity = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABCDEF2GHIJK';
    const read = (AWS: string): CompiledPolicy => policy('resource', { ...allow('s3:GetObject', `${bucket}/*`), Principal: { AWS } });
    expect(newAccess([read('111122223333')], [read(identity)])).toMatchObject({ newAccess: true, witness: { principal: { arn: identity } } });
  });
});

describe('There is certainly no new access', () => {
  it.each<[string, Statement[], Statement[]]>([
    ['in the same policy', [allow('s3:*')], [allow('s3:*')]],
    ['in fewer actions', [allow('s3:*')], [allow(['s3:Get*', 's3:PutObject'])]],
    ['in a pattern that others take in together', [allow('s3:Get*'), allow('s3:PutObject')], [allow(['s3:GetObject', 's3:putobject'])]],
    [
      'in actions spelt out, as far as the catalogue goes',
      [allow('sqs:List*')],
      [allow(['sqs:ListQueues', 'sqs:ListQueueTags', 'sqs:ListDeadLetterSourceQueues', 'sqs:ListMessageMoveTasks'])],
    ],
    ['in fewer resources', [allow('s3:GetObject', `${bucket}/*`)], [allow('s3:GetObject', `${bucket}/*.txt`)]],
    ['in resources that others take in together', [allow('s3:*', `${bucket}/?*`), allow('s3:*', `${bucket}/`)], [allow('s3:*', `${bucket}/*`)]],
    [
      'where a deny takes it away',
      [allow('s3:GetObject', `${bucket}/a`)],
      [allow('s3:GetObject', `${bucket}/*`), { Effect: 'Deny', Action: 's3:*', NotResource: `${bucket}/a` }],
    ],
    [
      'in smaller ranges of addresses',
      [allow('s3:*', '*', { IpAddress: { 'aws:SourceIp': ['10.0.0.0/9', '10.128.0.0/9'] } })],
      [allow('s3:*', '*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    ],
    [
      'between earlier dates',
      [allow('s3:*', '*', { DateLessThan: { 'aws:CurrentTime': '2026-06-01' } })],
      [allow('s3:*', '*', { DateLessThanEquals: { 'aws:CurrentTime': '2026-05-31T23:59:59.999Z' } })],
    ],
    [
      'below a lower number',
      [allow('s3:*', '*', { NumericLessThan: { 's3:max-keys': 10 } })],
      [allow('s3:*', '*', { NumericLessThanEquals: { 's3:max-keys': 9.5 } })],
    ],
    [
      'in one of two values',
      [allow('s3:*', '*', { StringLike: { 's3:prefix': 'home/*' } })],
      [allow('s3:*', '*', { StringEquals: { 's3:prefix': ['home/a', 'home/'] } })],
    ],
    [
      'in both values of a boolean key that must be there',
      [allow('s3:*', '*', { Null: { 'aws:SecureTransport': 'false' } })],
      [allow('s3:*', '*', { Bool: { 'aws:SecureTransport': 'true' } }), allow('s3:*', '*', { Bool: { 'aws:SecureTransport': 'false' } })],
    ],
    ['in the same variables', [allow('s3:*', `${bucket}/\${aws:username}/*`)], [allow('s3:Get*', `${bucket}/\${aws:username}/*`)]],
    ['in a variable where anything is allowed', [allow('s3:*', `${bucket}/*`)], [allow('s3:Get*', `${bucket}/\${aws:username}/*`)]],
    [
      'in all of some values of a list',
      [allow('s3:*', '*', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } })],
      [allow('s3:*', '*', { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } })],
    ],
  ])('%s', (_, before, after) => {
    expect(compare(before, after)).toEqual(none);
  });
});

describe('There is new access, and an example of it,', () => {
  it.each<[string, Statement[], Statement[], object]>([
    ['in a further action', [allow('s3:Get*')], [allow(['s3:GetObject', 's3:PutObject'])], { action: 's3:PutObject' }],
    ['in another case that is none', [allow('s3:GetObject', `${bucket}/a`)], [allow('s3:GetObject', `${bucket}/A`)], { resource: `${bucket}/A` }],
    ['in a resource that ends otherwise', [allow('s3:GetObject', `${bucket}/*.txt`)], [allow('s3:GetObject', `${bucket}/*`)], {}],
    [
      'in a hole of a deny that closes',
      [allow('s3:*'), deny('s3:*', `${bucket}/*`)],
      [allow('s3:*'), deny('s3:*', `${bucket}/?*`)],
      { resource: `${bucket}/` },
    ],
    ['in everything but what is named', [allow('s3:*')], [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], {}],
    [
      'in requests without a key',
      [allow('s3:*', '*', { StringEquals: { 's3:prefix': 'a' } })],
      [allow('s3:*', '*', { StringEqualsIfExists: { 's3:prefix': 'a' } })],
      {},
    ],
    [
      'in one variable instead of another',
      [allow('s3:GetObject', `${bucket}/\${aws:username}/*`)],
      [allow('s3:GetObject', `${bucket}/\${aws:userid}/*`)],
      {},
    ],
    [
      'in an empty list',
      [allow('s3:*', '*', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' } })],
      [allow('s3:*', '*', { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } })],
      {},
    ],
  ])('%s', (_, before, after, witness) => {
    expect(compare(before, after)).toMatchObject({ newAccess: true, exact: true, witness });
  });

  it('that looks like a request of that service', () => {
    expect(compare([allow('iam:List*')], [allow('s3:GetObject')])).toMatchObject({
      witness: { action: 's3:GetObject', resource: expect.stringMatching(/^arn:aws:s3:/) },
    });
  });
});

describe('What cannot be decided', () => {
  it('is said with the reason', () => {
    const before = [
      allow('s3:*', `${bucket}/\${aws:username}`),
      allow('s3:*', '*', { StringNotEquals: { 'aws:username': 'x' } }),
      allow('s3:*', '*', { Null: { 'aws:username': 'true' } }),
    ];
    const after = [allow('s3:*', `${bucket}/x`), allow('s3:*', '*', { StringNotEquals: { 'aws:username': 'x' } })];
    expect(compare(before, [allow('s3:*', `${bucket}/x`), ...after])).toEqual({
      newAccess: false,
      proof: 'approximate',
      reasons: [expect.stringContaining('aws:username')],
    });
  });
});

describe('Resource policies', () => {
  const grant = (Principal: unknown, Condition?: object): Statement => ({
    Effect: 'Allow',
    Principal,
    Action: 's3:GetObject',
    Resource: `${bucket}/*`,
    ...(Condition && { Condition }),
  });
  const compareResource = (before: Statement, after: Statement) => newAccess([policy('resource', before)], [policy('resource', after)]);

  it('give new access to further principals', () => {
    expect(compareResource(grant({ AWS: '111122223333' }), grant({ AWS: ['111122223333', 'arn:aws:iam::444455556666:user/a'] }))).toMatchObject({
      newAccess: true,
      witness: { principal: { arn: 'arn:aws:iam::444455556666:user/a' } },
    });
    expect(compareResource(grant({ AWS: '111122223333' }), grant({ AWS: 'arn:aws:iam::111122223333:role/r' }))).toEqual(none);
    expect(compareResource(grant({ AWS: '111122223333' }), grant('*'))).toMatchObject({ newAccess: true });
  });

  it.each<[string, Statement, boolean]>([
    ['anyone', grant('*'), true],
    ['anyone by his account', grant({ AWS: '*' }), true],
    ['an account', grant({ AWS: '111122223333' }), false],
    ['an organization', grant('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }), false],
    ['all organizations but one', grant('*', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } }), true],
    ['one address', grant('*', { IpAddress: { 'aws:SourceIp': '192.0.2.1' } }), false],
    ['half of all addresses', grant('*', { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }), true],
    ['ARNs of one account', grant('*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }), false],
    ['any ARN', grant('*', { StringLike: { 'aws:PrincipalArn': '*' } }), true],
    ['whoever uses TLS', grant('*', { Bool: { 'aws:SecureTransport': 'true' } }), true],
  ])('are public or not for %s', (_, statement, expected) => {
    expect(isPublic(policy('resource', statement)).found).toBe(expected);
  });

  it('are not public where a deny keeps strangers out', () => {
    const fence = {
      Effect: 'Deny',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } },
    };
    expect(isPublic(policy('resource', grant('*'), fence))).toEqual({ found: false, proof: 'exact', reasons: [] });
  });
});

describe('Access that must not be granted', () => {
  const subject = policy('identity', allow(['s3:Get*', 'iam:List*'], [`${bucket}/*`, 'arn:aws:iam::111122223333:user/a']), deny('s3:GetObjectAcl'));

  it.each<[string, string[], string[], boolean]>([
    ['an action', ['s3:GetObject'], [], true],
    ['a pattern', ['s3:*'], [], true],
    ['an action that is denied', ['s3:GetObjectAcl'], [], false],
    ['an action that is not there', ['s3:PutObject', 'iam:Create*'], [], false],
    ['a resource', [], [`${bucket}/x`], true],
    ['another resource', [], ['arn:aws:s3:::c/*'], false],
    ['an action on another resource', ['s3:GetObject'], ['arn:aws:s3:::c/*'], false],
  ])('is found or not: %s', (_, actions, resources, found) => {
    expect(accessNotGranted([subject], [{ actions, resources }]).found).toBe(found);
  });
});

describe('Equivalence', () => {
  it('sees denies where nothing is allowed', () => {
    expect(equivalent([policy('identity', deny('s3:*'))], [policy('identity', deny('iam:*'))]).equivalent).toBe(false);
  });

  it('sees how directly a principal is named', () => {
    const named = (AWS: string[]): CompiledPolicy => policy('resource', { Effect: 'Allow', Principal: { AWS }, Action: 's3:*', Resource: '*' });
    expect(equivalent([named(['111122223333'])], [named(['111122223333', 'arn:aws:iam::111122223333:user/a'])])).toMatchObject({
      equivalent: false,
      difference: { principal: { type: 'IAMUser' } },
    });
  });
});

describe('The minimal form', () => {
  it('leaves out what others take in and joins what belongs together', () => {
    const before = text(allow(['s3:GetObject', 's3:Get*']), allow('s3:PutObject'), deny('iam:*'), allow('s3:GetObjectAcl', `${bucket}/*`));
    expect(JSON.parse(minimalForm(before, 'identity').document)).toEqual({
      Version: '2012-10-17',
      Statement: [allow(['s3:Get*', 's3:PutObject']), deny('iam:*')],
    });
  });

  it('keeps a policy that has nothing to lose', () => {
    const before = text(allow('s3:GetObject'));
    expect(minimalForm(before, 'identity')).toEqual({ document: before, charactersBefore: before.length, charactersAfter: before.length });
  });
});
