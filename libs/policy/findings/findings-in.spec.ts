import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PolicyKind } from '../document.ts';
import { parsePolicy } from '../parse-policy.ts';
import { findingsIn, type FindingsOptions } from './findings-in.ts';
import { issues } from './issues.ts';
import { findingsMax } from './report.ts';

type Json = Readonly<Record<string, unknown>>;
const policy = (...statements: readonly Json[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (more: Json): string => policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*', ...more });
const codes = (text: string, kind: PolicyKind = 'identity', options?: FindingsOptions): string[] =>
  findingsIn(text, kind, options).map(({ issueCode }) => issueCode);
const when = (Condition: Json, more: Json = {}): string => allow({ Condition, ...more });
const principal = (Principal: unknown, more: Json = {}): string => allow({ Principal, ...more });
const trust = (Principal: unknown, more: Json = {}): string => policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more });

describe('findings about form', () => {
  it.each<[string, string]>([
    ['{"Version":', 'JSON_SYNTAX_ERROR'],
    ['[]', 'DATA_TYPE_MISMATCH'],
    ['{"Version":"2012-10-17"}', 'MISSING_STATEMENT'],
    ['{"Version":"2012-10-18","Statement":[]}', 'INVALID_VERSION'],
    [JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } }), 'MISSING_VERSION'],
    [policy({ Action: 's3:GetObject', Resource: '*' }), 'MISSING_EFFECT'],
    [allow({ Effect: 'allow' }), 'INVALID_EFFECT'],
    [policy({ Effect: 'Allow', Resource: '*' }), 'MISSING_ACTION'],
    [policy({ Effect: 'Allow', Action: 's3:GetObject' }), 'MISSING_RESOURCE'],
    [allow({ Action: [] }), 'EMPTY_ARRAY_ACTION'],
    [allow({ Resource: [] }), 'EMPTY_ARRAY_RESOURCE'],
    [allow({ Action: 7 }), 'DATA_TYPE_MISMATCH'],
    [allow({ NotAction: 's3:PutObject' }), 'UNSUPPORTED_ELEMENT_COMBINATION'],
    [allow({ Actions: 's3:PutObject' }), 'INVALID_POLICY_ELEMENT'],
    [allow({ Sid: 'not ok' }), 'UNSUPPORTED_SID'],
    [allow({ Sid: '' }), 'EMPTY_SID_VALUE'],
    [
      policy(
        { Sid: 'a', Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
        { Sid: 'a', Effect: 'Deny', Action: 's3:PutObject', Resource: '*' },
      ),
      'UNIQUE_SIDS_REQUIRED',
    ],
    [allow({ Condition: {} }), 'EMPTY_OBJECT_CONDITION'],
    [allow({ Principal: '*' }), 'UNSUPPORTED_PRINCIPAL'],
    [allow({ Resource: Array.from({ length: 300 }, (_, at) => `arn:aws:s3:::bucket-number-${at}/*`) }), 'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA'],
  ])('%s has %s', (text, code) => {
    expect(codes(text)).toContain(code);
  });

  it('names every fault of a document, not only the first', () => {
    expect(codes(policy({ Effect: 'Alow', Action: 's3:GetObjekt', Resource: 'b' }, { Effect: 'Deny', Action: [], Resource: '*' }))).toEqual(
      expect.arrayContaining(['INVALID_EFFECT', 'INVALID_ACTION', 'INVALID_ARN_PREFIX', 'EMPTY_ARRAY_ACTION']),
    );
  });
});

