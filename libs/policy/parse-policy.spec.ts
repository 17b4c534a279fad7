import { describe, expect, it } from '@jest/globals';
import type { PolicyKind } from './document.ts';
import { parsePolicy, type ParseOptions } from './parse-policy.ts';
import { PolicySyntaxError } from './policy-syntax-error.ts';

const VERSION = '2012-10-17';
const OBJECTS = 'arn:aws:s3:::reports/*';
const READ = { Effect: 'Allow', Action: 's3:GetObject', Resource: OBJECTS };
const TRUST = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' };
const BUCKET = { ...READ, Principal: '*' };

const policy = (...statements: unknown[]): unknown => ({ Version: VERSION, Statement: statements });
const changed = (change: object): unknown => policy({ ...READ, ...change });
const when = (Condition: unknown): unknown => changed({ Condition });

function fault(document: unknown, kind: PolicyKind = 'identity', options: ParseOptions = {}): PolicySyntaxError {
  try {
    parsePolicy(typeof document === 'string' ? document : JSON.stringify(document), kind, options);
  } catch (error) {
    if (error instanceof PolicySyntaxError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(document)} was accepted`);
}

const SYNTAX = 'Syntax errors in policy.';
const LEGACY = 'The policy failed legacy parsing';
const VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
const NO_ACTIONS = 'Policy statement must contain actions.';
const NO_RESOURCES = 'Policy statement must contain resources.';
const IAM_PATH =
  'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.';

describe('An identity policy is refused with the text AWS has', () => {
  it.each<[string, unknown, string]>([
    ['a list', [], SYNTAX],
    ['a number', 1, SYNTAX],
    ['null', 'null', SYNTAX],
    ['an empty object', {}, SYNTAX],
    ['null for statements', { Version: VERSION, Statement: null }, SYNTAX],
    ['no statement', { Version: VERSION, Statement: [] }, SYNTAX],
    ['a statement that is text', { Version: VERSION, Statement: 'Allow' }, SYNTAX],
    ['an unknown version', { Version: '2011-01-01', Statement: READ }, SYNTAX],
    ['a version with a zone', { Version: '2012-10-17Z', Statement: READ }, SYNTAX],
    ['a version that is a number', { Version: 2012, Statement: READ }, SYNTAX],
    ['an unknown element of the document', { Version: VERSION, Statement: READ, Note: '' }, SYNTAX],
    ['an unknown element of a statement', changed({ Note: '' }), SYNTAX],
    ['an element in lower case', policy({ effect: 'Allow', Action: '*', Resource: '*' }), SYNTAX],
    ['__proto__ in a statement', '{"Version":"2012-10-17","Statement":{"__proto__":{},"Effect":"Allow","Action":"*","Resource":"*"}}', SYNTAX],
    ['constructor in the document', { Version: VERSION, Statement: READ, constructor: {} }, SYNTAX],
    ['no effect', policy({ Action: '*', Resource: '*' }), SYNTAX],
    ['an effect AWS does not know', changed({ Effect: 'Permit' }), SYNTAX],
    ['an effect that is a list', changed({ Effect: ['Allow'] }), SYNTAX],
    ['an effect in lower case', changed({ Effect: 'allow' }), LEGACY],
    ['an effect in upper case', changed({ Effect: 'ALLOW' }), LEGACY],
    ['neither Action nor NotAction', policy({ Effect: 'Allow', Resource: '*' }), NO_ACTIONS],
    ['both Action and NotAction', changed({ NotAction: 'iam:*' }), SYNTAX],
    ['an empty list of actions', changed({ Action: [] }), NO_ACTIONS],
    ['an action that is a number', changed({ Action: 7 }), SYNTAX],
    ['an action that is an object', changed({ Action: {} }), SYNTAX],
    ['an action without a service', changed({ Action: 'ListUsers' }), VENDOR],
    ['an empty action', changed({ NotAction: undefined, Action: '' }), VENDOR],
    ['two stars for an action', changed({ Action: '**' }), VENDOR],
    ['an action with two colons', changed({ Action: 'iam:List:Users' }), 'Actions/Condition can contain only one colon.'],
    ['a service with a wildcard', changed({ Action: 'i*:List' }), 'Vendor i* is not valid'],
    ['a service with a space', changed({ Action: 'a a:List' }), 'Vendor a a is not valid'],
    ['neither Resource nor NotResource', policy({ Effect: 'Allow', Action: '*' }), NO_RESOURCES],
    ['an empty list of resources', changed({ Resource: [] }), NO_RESOURCES],
    ['a resource that is no ARN', changed({ Resource: 'reports' }), 'Resource reports must be in ARN format or "*".'],
    ['an empty resource', changed({ Resource: '' }), 'Resource  must be in ARN format or "*".'],
    ['a partition AWS does not have', changed({ Resource: 'arn:acme:s3:::b' }), 'Partition "acme" is not valid for resource "arn:acme:s3:::b".'],
    ['an ARN that lost its start', changed({ Resource: 's3:::b' }), 'Partition "" is not valid for resource "arn:::b:*:*".'],
    [
      'a service with a wildcard in an ARN',
      changed({ Resource: 'arn:aws:s*:::b' }),
      'Resource vendor must be fully qualified and cannot contain regexes.',
    ],
    ['an ARN of a partition alone', changed({ Resource: 'arn:aws' }), 'Resource vendor must be fully qualified and cannot contain regexes.'],
    [
      'a region for IAM',
      changed({ Resource: 'arn:aws:iam:eu-west-1::user/x' }),
      'IAM resource arn:aws:iam:eu-west-1::user/x cannot contain region information.',
    ],
    [
      'a region for a bucket',
      changed({ Resource: 'arn:aws:s3:eu-west-1::b' }),
      'Resource arn:aws:s3:eu-west-1::b can not contain region information.',
    ],
    ['an IAM resource of no type', changed({ Resource: 'arn:aws:iam::111122223333:people/x' }), IAM_PATH],
    ['an ARN with a part missing', changed({ Resource: 'arn:aws:s3::b' }), LEGACY],
    ['an ARN without a service', changed({ Resource: 'arn:aws::::b' }), LEGACY],
    ['an empty variable in a resource', changed({ Resource: 'arn:aws:s3:::b/${}' }), 'Resource arn:aws:s3:::b/${} must be in ARN format or "*".'],
    ['a principal', changed({ Principal: '*' }), 'Policy document should not specify a principal.'],
    [
      'two statements with one Sid',
      policy({ ...READ, Sid: 'One' }, { ...READ, Sid: 'One' }),
      'Statement IDs (SID) in a single policy must be unique.',
    ],
    [
      'a Sid with a space',
      changed({ Sid: 'a b' }),
      'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
    ],
    ['a Sid of a thousand characters', changed({ Sid: 'a'.repeat(1000) }), SYNTAX],
    ['a condition that is a list', when([]), SYNTAX],
    ['a condition that is text', when('Bool'), SYNTAX],
    ['an operator over text', when({ Bool: 'true' }), SYNTAX],
    ['an operator AWS does not know', when({ StringEqual: { 'aws:username': 'x' } }), SYNTAX],
    ['an operator in the wrong case', when({ Stringequals: { 'aws:username': 'x' } }), SYNTAX],
    ['a negation AWS does not know', when({ StringNotEqualz: { 'aws:username': 'x' } }), SYNTAX],
    ['a qualifier AWS does not know', when({ 'ForSome:StringEquals': { 'aws:TagKeys': 'x' } }), SYNTAX],
    ['IfExists at Null', when({ NullIfExists: { 'aws:TagKeys': 'true' } }), SYNTAX],
    ['an object for a value', when({ StringEquals: { 'aws:username': {} } }), SYNTAX],
    ['maybe for Null', when({ Null: { 'aws:username': 'maybe' } }), SYNTAX],
    ['True for Bool', when({ Bool: { 'aws:SecureTransport': 'True' } }), SYNTAX],
    ['one for Bool', when({ Bool: { 'aws:SecureTransport': '1' } }), SYNTAX],
    ...['1e400', '0x10', 'NaN', '', '1_0'].map((value): [string, unknown, string] => [
      `${value} as a number`,
      when({ NumericEquals: { 's3:max-keys': value } }),
      LEGACY,
    ]),
    ...['2026-02-30T00:00:00Z', '1e20', 'now', '9223372036854775808'].map((value): [string, unknown, string] => [
      `${value} as a date`,
      when({ DateLessThan: { 'aws:CurrentTime': value } }),
      LEGACY,
    ]),
    ...['10.0.0.1/33', '010.0.0.1', '10.0.0.0/8x', '::ffff:10.0.0.1'].map((value): [string, unknown, string] => [
      `${value} as an address`,
      when({ IpAddress: { 'aws:SourceIp': value } }),
      LEGACY,
    ]),
    ...['reports', 'arn:aws:s3', 'a:b:c:d:e:f:g:h'].map((value): [string, unknown, string] => [
      `${value} as an ARN`,
      when({ ArnLike: { 'aws:SourceArn': value } }),
      LEGACY,
    ]),
  ])('for %s', (_name, document, message) => {
    expect(fault(document).message).toBe(message);
  });

  it('which complains of syntax before version, of version before the older parser, and of resources last', () => {
    const managed = { managed: true };
    expect(fault({ Statement: { ...READ, Effect: 'allow' }, Extra: 1 }, 'identity', managed).message).toBe(SYNTAX);
    expect(fault({ Statement: { ...READ, Effect: 'allow' } }, 'identity', managed).message).toBe(
      'Policy document must be version 2012-10-17 or greater.',
    );
    expect(fault(policy({ Effect: 'allow', Resource: 'nowhere' })).message).toBe(LEGACY);
    expect(fault(policy({ Effect: 'Allow', Resource: 'nowhere' })).message).toBe(NO_ACTIONS);
    expect(fault(policy({ ...READ, Action: 'nothing', Resource: 'nowhere' })).message).toBe('Resource nowhere must be in ARN format or "*".');
  });

  it('only as a managed policy when its version is old or missing', () => {
    for (const document of [{ Statement: READ }, { Version: '2008-10-17', Statement: READ }]) {
      expect(parsePolicy(JSON.stringify(document), 'identity').version).toBe('2008-10-17');
      expect(fault(document, 'identity', { managed: true }).message).toBe('Policy document must be version 2012-10-17 or greater.');
    }
  });
});

describe('An identity policy is accepted', () => {
  it.each<[string, unknown]>([
    ['an action in any case', changed({ Action: 'IAM:listusers' })],
    ['what looks like a regular expression', changed({ Action: ['iam:(a+)+$', 'iam:[a', 'iam:*a*a*a*a*a*a*b'] })],
    ['a service AWS does not have', changed({ Action: 'no-such.service:Do' })],
    ['an ARN of a vendor alone', changed({ Resource: 'arn:aws:fdsasf' })],
    ['other partitions', changed({ Resource: ['arn:aws-cn:s3:::b', 'arn:aws-us-gov:s3:::b', 'arn:*:sqs:*:*:q'] })],
    ['every way to name all of IAM', changed({ Resource: ['arn:aws:iam::*:*', 'arn:aws:iam::111122223333:u*', 'arn:aws:iam::111122223333:root'] })],
    ['regional resources of S3', changed({ Resource: 'arn:aws:s3:eu-west-1:111122223333:accesspoint/x' })],
    ['a variable in any part of an ARN', changed({ Resource: 'arn:aws:sqs:*:${aws:PrincipalAccount}:${aws:username}' })],
    ['an empty condition', when({})],
    ['an operator without keys, even an unknown one', when({ DateGreaterThan: {}, Unknown: {} })],
    ['a key without values', when({ StringEquals: { 'aws:username': [] } })],
    ['booleans and numbers as values', when({ Bool: { 'aws:SecureTransport': true }, NumericLessThan: { 's3:max-keys': 10 } })],
    [
      'dates in all their forms',
      when({ DateLessThan: { 'aws:CurrentTime': ['2026', '2026-01', '2026-01-01T10:00Z', '2026-12-13t2:00:00.593194+23', '01T', '-292275054'] } }),
    ],
    ['an ARN with colons in its resource', when({ ArnLike: { 'aws:SourceArn': 'arn:aws:logs:eu-west-1:111122223333:log-group:a:*' } })],
    ['constructor as a condition key', when({ StringEquals: { constructor: 'x' } })],
    ['empty Sids, more than once', policy({ ...READ, Sid: '' }, { ...READ, Sid: '' })],
  ])('with %s', (_name, document) => {
    expect(parsePolicy(JSON.stringify(document), 'identity').statements.length).toBeGreaterThan(0);
  });
});

describe('A trust policy', () => {
  it.each<[string, object, string]>([
    ['a resource', { Resource: '*' }, 'Has prohibited field Resource.'],
    ['NotResource', { NotResource: '*' }, 'AssumeRole policy must not contain resources.'],
    ['no principal', { Principal: undefined }, 'Missing required field Principal'],
    ['an empty principal', { Principal: {} }, 'Missing required field Principal cannot be empty!'],
    [
      'NotPrincipal',
      { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: '111122223333' } },
      'AssumeRole policy must not contain NotPrincipal field.',
    ],
    ['an action of another service', { Action: 's3:GetObject' }, 'AssumeRole policy may only specify STS AssumeRole actions.'],
    ['a wildcard action', { Action: 'sts:*' }, 'AssumeRole policy may only specify STS AssumeRole actions.'],
    ['a principal of no known form', { Principal: { AWS: 'arn:aws:iam::1:user/x' } }, 'Invalid principal in policy: "AWS":"arn:aws:iam::1:user/x"'],
    [
      'a principal with a wildcard in its name',
      { Principal: { AWS: 'arn:aws:iam::111122223333:user/*' } },
      'Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/*"',
    ],
    ['a service with a wildcard', { Principal: { Service: '*' } }, 'Invalid principal in policy: "SERVICE":"*"'],
  ])('is refused with %s', (_name, change, message) => {
    expect(fault(policy({ ...TRUST, ...change }), 'trust').message).toBe(message);
  });

  it.each([
    '*',
    { AWS: '*' },
    { AWS: ['111122223333', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:role/a/b', 'AIDAEXAMPLEEXAMPLEEXA'] },
    { AWS: 'arn:aws:sts::111122223333:assumed-role/a/session' },
    { Service: ['ec2.amazonaws.com'], Federated: 'arn:aws:iam::111122223333:saml-provider/idp' },
  ])('takes %j as a principal', (Principal) => {
    expect(parsePolicy(JSON.stringify({ Statement: { ...TRUST, Principal } }), 'trust').statements[0]?.resources).toBeUndefined();
  });
});

describe('Other kinds of policy', () => {
  it('take the origin access identities of CloudFront, which have names with blanks and an account without a number', () => {
    const identity = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1ABCDEF2GHIJK';
    const read = (AWS: string): unknown => policy({ ...BUCKET, Principal: { AWS } });
    expect(parsePolicy(JSON.stringify(read(identity)), 'resource').statements[0]?.principals?.entries[0]?.value).toBe(identity);
    for (const wrong of [`${identity} `, identity.replace('cloudfront', 'cloudtrail'), identity.replace(/E1.*/, '*')])
      expect(fault(read(wrong), 'resource').message).toBe(`Invalid principal in policy: "AWS":"${wrong}"`);
  });

  it('have a principal where they belong to a resource, and none where they limit one', () => {
    expect(parsePolicy(JSON.stringify(policy(BUCKET)), 'resource').statements[0]?.principals?.everyone).toBe(true);
    expect(fault(policy(READ), 'resource').message).toBe('Missing required field Principal');
    for (const kind of ['session', 'boundary', 'service-control'] as const) {
      expect(fault(policy(BUCKET), kind).message).toBe('Policy document should not specify a principal.');
    }
  });

  it('refuse to allow everyone but someone', () => {
    const document = policy({ ...READ, NotPrincipal: { AWS: '111122223333' } });
    expect(fault(document, 'resource').message).toBe('Allow with NotPrincipal is not allowed.');
  });

  it('name everyone in a resource control policy', () => {
    expect(parsePolicy(JSON.stringify(policy(BUCKET)), 'resource-control').statements).toHaveLength(1);
    expect(fault(policy({ ...READ, Principal: { AWS: '*' } }), 'resource-control').message).toBe(SYNTAX);
  });
});

describe('The parser', () => {
  it('points at the line and the column of a fault', () => {
    const text = [
      '{',
      '  "Version": "2012-10-17",',
      '  "Statement": [',
      '    { "Effect": "Allow", "Action": "iam:*", "Resource": "nowhere" }',
      '  ]',
      '}',
    ].join('\n');
    expect(fault(text)).toMatchObject({ line: 4, column: 57 });
  });

  it('knows where every statement, operator, key and value stands', () => {
    const text =
      '{"Version":"2012-10-17","Statement":[\n{"Sid":"A","Effect":"Deny","NotAction":["iam:*"],"NotResource":"*",\n"Condition":{"Bool":{"aws:SecureTransport":false}}}]}';
    const [statement] = parsePolicy(text, 'identity').statements;
    expect(statement).toMatchObject({
      index: 0,
      effect: 'Deny',
      start: { line: 2, column: 1 },
      end: { line: 3, column: 52 },
      actions: { negated: true, values: [{ value: 'iam:*', position: { line: 2, column: 41 } }] },
      resources: { negated: true },
      conditions: [{ key: 'aws:SecureTransport', keyPosition: { line: 3, column: 22 }, values: [{ value: 'false' }] }],
    });
  });
});
