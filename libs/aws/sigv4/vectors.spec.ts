import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SignatureDoesNotMatch } from '../errors/common.ts';
import { compare } from './canonical.ts';
import { presignRequest, signRequest } from './sign.ts';
import { deriveSigningKey } from './signing-key.ts';
import { readHeaders, verifyRequest, type RawRequest, type VerifyOptions } from './verify.ts';

const root = join(process.env['IAM_LEDGER_SHARED'] ?? '../shared', 'vectors/sigv4');
const whenPresent = existsSync(root) ? describe : describe.skip;
const reason = existsSync(root) ? '' : ` (skipped: no ${root})`;
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const verifyOptions: VerifyOptions = {
  now: new Date('2015-08-30T12:36:00Z'),
  clockSkewSeconds: 300,
  services: new Set(['service']),
  isRegion: (region) => region === 'us-east-1',
  signingKey: (accessKeyId, date, region, service) =>
    accessKeyId === 'AKIDEXAMPLE' ? deriveSigningKey(secretAccessKey, date, region, service) : undefined,
  isPath: () => true,
};

/** Files are read as bytes: the vectors hold raw UTF-8 in paths and queries. */
const read = (path: string): string => readFileSync(path, 'latin1').replaceAll('\r\n', '\n');

function parse(text: string): RawRequest {
  const bodyStart = text.indexOf('\n\n');
  const [requestLine = '', ...lines] = (bodyStart < 0 ? text : text.slice(0, bodyStart)).split('\n');
  const rawHeaders: string[] = [];
  for (const line of lines) {
    if (line === '') continue;
    if (line.startsWith(' ')) rawHeaders.push(`${rawHeaders.pop() ?? ''}\n${line}`);
    else rawHeaders.push(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1));
  }
  return {
    method: requestLine.slice(0, requestLine.indexOf(' ')),
    target: requestLine.slice(requestLine.indexOf(' ') + 1, requestLine.lastIndexOf(' ')),
    rawHeaders,
    body: Buffer.from(bodyStart < 0 ? '' : text.slice(bodyStart + 2), 'latin1'),
  };
}

/** What the verifier refuses although the vector is right: paths that need folding, and a session token that nothing covers. */
const pathNeedsFolding = /^(get-relative|get-slash)/;
const tokenNotSigned = 'post-sts-header-after';

interface Context {
  readonly credentials: { readonly access_key_id: string; readonly secret_access_key: string; readonly token?: string };
  readonly expiration_in_seconds: number;
  readonly normalize: boolean;
  readonly region: string;
  readonly service: string;
  readonly sign_body: boolean;
  readonly timestamp: string;
  readonly omit_session_token?: boolean;
}

whenPresent(`the vectors of aws-c-auth${reason}`, () => {
  const suite = join(root, 'aws-c-auth/tests/aws-signing-test-suite/v4');
  const cases = existsSync(suite) ? readdirSync(suite).sort() : [];

  it('are all there', () => {
    expect(cases).toHaveLength(38);
  });

  for (const name of cases) {
    const file = (part: string): string => read(join(suite, name, part));
    const context = JSON.parse(file('context.json')) as Context;
    const request = parse(file('request.txt'));
    const headers = Object.fromEntries(readHeaders(request.rawHeaders));
    const { sign_body: signBody, normalize, region, service, omit_session_token: tokenLater } = context;
    const token = tokenLater === true ? {} : context.credentials.token === undefined ? {} : { sessionToken: context.credentials.token };
    const options = {
      accessKeyId: context.credentials.access_key_id,
      secretAccessKey: context.credentials.secret_access_key,
      ...token,
      region,
      service,
      now: new Date(context.timestamp),
      normalizePath: normalize,
    };

    it(`${name} is signed as there, in a header`, () => {
      const bodyHash = signBody ? { 'x-amz-content-sha256': file('header-canonical-request.txt').split('\n').at(-1) ?? '' } : {};
      const signed = signRequest({ ...request, headers: { ...headers, ...bodyHash } }, options);
      expect(signed.canonicalRequest).toBe(file('header-canonical-request.txt'));
      expect(signed.stringToSign).toBe(file('header-string-to-sign.txt'));
      expect(signed.signature).toBe(file('header-signature.txt'));
    });

    it(`${name} is signed as there, in the query`, () => {
      const signed = presignRequest({ ...request, headers }, { ...options, expiresSeconds: context.expiration_in_seconds });
      expect(signed.canonicalRequest).toBe(file('query-canonical-request.txt'));
      expect(signed.stringToSign).toBe(file('query-string-to-sign.txt'));
      expect(signed.signature).toBe(file('query-signature.txt'));
    });

    for (const form of ['header', 'query'] as const) {
      const signed = parse(file(`${form}-signed-request.txt`));
      if (name === tokenNotSigned) {
        it(`${name} is refused in the ${form}: its session token is not signed`, () => {
          expect(() => verifyRequest(signed, verifyOptions)).toThrow(SignatureDoesNotMatch);
        });
      } else if (pathNeedsFolding.test(name)) {
        it(`${name} is refused in the ${form}: its path is not in its shortest form`, () => {
          expect(() => verifyRequest(signed, verifyOptions)).toThrow('path');
        });
      } else {
        it(`${name} is verified in the ${form}`, () => {
          const verified = verifyRequest(signed, verifyOptions);
          expect(verified).toMatchObject({
            form,
            accessKeyId: 'AKIDEXAMPLE',
            date: '20150830',
            region,
            service,
            signature: file(`${form}-signature.txt`),
          });
          expect(verified.sessionToken).toBe(context.credentials.token);
        });
      }
    }
  }
});

whenPresent(`the vectors of botocore${reason}`, () => {
  const suite = join(root, 'botocore/tests/unit/auth/aws4_testsuite');
  const cases = existsSync(suite)
    ? readdirSync(suite, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.req'))
        .map((path) => join(suite, path))
        .sort(compare)
    : [];

  it('are all there', () => {
    expect(cases).toHaveLength(34);
  });

  for (const path of cases) {
    const name = basename(path, '.req');
    const file = (extension: string): string => read(join(dirname(path), `${name}.${extension}`));
    it(`${name} is signed as there`, () => {
      const request = parse(file('req'));
      const headers = Object.fromEntries(readHeaders(request.rawHeaders));
      delete headers['x-amz-date'];
      delete headers['x-amz-security-token'];
      const sessionToken = name === tokenNotSigned ? undefined : readHeaders(parse(file('sreq')).rawHeaders).get('x-amz-security-token');
      const signed = signRequest(
        { ...request, headers },
        {
          accessKeyId: 'AKIDEXAMPLE',
          secretAccessKey,
          region: 'us-east-1',
          service: 'service',
          now: verifyOptions.now,
          normalizePath: true,
          ...(sessionToken === undefined ? {} : { sessionToken }),
        },
      );
      expect(signed.canonicalRequest).toBe(file('creq'));
      expect(signed.stringToSign).toBe(file('sts'));
      expect(signed.headers['authorization']).toBe(file('authz'));
    });
  }
});
