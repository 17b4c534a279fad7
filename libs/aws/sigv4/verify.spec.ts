import { describe, expect, it } from '@jest/globals';
import {
  IncompleteSignature,
  InvalidClientTokenId,
  InvalidParameterCombination,
  MalformedQueryString,
  MissingAuthenticationToken,
  RequestExpired,
  SignatureDoesNotMatch,
} from '../errors/common.ts';
import { presignRequest, signRequest, type SigningOptions } from './sign.ts';
import { deriveSigningKey, formatAmzDate } from './signing-key.ts';
import { verifyRequest, type RawRequest, type VerifyOptions } from './verify.ts';

const now = new Date('2026-03-04T05:06:07Z');
const signer: SigningOptions = { accessKeyId: 'AKIAQAAAAAAAEXAMPLE7', secretAccessKey: 'not-a-secret', region: 'us-east-1', service: 'iam', now };
const options: VerifyOptions = {
  now,
  clockSkewSeconds: 300,
  services: new Set(['iam', 'sts']),
  isRegion: (region) => region === 'us-east-1',
  signingKey: (accessKeyId, date, region, service) =>
    accessKeyId === signer.accessKeyId ? deriveSigningKey(signer.secretAccessKey, date, region, service) : undefined,
};
const body = Buffer.from('Action=ListUsers&Version=2010-05-08');
const headers = { host: 'iam.test', 'content-type': 'application/x-www-form-urlencoded' };

type Headers = Readonly<Record<string, string>>;
const raw = (sent: Headers, over: Partial<RawRequest> = {}): RawRequest => ({
  method: 'POST',
  target: '/',
  rawHeaders: Object.entries(sent).flat(),
  body,
  ...over,
});
const signed = (more: Headers = {}, over: Partial<SigningOptions> = {}): Record<string, string> => ({
  ...signRequest({ method: 'POST', target: '/', headers: { ...headers, ...more }, body }, { ...signer, ...over }).headers,
});
const presigned = (over: Partial<SigningOptions & { expiresSeconds: number }> = {}): string =>
  presignRequest(
    { method: 'GET', target: '/?Action=ListUsers&Version=2010-05-08', headers: { host: 'iam.test' }, body: new Uint8Array() },
    { ...signer, expiresSeconds: 900, ...over },
  ).target;
const get = (target: string, more: Headers = {}): RawRequest => ({
  method: 'GET',
  target,
  rawHeaders: Object.entries({ host: 'iam.test', ...more }).flat(),
  body: new Uint8Array(),
});
const withAuthorization = (change: (value: string) => string, more: Headers = {}): RawRequest => {
  const sent = signed(more);
  return raw({ ...sent, authorization: change(sent['authorization'] ?? '') });
};
/** Signs with exactly these headers named as signed, whatever is sent. */
const signedOnly = (names: readonly string[], sent: Headers): RawRequest => {
  const chosen = Object.fromEntries(names.map((name) => [name, sent[name] ?? '']));
  const { authorization } = signRequest({ method: 'POST', target: '/', headers: chosen, body }, signer).headers;
  return raw({ ...sent, 'x-amz-date': formatAmzDate(now), authorization: authorization ?? '' });
};
const at = (moment: string): VerifyOptions => ({ ...options, now: new Date(moment) });

