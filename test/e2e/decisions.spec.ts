import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signRequest } from '../../libs/aws/index.ts';
import { accountId, allow, createUser, deny, startServer, trust, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

let server: TestServer;
let admin: SignedClient;
let bob: SignedClient;

const bobArn = `arn:aws:iam::${accountId}:user/bob`;

beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  bob = await createUser(
    admin,
    'bob',
    allow('s3:GetObject', 'arn:aws:s3:::bucket/${aws:username}/*', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
    deny('s3:*', 'arn:aws:s3:::bucket/bob/secret'),
  );
});
afterAll(() => server.stop());

async function decisions(
  requests: readonly object[],
  more: object = {},
): Promise<{ PrincipalArn: string; Decision: string; Statements?: object[]; MissingContextKeys?: string[]; BlockedBy?: string }[]> {
  const { status, body } = await admin.ledger('authorize', { Requests: requests, ...more });
  expect([status, body.slice(0, 300)]).toEqual([200, expect.any(String)]);
  return (JSON.parse(body) as { Decisions: [] }).Decisions;
}

const get = (key: string, more: object = {}) => ({
  PrincipalArn: bobArn,
  Action: 's3:GetObject',
  Resource: `arn:aws:s3:::bucket/${key}`,
  Context: { 'aws:SourceIp': '203.0.113.5' },
  ...more,
});

