import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { CompactSign, SignJWT, exportJWK, type JWK } from 'jose';
import { AwsError } from '../../../libs/aws/index.ts';
import type { WebIdentity } from '../../iam/identity-providers.ts';
import type { OidcProvider } from '../../iam/oidc-providers/oidc-provider.ts';
import { FetchFailed } from './guarded-fetch.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { verifyWebIdentityToken } from './web-identity-token.ts';

/** A machine that does much else takes its time. */
jest.setTimeout(60_000);

const issuer = 'https://idp.example/main';
const provider: OidcProvider = { url: issuer, providerId: 'p', createDate: '', clientIds: ['web', 'cli'], thumbprints: [], tags: [] };
const now = new Date('2026-01-01T12:00:00Z');
const seconds = now.getTime() / 1000;
const claims = { iss: issuer, sub: 'alice', aud: 'web', iat: seconds - 10, exp: seconds + 600 };
const header = { alg: 'RS256', kid: 'rsa' };

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
let published: (JWK & { kid: string })[];
beforeAll(async () => {
  published = [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', use: 'sig' },
    { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256' },
    { ...(await exportJWK(weak.publicKey)), kid: 'weak' },
    { ...(await exportJWK(rsa.publicKey)), kid: 'twice' },
    { ...(await exportJWK(stranger.publicKey)), kid: 'twice' },
  ];
});

function keysOf(failure?: FetchFailed): IssuerKeys {
  const fetch = async (url: string): Promise<Uint8Array> => {
    if (failure !== undefined) throw failure;
    return Buffer.from(JSON.stringify(url.includes('well-known') ? { issuer, jwks_uri: 'https://idp.example/keys' } : { keys: published }));
  };
  return new IssuerKeys({ allowedIssuers: [], keysLastGoodSeconds: 900 }, fetch);
}

const verify = (token: string, keys = keysOf()): Promise<WebIdentity> =>
  verifyWebIdentityToken(token, (url) => (url === issuer ? provider : undefined), now, { keys, tokenLifetimeSecondsMax: 86_400 });

async function refusal(token: string, keys = keysOf()): Promise<string> {
  try {
    await verify(token, keys);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

/** Signs claims exactly as they are given, whatever they are. */
const sign = (content: object | string, protectedHeader: object = header, key: KeyObject = rsa.privateKey): Promise<string> =>
  new CompactSign(Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)))
    .setProtectedHeader(protectedHeader as { alg: string })
    .sign(key);
const without = (name: keyof typeof claims): object => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

describe('a web identity token', () => {
  it('is taken where everything is right, by RSA and by elliptic curve', async () => {
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'rsa', typ: 'JWT' }).sign(rsa.privateKey);
    expect(await verify(token)).toMatchObject({ issuer, subject: 'alice', audience: 'web', tags: [], transitiveTagKeys: [] });
    expect(await verify(await sign(claims, { alg: 'ES256', kid: 'ec' }, ec.privateKey))).toMatchObject({ subject: 'alice' });
    expect(await verify(await sign({ ...claims, aud: ['cli'] }))).toMatchObject({ audience: 'cli' });
  });

  it('says what conditions can ask for', async () => {
    const said = {
      ...claims,
      azp: 'cli',
      aud: ['api', 'web'],
      amr: ['pwd', 'otp'],
      email_verified: true,
      level: 3,
      address: { city: 'x' },
      list: [1],
    };
    expect((await verify(await sign(said))).claims).toEqual({
      iss: issuer,
      sub: 'alice',
      iat: String(claims.iat),
      exp: String(claims.exp),
      azp: 'cli',
      amr: ['pwd', 'otp'],
      email_verified: 'true',
      level: '3',
      aud: 'cli',
      oaud: ['api', 'web'],
    });
  });

  it('says what AWS is to know, nested or flat', async () => {
    const nested = { principal_tags: { Team: ['blue'], Cost: ['1'] }, transitive_tag_keys: ['Team'] };
    const identity = { 'https://aws.amazon.com/source_identity': 'alice@idp' };
    const expected = {
      tags: expect.arrayContaining([
        { Key: 'Team', Value: 'blue' },
        { Key: 'Cost', Value: '1' },
      ]),
      transitiveTagKeys: ['Team'],
      sourceIdentity: 'alice@idp',
    };
    expect(await verify(await sign({ ...claims, ...identity, 'https://aws.amazon.com/tags': nested }))).toMatchObject(expected);
    const flat = {
      'https://aws.amazon.com/tags/principal_tags/Team': 'blue',
      'https://aws.amazon.com/tags/principal_tags/Cost': ['1'],
      'https://aws.amazon.com/tags/transitive_tag_keys': ['Team'],
    };
    expect(await verify(await sign({ ...claims, ...identity, ...flat }))).toMatchObject(expected);
  });
});