describe('a signed request', () => {
  it('says who signed it and what is signed', () => {
    const invocation = { 'amz-sdk-invocation-id': 'a-b-c', 'user-agent': 'x' };
    expect(verifyRequest(raw(signed(invocation)), options)).toMatchObject({
      accessKeyId: signer.accessKeyId,
      date: '20260304',
      region: 'us-east-1',
      service: 'iam',
      form: 'header',
      invocationId: 'a-b-c',
      signedAt: now,
      signedHeaders: ['amz-sdk-invocation-id', 'content-type', 'host', 'user-agent', 'x-amz-date'],
    });
  });

  it('names no invocation that is not signed', () => {
    expect(verifyRequest(raw({ ...signed(), 'amz-sdk-invocation-id': 'a' }), options)).not.toHaveProperty('invocationId');
  });

  it('carries the session token that it signs, in either form', () => {
    expect(verifyRequest(raw(signed({}, { sessionToken: 'a/b+c==' })), options).sessionToken).toBe('a/b+c==');
    expect(verifyRequest(get(presigned({ sessionToken: 'a/b+c==' })), options).sessionToken).toBe('a/b+c==');
  });

  it('may be signed up to the clock skew ago or ahead', () => {
    for (const moment of ['2026-03-04T05:11:07Z', '2026-03-04T05:01:07Z']) expect(verifyRequest(raw(signed()), at(moment)).signedAt).toEqual(now);
  });

  it('may be presigned, until its time is over to the second', () => {
    expect(verifyRequest(get(presigned()), at('2026-03-04T05:21:07Z'))).toMatchObject({ form: 'query', accessKeyId: signer.accessKeyId });
  });

  it('may spell percent-encoding in lower case', () => {
    expect(verifyRequest(get(presigned().replace('%2F', '%2f')), options).form).toBe('query');
  });

  it('is looked up only once its form is right', () => {
    let lookups = 0;
    const counting: VerifyOptions = { ...options, signingKey: () => ((lookups += 1), undefined) };
    expect(() =>
      verifyRequest(
        withAuthorization((value) => value.slice(0, -1)),
        counting,
      ),
    ).toThrow(SignatureDoesNotMatch);
    expect(() =>
      verifyRequest(
        withAuthorization((value) => value.replace('AKIA', 'AK A')),
        counting,
      ),
    ).toThrow(InvalidClientTokenId);
    expect(lookups).toBe(0);
  });
});