describe('/v1/authorize', () => {
  it('decides many requests at once, each for itself', async () => {
    const outcomes = await decisions([
      get('bob/file'),
      get('bob/secret'),
      get('ann/file'),
      get('bob/file', { Context: {} }),
      get('bob/file', { Action: 's3:PutObject' }),
    ]);
    expect(outcomes.map(({ Decision }) => Decision)).toEqual([
      'Allowed',
      'ExplicitlyDenied',
      'ImplicitlyDenied',
      'ImplicitlyDenied',
      'ImplicitlyDenied',
    ]);
  });

  it('explains when asked: statements with their policy and place, and what was missing', async () => {
    const [allowed, refused] = await decisions([get('bob/file'), get('bob/file', { Context: {} })], { Explain: true });
    expect(allowed!.Statements).toEqual([
      expect.objectContaining({ PolicyId: 'user/bob/inline/own', Layer: 'identity', StatementIndex: 0, Effect: 'Allow', Line: 1 }),
    ]);
    expect(refused).toMatchObject({ Decision: 'ImplicitlyDenied', MissingContextKeys: ['aws:SourceIp'] });
  });

  it('knows who an access key and a session stand for', async () => {
    const { accessKeyId } = bob.credentials;
    expect(await decisions([{ ...get('bob/file'), PrincipalArn: undefined, AccessKeyId: accessKeyId }])).toEqual([
      { PrincipalArn: bobArn, Decision: 'Allowed' },
    ]);
    await admin.mustIam('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:user/admin`) });
    await admin.mustIam('PutRolePolicy', {
      RoleName: 'reader',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: allow('s3:*') }),
    });
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: allow('s3:GetObject') });
    const { body } = await admin.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/reader`, RoleSessionName: 'session', Policy: policy });
    const element = (name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(body)![1]!;
    const asked = { AccessKeyId: element('AccessKeyId'), SessionToken: element('SessionToken'), Resource: 'arn:aws:s3:::x/y' };
    const outcomes = await decisions([
      { ...asked, Action: 's3:GetObject' },
      { ...asked, Action: 's3:PutObject' },
    ]);
    expect(outcomes.map(({ Decision }) => Decision)).toEqual(['Allowed', 'ImplicitlyDenied']);
    expect(outcomes[0]!.PrincipalArn).toBe(`arn:aws:sts::${accountId}:assumed-role/reader/session`);
  });

  it('takes a resource policy, and decides as of an earlier moment', async () => {
    const resourcePolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: { ...allow('s3:PutObject', 'arn:aws:s3:::bucket/*'), Principal: { AWS: bobArn } },
    });
    const asked = get('ann/x', { Action: 's3:PutObject' });
    expect((await decisions([asked, { ...asked, ResourcePolicy: resourcePolicy }])).map(({ Decision }) => Decision)).toEqual([
      'ImplicitlyDenied',
      'Allowed',
    ]);
    const before = String(server.parts.ledger.head());
    await admin.mustIam('DeleteUserPolicy', { UserName: 'bob', PolicyName: 'own' });
    expect((await decisions([get('bob/file')]))[0]!.Decision).toBe('ImplicitlyDenied');
    expect((await decisions([get('bob/file')], { AsOf: before }))[0]!.Decision).toBe('Allowed');
  });

  it.each([
    [{ Requests: [] }, 400],
    [{ Requests: [{ Action: 's3:GetObject' }] }, 400],
    [{ Requests: [{ PrincipalArn: bobArn, Action: 'GetObject' }] }, 400],
    [{ Requests: [{ PrincipalArn: bobArn, Action: 's3:GetObject', Context: { 'aws:PrincipalArn': 'x' } }] }, 400],
    [{ Requests: [{ PrincipalArn: bobArn, Action: 's3:GetObject', Contxt: {} }] }, 400],
    [{ Requests: [{ PrincipalArn: `${bobArn}by`, Action: 's3:GetObject' }] }, 404],
    [{ Requests: [{ PrincipalArn: bobArn, Action: 's3:GetObject', ResourcePolicy: '{' }] }, 400],
  ])('refuses %j', async (input, status) => {
    expect((await admin.ledger('authorize', input)).status).toBe(status);
  });

  it('is itself authorized, and recorded without session tokens', async () => {
    expect((await bob.ledger('authorize', { Requests: [get('bob/file')] })).status).toBe(403);
    await server.parts.activity.flush();
    await server.parts.history.waitFor(server.parts.ledger.head());
    const { calls } = await server.parts.history.search({ eventName: 'Authorize', order: 'newest', limit: 50 });
    expect(calls.some(({ metadata }) => metadata.errorCode === 'AccessDenied')).toBe(true);
    expect(calls.some(({ metadata }) => metadata.requestParameters?.['requests'] === 5)).toBe(true);
  });
});

describe('/v1/verify-signature', () => {
  const received = (target = '/bucket/a%20b?list-type=2', body = 'hello') => {
    const { accessKeyId, secretAccessKey } = bob.credentials;
    const signed = signRequest(
      { method: 'PUT', target, headers: { host: 'files.example', 'x-amz-meta-n': '1' }, body: Buffer.from(body) },
      { accessKeyId, secretAccessKey, region: 'eu-central-1', service: 's3', now: new Date() },
    );
    return { Method: 'PUT', Target: target, Headers: signed.headers, BodySha256: createHash('sha256').update(body).digest('hex'), Service: 's3' };
  };

  it('tells who signed a request that an application received', async () => {
    const { status, body } = await admin.ledger('verify-signature', received());
    expect([status, JSON.parse(body)]).toEqual([
      200,
      expect.objectContaining({
        Verified: true,
        PrincipalArn: bobArn,
        AccountId: accountId,
        Region: 'eu-central-1',
        Service: 's3',
        SignedHeaders: ['host', 'x-amz-date', 'x-amz-meta-n'],
      }),
    ]);
  });

  it.each([
    ['another body', { BodySha256: createHash('sha256').update('other').digest('hex') }],
    ['another target', { Target: '/bucket/other' }],
    ['another method', { Method: 'GET' }],
    ['another service', { Service: 'sqs' }],
  ])('says that the signature does not hold for %s', async (_what, change) => {
    const { status, body } = await admin.ledger('verify-signature', { ...received(), ...change });
    expect([status, JSON.parse(body)]).toEqual([200, { Verified: false, Error: { Code: 'SignatureDoesNotMatch', Message: expect.any(String) } }]);
  });

  it('says so for a key that was deleted', async () => {
    const request = received();
    await admin.mustIam('DeleteAccessKey', { UserName: 'bob', AccessKeyId: bob.credentials.accessKeyId });
    expect(JSON.parse((await admin.ledger('verify-signature', request)).body)).toMatchObject({
      Verified: false,
      Error: { Code: 'InvalidClientTokenId' },
    });
  });
});