describe('a web identity token that was changed', () => {
  it('is refused at every length but its own', async () => {
    const token = await sign(claims, { alg: 'ES256', kid: 'ec' }, ec.privateKey);
    const keys = keysOf();
    const taken: number[] = [];
    for (let length = 0; length < token.length; length += 1) if ((await refusal(token.slice(0, length), keys)) === 'taken') taken.push(length);
    expect(taken).toEqual([]);
    expect(await refusal(`${token}A`, keys)).toContain('InvalidIdentityToken');
    expect(await refusal(`${token}=`, keys)).toContain('InvalidIdentityToken');
    expect(await refusal(`${token}\n`, keys)).toContain('InvalidIdentityToken');
    expect(await refusal(token, keys)).toBe('taken');
  });

  it('is refused with any bit of any character flipped, by a declared error', async () => {
    const token = await sign(claims, { alg: 'ES256', kid: 'ec' }, ec.privateKey);
    const keys = keysOf();
    const taken: string[] = [];
    for (let at = 0; at < token.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const changed = token.slice(0, at) + String.fromCharCode(token.charCodeAt(at) ^ (1 << bit)) + token.slice(at + 1);
        if (!/^(InvalidIdentityToken|ExpiredTokenException): /.test(await refusal(changed, keys))) taken.push(`${at}/${bit}`);
      }
    }
    expect(taken).toEqual([]);
  });
});

describe('a web identity token with a confused algorithm', () => {
  const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const unsigned = (alg: string): string => `${encode({ alg, kid: 'rsa' })}.${encode(claims)}.`;
  const hmacSigned = (alg: string, secret: string): string => {
    const content = `${encode({ alg, kid: 'rsa' })}.${encode(claims)}`;
    return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
  };

  it.each(['none', 'None', 'NONE', 'nOnE', ''])('is refused with alg %p', async (alg) => {
    expect(await refusal(unsigned(alg))).toContain('InvalidIdentityToken');
    expect(await refusal(`${unsigned(alg)}${encode('x')}`)).toContain('InvalidIdentityToken');
  });

  it.each(['HS256', 'hs256'])('is refused where the public key is used as a secret with %s', async (alg) => {
    for (const secret of [publicPem, publicPem.trim(), JSON.stringify(published[0]), published[0]!.n!, ''])
      expect(await refusal(hmacSigned(alg, secret))).toContain('InvalidIdentityToken');
  });

  it('is refused where the algorithm is not that of the key', async () => {
    expect(await refusal(await sign(claims, { alg: 'PS256', kid: 'rsa' }))).toContain('InvalidIdentityToken');
    expect(await refusal(await sign(claims, { alg: 'RS256', kid: 'ec' }))).toContain('InvalidIdentityToken');
    expect(await refusal(await sign(claims, { alg: 'ES256', kid: 'rsa' }, ec.privateKey))).toContain('InvalidIdentityToken');
  });

  it('is refused with a key that is too short, and with parameters that must be understood', async () => {
    const content = `${encode({ alg: 'RS256', kid: 'weak' })}.${encode(claims)}`;
    const { sign: signBytes } = await import('node:crypto');
    expect(await refusal(`${content}.${signBytes('sha256', Buffer.from(content), weak.privateKey).toString('base64url')}`)).toContain(
      'InvalidIdentityToken',
    );
    const critical = `${encode({ ...header, crit: ['x'], x: 1 })}.${encode(claims)}`;
    expect(await refusal(`${critical}.${signBytes('sha256', Buffer.from(critical), rsa.privateKey).toString('base64url')}`)).toContain(
      'InvalidIdentityToken',
    );
    const detached = `${encode({ ...header, crit: ['b64'], b64: false })}.${encode(claims)}`;
    expect(await refusal(`${detached}.${signBytes('sha256', Buffer.from(detached), rsa.privateKey).toString('base64url')}`)).toContain(
      'InvalidIdentityToken',
    );
  });
});

describe('a web identity token with a key of its own choice', () => {
  it('is refused where it is signed by another key under a known name', async () => {
    expect(await refusal(await sign(claims, header, stranger.privateKey))).toContain('InvalidIdentityToken');
  });

  it.each([
    ['no key', { alg: 'RS256' }],
    ['a number', { alg: 'RS256', kid: 1 }],
    ['an unknown key', { alg: 'RS256', kid: 'nobody' }],
    ['a name of a prototype', { alg: 'RS256', kid: '__proto__' }],
    ['a file', { alg: 'RS256', kid: '../../../../dev/null' }],
    ['an SQL text', { alg: 'RS256', kid: "x' UNION SELECT 'key" }],
    ['a name in another case', { alg: 'RS256', kid: 'RSA' }],
    ['a name that two keys have', { alg: 'RS256', kid: 'twice' }],
  ])('is refused where it names %s', async (_what, protectedHeader) => {
    expect(await refusal(await sign(claims, protectedHeader))).toContain('InvalidIdentityToken');
  });

  it('is refused, and nothing is fetched from where it says, where it brings its key or an address of it', async () => {
    const own = await exportJWK(stranger.publicKey);
    for (const brought of [{ jwk: own }, { jku: 'https://evil.example/keys' }, { x5u: 'https://evil.example/cert' }]) {
      expect(await refusal(await sign(claims, { ...header, ...brought }, stranger.privateKey))).toContain('InvalidIdentityToken');
      expect(await refusal(await sign(claims, { ...header, ...brought }))).toContain('InvalidIdentityToken');
    }
  });

  it('is refused where it is made for something else', async () => {
    for (const typ of ['logout+jwt', 'secevent+jwt', 'dpop+jwt', 7])
      expect(await refusal(await sign(claims, { ...header, typ }))).toContain('InvalidIdentityToken');
    for (const typ of ['JWT', 'jwt', 'at+jwt', 'application/at+jwt']) expect(await refusal(await sign(claims, { ...header, typ }))).toBe('taken');
  });
});