describe('a request is refused', () => {
  const cases: readonly [string, new (message: string) => Error, string, RawRequest, VerifyOptions?][] = [
    ['without a signature', MissingAuthenticationToken, 'missing Authentication Token', raw(headers)],
    ['with a bearer token', IncompleteSignature, 'algorithm', raw({ ...headers, authorization: 'Bearer x' })],
    ['with Basic credentials', IncompleteSignature, 'algorithm', raw({ ...headers, authorization: 'Basic eDp5' })],
    ['with a version 2 signature', IncompleteSignature, 'algorithm', raw({ ...headers, authorization: 'AWS AKID:sig' })],
    ['with the algorithm alone', IncompleteSignature, "requires 'Credential'", raw({ ...headers, authorization: 'AWS4-HMAC-SHA256' })],
    ...['Credential', 'SignedHeaders', 'Signature'].flatMap((field): [string, typeof IncompleteSignature, string, RawRequest][] => [
      [
        `without ${field}`,
        IncompleteSignature,
        `requires '${field}'`,
        withAuthorization((value) => value.replace(new RegExp(`${field}=[^,]*,? ?`), '').replace(/, $/, '')),
      ],
      [
        `with ${field} empty`,
        IncompleteSignature,
        `requires '${field}'`,
        withAuthorization((value) => value.replace(new RegExp(`${field}=[^,]*`), `${field}=`)),
      ],
      [
        `with ${field} twice`,
        IncompleteSignature,
        'each once',
        withAuthorization((value) => `${value}, ${new RegExp(`${field}=[^,]*`).exec(value)?.[0] ?? ''}`),
      ],
    ]),
    ...['a/b/c', 'a/b/c/d', 'a/b/c/d/e/f', '/b/c/d/e', 'a/b/c/d/'].map((credential): [string, typeof IncompleteSignature, string, RawRequest] => [
      `with the credential ${credential}`,
      IncompleteSignature,
      'exactly 5',
      withAuthorization((value) => value.replace(/Credential=[^,]*/, `Credential=${credential}`)),
    ]),
    ['by an unknown key', InvalidClientTokenId, 'security token', raw(signed({}, { accessKeyId: 'AKIAQAAAAAAAEXAMPLE6' }))],
    ['by the right key with another secret', SignatureDoesNotMatch, 'we calculated', raw(signed({}, { secretAccessKey: 'other' }))],
    [
      'with a signature in upper case',
      SignatureDoesNotMatch,
      'we calculated',
      withAuthorization((value) => value.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase())),
    ],
    ['with a signature of 63 digits', SignatureDoesNotMatch, 'we calculated', withAuthorization((value) => value.slice(0, -1))],
    ['with a signature of 65 digits', SignatureDoesNotMatch, 'we calculated', withAuthorization((value) => `${value}0`)],
    [
      'with a signature that is no hex',
      SignatureDoesNotMatch,
      'we calculated',
      withAuthorization((value) => value.replace(/[0-9a-f]{64}$/, 'z'.repeat(64))),
    ],
    ['with host not signed', SignatureDoesNotMatch, "'Host'", signedOnly(['content-type'], headers)],
    [
      'with signed headers not sorted',
      SignatureDoesNotMatch,
      'we calculated',
      withAuthorization((value) => value.replace('content-type;host', 'host;content-type')),
    ],
    ['with a signed header in upper case', SignatureDoesNotMatch, 'we calculated', withAuthorization((value) => value.replace(';host', ';Host'))],
    ['with a signed header twice', SignatureDoesNotMatch, 'we calculated', withAuthorization((value) => value.replace('host;', 'host;host;'))],
    [
      'with a signed header that is absent',
      SignatureDoesNotMatch,
      'we calculated',
      withAuthorization((value) => value.replace('host;', 'host;missing;')),
    ],
    [
      'with a signed header that stands in the query only',
      SignatureDoesNotMatch,
      'we calculated',
      { ...withAuthorization((value) => value.replace('host;', 'host;missing;')), target: '/?missing=' },
    ],
    ['with an unsigned x-amz header', SignatureDoesNotMatch, 'not signed', raw({ ...signed(), 'x-amz-meta': 'x' })],
    ['with an unsigned session token', SignatureDoesNotMatch, 'not signed', raw({ ...signed(), 'X-Amz-Security-Token': 'x' })],
    ['without any date', IncompleteSignature, 'Date', raw(Object.fromEntries(Object.entries(signed()).filter(([name]) => name !== 'x-amz-date')))],
    ...['20260230T000000Z', '2026-01-01T00:00:00Z', '1772600767', '20260304T050607+01', '20260304T056007Z', '20260304T240000Z'].map(
      (date): [string, typeof IncompleteSignature, string, RawRequest] => [
        `with the date ${date}`,
        IncompleteSignature,
        'ISO-8601',
        raw({ ...signed(), 'x-amz-date': date }),
      ],
    ),
    [
      'five minutes and a second later',
      SignatureDoesNotMatch,
      'Signature expired: 20260304T050607Z is now earlier than 20260304T050608Z (20260304T051108Z - 5 min.)',
      raw(signed()),
      at('2026-03-04T05:11:08Z'),
    ],
    ['fifteen minutes and a second later', RequestExpired, 'expired', raw(signed()), at('2026-03-04T05:21:08Z')],
    [
      'five minutes and a second early',
      SignatureDoesNotMatch,
      'Signature not yet current: 20260304T050607Z is still later than 20260304T050606Z (20260304T050106Z + 5 min.)',
      raw(signed()),
      at('2026-03-04T05:01:06Z'),
    ],
    [
      'with a scope of another day',
      SignatureDoesNotMatch,
      "'20260303' != '20260304', from '20260304T050607Z'.",
      withAuthorization((value) => value.replace('/20260304/', '/20260303/')),
    ],
    ['with a scope of another region', SignatureDoesNotMatch, "valid Region, not 'us-east-2'", raw(signed({}, { region: 'us-east-2' }))],
    ['with a scope of another service', SignatureDoesNotMatch, "correct service: 'iam' or 'sts'", raw(signed({}, { service: 's3' }))],
    [
      'with another terminator',
      SignatureDoesNotMatch,
      "'aws4_request', not 'aws3_request'",
      withAuthorization((value) => value.replace('aws4_request', 'aws3_request')),
    ],
    ...[
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'UNSIGNED-PAYLOAD',
      'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      '',
    ].map((hash): [string, typeof SignatureDoesNotMatch, string, RawRequest] => [
      `with the stated body hash '${hash}'`,
      SignatureDoesNotMatch,
      'x-amz-content-sha256',
      raw(signed({ 'x-amz-content-sha256': hash })),
    ]),
    ['with another body', SignatureDoesNotMatch, 'we calculated', raw(signed(), { body: Buffer.from('Action=DeleteUser') })],
    ['signed in the header and in the query', InvalidParameterCombination, 'not in both', raw(signed(), { target: '/?X-Amz-Signature=x' })],
    ['with a credential in the query and no signature', IncompleteSignature, "'X-Amz-Signature'", get('/?X-Amz-Credential=a%2Fb%2Fc%2Fd%2Fe')],
    ['with two signatures in the query', InvalidParameterCombination, 'twice', get(`${presigned()}&X-Amz-Signature=x`)],
    ['with two signatures in the query that differ in case', InvalidParameterCombination, 'twice', get(`${presigned()}&x-amz-signature=x`)],
    [
      'with its query signature in another case',
      IncompleteSignature,
      "'X-Amz-Signature'",
      get(presigned().replace('X-Amz-Signature', 'X-Amz-signature')),
    ],
    ['presigned, with a date in a header too', InvalidParameterCombination, 'x-amz-date', get(presigned(), { 'x-amz-date': '20260304T050607Z' })],
    ...['0', '-1', '604801', 'abc', '1e3', '', '0900', '1000000'].map((expires): [string, typeof IncompleteSignature, string, RawRequest] => [
      `presigned for '${expires}' seconds`,
      IncompleteSignature,
      'X-Amz-Expires',
      get(presigned().replace('X-Amz-Expires=900', `X-Amz-Expires=${expires}`)),
    ]),
    ['presigned without an end', IncompleteSignature, 'X-Amz-Expires', get(presigned().replace('&X-Amz-Expires=900', ''))],
    [
      'presigned, a second after its end',
      SignatureDoesNotMatch,
      'Signature expired: 20260304T052107Z is now earlier than 20260304T052108Z',
      get(presigned()),
      at('2026-03-04T05:21:08Z'),
    ],
    ['presigned for longer than the server takes', IncompleteSignature, 'from 1 to 60', get(presigned()), { ...options, expiresSecondsMax: 60 }],
    ['presigned where that is not taken', InvalidParameterCombination, 'query string', get(presigned()), { ...options, queryFormAllowed: false }],
    ['presigned for GET and sent by POST', SignatureDoesNotMatch, 'we calculated', { ...get(presigned()), method: 'POST' }],
    ['presigned, with an action appended', SignatureDoesNotMatch, 'we calculated', get(`${presigned()}&Action=DeleteUser`)],
    ['presigned, with __proto__ appended', SignatureDoesNotMatch, 'we calculated', get(`${presigned()}&__proto__=x`)],
    [
      'presigned, with a plus for a space',
      SignatureDoesNotMatch,
      'we calculated',
      get(
        presignRequest(
          { method: 'GET', target: '/?a=%20', headers: { host: 'iam.test' }, body: new Uint8Array() },
          { ...signer, expiresSeconds: 900 },
        ).target.replace('a=%20', 'a=+'),
      ),
    ],
    ['with an invalid percent in its query', MalformedQueryString, '', raw(signed(), { target: '/?a=%ZZ' })],
    ['with an empty part in its query', MalformedQueryString, '', raw(signed(), { target: '/?a=1&&b=2' })],
    ...['/foo', '//', '/%2e%2e/', '/a/../', 'http://evil/', '*', ''].map((target): [string, typeof MalformedQueryString, string, RawRequest] => [
      `at the target '${target}'`,
      MalformedQueryString,
      'path',
      raw(signed(), { target }),
    ]),
    ...['//', '/a//b', '/./a', '/a/..', '/%2e%2E/a', '/a/.%2e', 'a', 'http://evil/'].map(
      (target): [string, typeof MalformedQueryString, string, RawRequest, VerifyOptions] => [
        `at the target '${target}' though every path exists`,
        MalformedQueryString,
        'path',
        raw(signed(), { target }),
        { ...options, isPath: () => true },
      ],
    ),
    ...['Host', 'Authorization', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256', 'Content-Type', 'X-Amz-Target'].map(
      (name): [string, typeof IncompleteSignature, string, RawRequest] => [
        `with two headers ${name}`,
        IncompleteSignature,
        'twice',
        raw({ ...signed() }, { rawHeaders: [...Object.entries(signed()).flat(), name, 'a', name.toLowerCase(), 'a'] }),
      ],
    ),
  ];

  // Gathered in a rest: with five parameters and rows of four, Jest would hand over a `done` callback as the fifth.
  it.each(cases)('%s', (...[, error, message, request, verifyOptions]) => {
    let thrown: unknown;
    try {
      verifyRequest(request, verifyOptions ?? options);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(error);
    expect((thrown as Error).message).toContain(message);
  });
});