describe('findings about names', () => {
  it.each<[string, string]>([
    [allow({ Action: 's4:GetObject' }), 'INVALID_SERVICE_IN_ACTION'],
    [allow({ Action: 's3:GetObjekt' }), 'INVALID_ACTION'],
    [allow({ Action: 's3:Zzz*' }), 'INVALID_ACTION'],
    [allow({ Action: '*:GetObject' }), 'WILDCARD_IN_SERVICE_NAME'],
    [allow({ Resource: 'arn:aws:s3:::b' }), 'ACTION_WITHOUT_RESOURCE'],
    [allow({ Resource: ['arn:aws:s3:::b/*', 'arn:aws:sqs:us-east-1:123456789012:q'] }), 'RESOURCE_WITHOUT_ACTION'],
    [allow({ Action: 's3:ListAllMyBuckets' }), 'ACTION_WITHOUT_RESOURCE'],
    [allow({ Resource: 'arn:awz:s3:::b/*' }), 'INVALID_PARTITION'],
    [allow({ Resource: 'arn:aws:S3:::b/*' }), 'INVALID_ARN_SERVICE_CASE'],
    [allow({ Resource: 'arn:aws:s3:::' }), 'INVALID_ARN_RESOURCE'],
    [allow({ Resource: 'arn:aws:s3:b' }), 'MISSING_ARN_FIELD'],
    [allow({ Resource: 'arn:aws:s3::123456789012:b/*' }), 'ARN_ACCOUNT_NOT_ALLOWED'],
    [allow({ Action: 'iam:GetUser', Resource: 'arn:aws:iam:us-east-1:123456789012:user/a' }), 'ARN_REGION_NOT_ALLOWED'],
    [allow({ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs::123456789012:q' }), 'MISSING_ARN_REGION'],
    [allow({ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-east-1:1234:q' }), 'INVALID_ARN_ACCOUNT'],
    [allow({ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:moon:123456789012:q' }), 'INVALID_ARN_REGION'],
    [allow({ Resource: 'arn:aws:s33:::b/*' }), 'INVALID_SERVICE'],
    [when({ StringEquals: { nokey: 'a' } }), 'INVALID_CONDITION_KEY_FORMAT'],
    [when({ StringEquals: { 'aws:PrincipalOrgId2': 'a' } }), 'INVALID_GLOBAL_CONDITION_KEY'],
    [when({ StringEquals: { 's3:prefixx': 'a' } }), 'INVALID_SERVICE_CONDITION_KEY'],
    [when({ StringEquals: { 's3:prefix': 'a' } }), 'CONDITION_KEY_NOT_OF_ACTION'],
    [when({ StringEquals: { 'aws:ResourceTag': 'a' } }), 'MISSING_TAG_KEY_IN_CONDITION'],
    [when({ StringEqualz: { 'aws:username': 'a' } }), 'INVALID_CONDITION_OPERATOR'],
    [when({ NullIfExists: { 'aws:username': 'true' } }), 'NULL_WITH_IF_EXISTS'],
    [when({ StringEquals: { 'aws:username': 'a', 'aws:UserName': 'b' } }), 'DUPLICATE_KEYS_WITH_DIFFERENT_CASE'],
    [
      policy({ Effect: 'Deny', Action: 'sts:GetCallerIdentity', Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/a': 'b' } } }),
      'DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
    ],
  ])('%s has %s', (text, code) => {
    expect(codes(text)).toContain(code);
  });

  it.each<[string, string]>([
    [allow({ Action: 's3:GetObjekt' }), 's3:GetObject'],
    [allow({ Action: 'ec3:RunInstances' }), 'ec2'],
    [when({ StringEqualz: { 'aws:username': 'a' } }), 'StringEquals'],
    [when({ 'ForAnyValues:StringLike': { 'aws:CalledVia': 'a*' } }), 'ForAnyValue:StringLike'],
    [when({ StringEquals: { 'aws:PrincipalOrgIDs': 'a' } }), 'aws:PrincipalOrgID'],
    [allow({ Actions: 's3:PutObject' }), 'Action'],
  ])('%s is asked whether %s is meant', (text, suggestion) => {
    expect(findingsIn(text, 'identity').some(({ findingDetails }) => findingDetails.includes(`Did you mean ${suggestion}?`))).toBe(true);
  });

  it('takes the services of this installation for known', () => {
    const text = policy({ Effect: 'Allow', Action: 'house:Open', Resource: '*', Condition: { StringEquals: { 'house:Room': 'a' } } });
    expect(codes(text)).toEqual(['INVALID_SERVICE_IN_ACTION', 'INVALID_SERVICE_CONDITION_KEY']);
    expect(codes(text, 'identity', { ownServices: ['house'] })).toEqual([]);
  });
});

describe('findings about conditions', () => {
  it.each<[Json, string]>([
    [{ NumericEquals: { 'aws:username': '7' } }, 'TYPE_MISMATCH'],
    [{ StringEquals: { 'aws:MultiFactorAuthPresent': 'true' } }, 'TYPE_MISMATCH'],
    [{ StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/*' } }, 'ARN_KEY_WITH_STRING_OPERATOR'],
    [{ NumericLessThan: { 'aws:MultiFactorAuthAge': 'ten' } }, 'TYPE_MISMATCH_NUMBER'],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-02-30' } }, 'TYPE_MISMATCH_DATE'],
    [{ Bool: { 'aws:SecureTransport': 'yes' } }, 'TYPE_MISMATCH_BOOLEAN'],
    [{ Bool: { 'aws:SecureTransport': ['true', 'false'] } }, 'INVALID_CONDITION_MULTIPLE_BOOLEAN'],
    [{ IpAddress: { 'aws:SourceIp': '300.1.2.3' } }, 'TYPE_MISMATCH_IP_RANGE'],
    [{ ArnLike: { 'aws:PrincipalArn': 'alice' } }, 'TYPE_MISMATCH_ARN'],
    [{ StringEquals: { 'aws:username': ['a', 7] } }, 'INVALID_CONDITION_DATA_TYPE'],
    [{ StringEquals: { 'aws:username': 'a*' } }, 'WILDCARD_WITHOUT_LIKE_OPERATOR'],
    [{ StringLike: { 'aws:username': 'a' } }, 'LIKE_OPERATOR_WITHOUT_WILDCARD'],
    [{ StringEquals: { 'aws:CalledVia': 'athena.amazonaws.com' } }, 'MISSING_QUALIFIER'],
    [{ 'ForAllValues:StringEquals': { 'aws:username': 'a' } }, 'FORALLVALUES_WITH_SINGLE_VALUED_KEY'],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' } }, 'FORALLVALUES_WITHOUT_NULL_CHECK'],
    [{ 'ForAnyValue:Null': { 'aws:TagKeys': 'true' } }, 'NULL_WITH_QUALIFIER'],
    [{ StringEquals: { 'aws:username': [] } }, 'EMPTY_ARRAY_CONDITION'],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': [] } }, 'EMPTY_ARRAY_CONDITION_FORALLVALUES'],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': [] } }, 'EMPTY_ARRAY_CONDITION_FORANYVALUE'],
    [{ StringEqualsIfExists: { 'aws:username': [] } }, 'EMPTY_ARRAY_CONDITION_IFEXISTS'],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'PRIVATE_IP_ADDRESS'],
    [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, 'PRIVATE_NOT_IP_ADDRESS'],
    [{ IpAddress: { 'aws:SourceIp': ['192.168.1.0/24', '203.0.113.0/24'] } }, 'PRIVATE_IP_ADDRESS_SUBSET'],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.7/24' } }, 'IMPROVE_IP_RANGE'],
    [{ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '203.0.113.7'] } }, 'REDUNDANT_CONDITION_VALUE'],
    [{ StringLike: { 'aws:username': ['a*', 'ab*'] } }, 'REDUNDANT_CONDITION_VALUE'],
    [{ NumericLessThan: { 'aws:MultiFactorAuthAge': ['10', '20'] } }, 'REDUNDANT_CONDITION_VALUE_NUM'],
    [{ IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } }, 'MISSING_PAIRED_CONDITION_KEYS'],
    [{ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, 'ALLOW_WITHOUT_MFA'],
    [{ DateLessThan: { 'aws:CurrentTime': '2020-01-01' } }, 'DATE_IN_THE_PAST'],
  ])('%j has %s', (condition, code) => {
    expect(codes(when(condition), 'identity', { nowMs: Date.UTC(2026, 0, 1) })).toContain(code);
  });

  it('calls no date past where nobody says what time it is', () => {
    expect(codes(when({ DateLessThan: { 'aws:CurrentTime': '2020-01-01' } }))).toEqual([]);
  });

  it('tells a Deny without MFA that long-term keys pass', () => {
    const deny = (operator: string): string[] =>
      codes(policy({ Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { [operator]: { 'aws:MultiFactorAuthPresent': 'false' } } }));
    expect(deny('Bool')).toContain('MFA_DENY_WITHOUT_IF_EXISTS');
    expect(deny('BoolIfExists')).toEqual([]);
  });
});

describe('contradictions', () => {
  it.each<[Json]>([
    [{ StringEquals: { 'aws:username': ['a', 'b'] }, StringLike: { 'aws:username': 'c*' } }],
    [{ StringEquals: { 'aws:username': 'a' }, StringNotEquals: { 'aws:username': 'a' } }],
    [{ StringEquals: { 'aws:username': 'a' }, StringNotLike: { 'aws:username': 'a*' } }],
    [{ StringEquals: { 'aws:username': 'a' }, Null: { 'aws:username': 'true' } }],
    [{ NumericLessThan: { 'aws:MultiFactorAuthAge': '10' }, NumericGreaterThanEquals: { 'aws:MultiFactorAuthAge': '10' } }],
    [{ DateLessThan: { 'aws:CurrentTime': '2030-01-01' }, DateGreaterThan: { 'aws:CurrentTime': '2031-01-01' } }],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' }, NotIpAddress: { 'aws:SourceIp': '203.0.0.0/16' } }],
    [{ Bool: { 'aws:SecureTransport': 'true' }, BoolIfExists: { 'aws:SecureTransport': 'false' } }],
  ])('%j never holds', (condition) => {
    expect(codes(when(condition))).toContain('CONTRADICTORY_CONDITIONS');
  });

  it.each<[Json]>([
    [{ StringEquals: { 'aws:username': ['a', 'c1'] }, StringLike: { 'aws:username': 'c*' } }],
    [{ StringEquals: { 'aws:username': ['a', 'b'] }, StringNotEquals: { 'aws:username': 'a' } }],
    [{ StringEqualsIfExists: { 'aws:username': 'a' }, Null: { 'aws:username': 'true' } }],
    [{ NumericLessThanEquals: { 'aws:MultiFactorAuthAge': '10' }, NumericGreaterThanEquals: { 'aws:MultiFactorAuthAge': '10' } }],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'a' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': 'b' } }],
    [{ StringEquals: { 'aws:PrincipalTag/a': '${aws:username}' }, StringLike: { 'aws:PrincipalTag/a': 'x*' } }],
    [{ StringEqualsIgnoreCase: { 'aws:username': 'A' }, StringEquals: { 'aws:username': 'a' } }],
  ])('%j can hold', (condition) => {
    expect(codes(when(condition))).not.toContain('CONTRADICTORY_CONDITIONS');
  });
});

describe('findings about variables', () => {
  it.each<[string, string]>([
    ['arn:aws:s3:::b/${aws:username', 'MISSING_BRACE_IN_VARIABLE'],
    ["arn:aws:s3:::b/${aws:username, 'x}", 'MISSING_QUOTE_IN_VARIABLE'],
    ['arn:aws:s3:::b/${aws: username}', 'UNSUPPORTED_SPACE_IN_VARIABLE'],
    ['arn:aws:s3:::b/${}', 'EMPTY_VARIABLE'],
    ['arn:aws:s3:::b/${aws:PrincipalTag/team}/*', 'MISSING_VARIABLE_DEFAULT'],
  ])('%s has %s', (Resource, code) => {
    expect(codes(allow({ Resource }))).toContain(code);
  });

  it('are told where they are plain text', () => {
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/${aws:username}/*' };
    expect(codes(JSON.stringify({ Version: '2008-10-17', Statement: statement }))).toEqual(['VARIABLE_UNSUPPORTED_IN_VERSION']);
    expect(codes(policy(statement))).toEqual([]);
    expect(codes(when({ NumericEquals: { 'aws:MultiFactorAuthAge': '${aws:username}' } }))).toContain('INVALID_VARIABLE_FOR_OPERATOR');
    expect(codes(allow({ Action: 's3:${aws:username}' }))).toContain('VARIABLE_UNSUPPORTED_IN_ELEMENT');
  });
});

describe('findings about what is granted', () => {
  it.each<[Json, string]>([
    [{ Action: '*', Resource: '*' }, 'ALLOW_ALL_ACTIONS_ON_ALL_RESOURCES'],
    [{ Action: 'iam:PassRole', Resource: '*' }, 'PASS_ROLE_WITH_STAR_IN_RESOURCE'],
    [{ Action: 'iam:Pass*', Resource: 'arn:aws:iam::*:role/*' }, 'PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE'],
    [{ NotAction: 's3:*', Resource: '*' }, 'PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION'],
    [{ Action: 'iam:PassRole', NotResource: 'arn:aws:iam::123456789012:role/admin' }, 'PASS_ROLE_WITH_NOT_RESOURCE'],
    [{ Action: '*', NotResource: 'arn:aws:iam::123456789012:role/admin' }, 'PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE'],
    [{ NotAction: 's3:*', NotResource: 'arn:aws:s3:::b' }, 'PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE'],
    [{ Action: 'iam:CreateServiceLinkedRole', Resource: '*' }, 'CREATE_SLR_WITH_STAR_IN_RESOURCE'],
    [{ NotAction: 's3:*', Resource: '*' }, 'ALLOW_WITH_NOT_ACTION'],
    [{ Action: 's3:GetObject', NotResource: 'arn:aws:s3:::b/*' }, 'ALLOW_WITH_NOT_RESOURCE'],
    [{ Action: ['s3:GetObject', 's3:Get*'], Resource: '*' }, 'REDUNDANT_ACTION'],
    [{ Action: ['s3:GetObject', 's3:getobject'], Resource: '*' }, 'REDUNDANT_ACTION'],
    [{ Action: 's3:GetObject', Resource: ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/a/*'] }, 'REDUNDANT_RESOURCE'],
    [{ Action: ['s3:PutBucketPolicy', 's3:GetObject'], Resource: '*' }, 'RESOURCE_POLICY_WRITABLE'],
  ])('%j has %s', (statement, code) => {
    expect(codes(policy({ Effect: 'Allow', ...statement }))).toContain(code);
  });

  it.each<[Json]>([
    [{ Effect: 'Allow', Action: 'iam:PassRole', Resource: '*', Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } }],
    [{ Effect: 'Allow', Action: 'iam:PassRole', Resource: 'arn:aws:iam::123456789012:role/Deploy*' }],
    [{ Effect: 'Deny', Action: '*', Resource: '*' }],
    [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'] }],
    [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['arn:aws:s3:::${aws:username}-*'] }],
    [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:*:123456789012:function:a' }],
    [
      {
        Effect: 'Allow',
        Action: 'ec2:RunInstances',
        Resource: 'arn:aws:ec2:*:*:instance/*',
        Condition: { StringEquals: { 'aws:RequestTag/a': 'b', 'ec2:InstanceType': 't3.micro' } },
      },
    ],
    [
      {
        Effect: 'Allow',
        Action: 'dynamodb:Query',
        Resource: ['arn:aws:dynamodb:eu-west-1:123456789012:table/t', 'arn:aws:dynamodb:eu-west-1:123456789012:table/t/index/*'],
      },
    ],
  ])('%j has nothing to be said about', (statement) => {
    expect(codes(policy(statement))).toEqual([]);
  });

  it('finds statements that others make needless', () => {
    const get = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
    expect(codes(policy(get, { Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::b/*' }))).toEqual(['REDUNDANT_STATEMENT']);
    expect(codes(policy(get, { Effect: 'Deny', Action: 's3:*', Resource: '*' }))).toEqual(['STATEMENT_DENIED_ELSEWHERE']);
    expect(codes(policy(get, { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }))).toEqual(
      [],
    );
    expect(codes(policy(get, { ...get, Action: 's3:PutObject' }))).toEqual([]);
  });

  it('names one of two equal statements', () => {
    const get = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
    expect(codes(policy(get, get))).toEqual(['REDUNDANT_STATEMENT']);
  });
});

describe('findings about principals', () => {
  it.each<[string, PolicyKind, string]>([
    [allow({}), 'resource', 'MISSING_PRINCIPAL'],
    [principal('*'), 'resource', 'ALLOW_EVERYONE_WITHOUT_CONDITION'],
    [principal({ AWS: '*' }), 'resource', 'ALLOW_EVERYONE_WITHOUT_CONDITION'],
    [principal('all'), 'resource', 'INVALID_PRINCIPAL_FORMAT'],
    [principal({}), 'resource', 'EMPTY_OBJECT_PRINCIPAL'],
    [principal({ AWS: [] }), 'resource', 'EMPTY_ARRAY_PRINCIPAL'],
    [principal({ aws: '*' }), 'resource', 'INVALID_PRINCIPAL_KEY'],
    [principal({ AWS: 'arn:aws:iam::123456789012:user/*' }), 'resource', 'UNSUPPORTED_WILDCARD_IN_PRINCIPAL'],
    [principal({ Service: 'sns' }), 'resource', 'INVALID_SERVICE_PRINCIPAL_FORMAT'],
    [principal({ Service: 'sns.amazonaws.com' }), 'resource', 'RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL'],
    [trust({ Service: 'scheduler.amazonaws.com' }), 'trust', 'RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL'],
    [trust({ AWS: '*' }), 'trust', 'ALLOW_EVERYONE_WITHOUT_CONDITION'],
    [
      trust({ Federated: 'arn:aws:iam::123456789012:oidc-provider/id.example.com' }, { Action: 'sts:AssumeRoleWithWebIdentity' }),
      'trust',
      'MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL',
    ],
    [trust({ AWS: '123456789012' }, { Action: 's3:GetObject' }), 'trust', 'UNSUPPORTED_ACTION_IN_POLICY'],
    [trust({ AWS: '123456789012' }, { Resource: '*' }), 'trust', 'INVALID_POLICY_ELEMENT'],
    [allow({ NotPrincipal: { AWS: '123456789012' } }), 'resource', 'ALLOW_WITH_NOT_PRINCIPAL'],
    [allow({ Principal: '*' }), 'service-control', 'SCP_SYNTAX_ERROR_PRINCIPAL'],
    [allow({ Principal: '*' }), 'resource-control', 'RCP_SYNTAX_ERROR_ALLOW'],
  ])('%s as %s has %s', (text, kind, code) => {
    expect(codes(text, kind)).toContain(code);
  });

  it.each<[string, PolicyKind]>([
    [principal('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }), 'resource'],
    [principal({ Service: 'sns.amazonaws.com' }, { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:123456789012:t' } } }), 'resource'],
    [trust({ Service: 'ec2.amazonaws.com' }), 'trust'],
    [trust({ AWS: 'arn:aws:iam::123456789012:root' }, { Condition: { StringEquals: { 'sts:ExternalId': 'a' } } }), 'trust'],
    [
      trust(
        { Federated: 'arn:aws:iam::123456789012:oidc-provider/id.example.com' },
        { Action: 'sts:AssumeRoleWithWebIdentity', Condition: { StringEquals: { 'id.example.com:sub': 'a' } } },
      ),
      'trust',
    ],
  ])('%s as %s has nothing to be said about', (text, kind) => {
    expect(codes(text, kind)).toEqual([]);
  });
});

describe('a finding', () => {
  it('says where: the path in AWS’s form, lines from 1, columns and offsets from 0', () => {
    const text =
      '{\n  "Version": "2012-10-17",\n  "Statement": [{\n    "Effect": "Allow",\n    "Action": ["s3:GetObject", "s3:Nope"],\n    "Resource": "*"\n  }]\n}';
    const [finding] = findingsIn(text, 'identity');
    const offset = text.indexOf('"s3:Nope"');
    expect(finding?.locations).toEqual([
      {
        path: [{ value: 'Statement' }, { index: 0 }, { value: 'Action' }, { index: 1 }],
        span: { start: { line: 5, column: 31, offset }, end: { line: 5, column: 40, offset: offset + 9 } },
      },
    ]);
  });

  it('says where a key stands', () => {
    const text = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Act\\u0069ons":"x","Action":"s3:GetObject","Resource":"*"}}';
    const finding = findingsIn(text, 'identity').find(({ issueCode }) => issueCode === 'INVALID_POLICY_ELEMENT');
    const [location] = finding?.locations ?? [];
    expect(location?.path).toEqual([{ value: 'Statement' }, { key: 'Actions' }]);
    expect(text.slice(location?.span.start.offset, location?.span.end.offset)).toBe('"Act\\u0069ons"');
  });

  it('stands before those that weigh less', () => {
    const order = findingsIn(policy({ Sid: '', Effect: 'Allow', Action: ['s3:Nope', 'iam:PassRole'], Resource: '*' }), 'identity').map(
      ({ findingType }) => findingType,
    );
    expect(order).toEqual(['ERROR', 'SECURITY_WARNING', 'SUGGESTION']);
  });

  it('links to the section of its code', () => {
    expect(issues.get('PASS_ROLE_WITH_STAR_IN_RESOURCE')?.learnMoreLink).toBe(
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-security-warning-pass-role-with-star-in-resource',
    );
    for (const [code, { learnMoreLink }] of issues)
      expect([code, learnMoreLink]).toEqual([code, expect.stringMatching(/^https:\/\/docs\.aws\.amazon\.com\//)]);
  });

  it('is one of a bounded number', () => {
    const text = policy({ Effect: 'Allow', Action: Array.from({ length: 3000 }, (_, at) => `s3:Nope${at}`), Resource: '*' });
    expect(findingsIn(text, 'identity')).toHaveLength(findingsMax);
  });
});

describe('whatever the text', () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      '*',
      's3:*',
      's3:GetObject',
      'arn:aws:s3:::b/*',
      'arn:aws:s3',
      '${aws:username}',
      '${',
      'Allow',
      'Deny',
      'true',
      '2012-10-17',
      'a*b?',
      '',
    ),
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
  const condition = fc.dictionary(
    fc.constantFrom('StringEquals', 'ForAllValues:StringLike', 'NumericLessThan', 'Null', 'IpAddress', 'DateLessThan', 'Bool', 'ArnLike', 'Nope'),
    fc.dictionary(fc.constantFrom('aws:username', 'aws:SourceIp', 'aws:CurrentTime', 'aws:TagKeys', 's3:prefix', 'bad', 'aws:'), value, {
      maxKeys: 2,
    }),
    { maxKeys: 3 },
  );
  const statement = fc.record(
    {
      Sid: scalar,
      Effect: fc.constantFrom('Allow', 'Deny', 'x'),
      Action: value,
      NotAction: value,
      Resource: value,
      NotResource: value,
      Principal: fc.oneof(scalar, fc.dictionary(fc.constantFrom('AWS', 'Service', 'x'), value, { maxKeys: 2 })),
      Condition: fc.oneof(condition, scalar),
    },
    { requiredKeys: [] },
  );
  const kinds = fc.constantFrom<PolicyKind>(
    'identity',
    'resource',
    'trust',
    'boundary',
    'session',
    'service-control',
    'resource-control',
    'endpoint',
  );
  const document = fc.record({ Version: scalar, Statement: fc.oneof(statement, fc.array(statement, { maxLength: 3 })) }, { requiredKeys: [] });

  it('there is an error where the store refuses, and nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          document.map((of) => JSON.stringify(of)),
          fc.string(),
          fc.json(),
        ),
        kinds,
        (text, kind) => {
          const findings = findingsIn(text, kind, { nowMs: 0 });
          let refused = false;
          try {
            parsePolicy(text, kind);
          } catch {
            refused = true;
          }
          if (refused) expect(findings.some(({ findingType }) => findingType === 'ERROR')).toBe(true);
          for (const { locations } of findings) for (const { span } of locations) expect(span.start.offset).toBeLessThanOrEqual(span.end.offset);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('the answer is the same twice', () => {
    fc.assert(
      fc.property(document, kinds, (of, kind) => {
        expect(findingsIn(JSON.stringify(of), kind)).toEqual(findingsIn(JSON.stringify(of), kind));
      }),
      { numRuns: 50 },
    );
  });
});