describe('a web identity token with claims that do not hold', () => {
  it.each([
    ['no issuer', without('iss')],
    ['another issuer', { ...claims, iss: 'https://evil.example' }],
    ['the issuer with a slash at its end', { ...claims, iss: `${issuer}/` }],
    ['the issuer in another case', { ...claims, iss: issuer.toUpperCase() }],
    ['the issuer of another tenant', { ...claims, iss: 'https://idp.example/other' }],
    ['several issuers', { ...claims, iss: [issuer] }],
    ['no audience', without('aud')],
    ['another audience', { ...claims, aud: 'other' }],
    ['an audience in another case', { ...claims, aud: 'WEB' }],
    ['our audience and another', { ...claims, aud: ['web', 'other'] }],
    ['an empty list of audiences', { ...claims, aud: [] }],
    ['an audience that is no text', { ...claims, aud: { web: true } }],
    ['another party that it was made for', { ...claims, azp: 'other' }],
    ['a party that is no text', { ...claims, azp: ['web'] }],
    ['no subject', without('sub')],
    ['an empty subject', { ...claims, sub: '' }],
    ['a subject that is no text', { ...claims, sub: 7 }],
    ['a subject that is too long', { ...claims, sub: 'x'.repeat(256) }],
    ['no end', without('exp')],
    ['an end that is no number', { ...claims, exp: String(claims.exp) }],
    ['an end in 27 years', { ...claims, exp: seconds + 27 * 365 * 86_400 }],
    ['no time of issue', without('iat')],
    ['a time of issue in the future', { ...claims, iat: seconds + 3600, exp: seconds + 7200 }],
    ['a time of issue that is no number', { ...claims, iat: '0' }],
    ['a beginning in the future', { ...claims, nbf: seconds + 3600 }],
    ['a beginning that is no number', { ...claims, nbf: 'now' }],
    ['two claims that differ in case alone', { ...claims, SUB: 'root' }],
    ['a tag that is no text', { ...claims, 'https://aws.amazon.com/tags': { principal_tags: { Team: 7 } } }],
    ['a tag with two values', { ...claims, 'https://aws.amazon.com/tags': { principal_tags: { Team: ['a', 'b'] } } }],
    ['tags that are no object', { ...claims, 'https://aws.amazon.com/tags': 'Team=blue' }],
    ['a source identity that is none', { ...claims, 'https://aws.amazon.com/source_identity': 'a b' }],
  ])('is refused with %s', async (_what, content) => {
    expect(await refusal(await sign(content))).toMatch(/^InvalidIdentityToken: /);
  });

  it('is refused as expired where its time is over, by more than clocks differ', async () => {
    expect(await refusal(await sign({ ...claims, iat: seconds - 3600, exp: seconds - 61 }))).toMatch(/^ExpiredTokenException: Token expired/);
    expect(await refusal(await sign({ ...claims, iat: seconds - 3600, exp: seconds - 59 }))).toBe('taken');
    expect(await refusal(await sign({ ...claims, iat: seconds - 2 * 86_400 }))).toMatch(/^ExpiredTokenException/);
  });

  it('is refused where a member stands there twice, in the claims or in the header', async () => {
    const text = JSON.stringify(claims);
    expect(await refusal(await sign(text.replace('{', '{"sub":"root",')))).toContain('could not be read');
    const content = `${encode('{"alg":"RS256","kid":"rsa","alg":"none"}')}.${encode(claims)}`;
    expect(await refusal(`${content}.${encode('x')}`)).toContain('could not be read');
  });

  it.each([
    ['nothing', ''],
    ['dots', '..'],
    ['five parts', 'a.b.c.d.e'],
    ['an array', '[]'],
    ['a number', '7'],
    ['a text', '"text"'],
    ['what is not JSON', '{'],
    ['a name of a prototype', '{"__proto__":{"sub":"root"}}'],
    ['depth', '['.repeat(10_000)],
  ])('is refused where there is %s in place of claims', async (_what, text) => {
    expect(await refusal(await sign(text === '' ? ' ' : text))).toContain('InvalidIdentityToken');
    expect(await refusal(text)).toContain('InvalidIdentityToken');
  });
});

describe('an issuer that can not be asked', () => {
  it('is told apart from a token that is not good', async () => {
    expect(await refusal(await sign(claims), keysOf(new FetchFailed('it is down')))).toBe(
      'IDPCommunicationError: The keys of the identity provider could not be fetched: it is down.',
    );
  });
});
