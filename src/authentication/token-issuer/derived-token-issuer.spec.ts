import { randomBytes } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { DerivedSecrets, type KeyRing } from '../key-ring.ts';
import { DerivedTokenIssuer } from './derived-token-issuer.ts';

/** A machine that does much else takes its time. */
jest.setTimeout(60_000);

const publicUrl = 'https://iam.example';
const rotation = 7200;
const ring: KeyRing = { primary: 'a', keys: new Map([['a', randomBytes(32)]]) };
const issuerOf = (keys: KeyRing = ring) => new DerivedTokenIssuer(new DerivedSecrets(keys), { publicUrl, keyRotationSeconds: rotation });
const accountId = '123456789012';
/** So many seconds after the beginning of a slot. */
const at = (seconds: number): Date => new Date((rotation * 250_000 + seconds) * 1000);
const token = (issuer: DerivedTokenIssuer, now: Date, algorithm: 'RS256' | 'ES384' = 'ES384') =>
  issuer.sign({ sub: 'me' }, { accountId, algorithm, now });
const kids = async (issuer: DerivedTokenIssuer, now: Date) => (await issuer.publicKeys(accountId, now)).keys.map(({ kid }) => kid);

describe('the keys of an issuer', () => {
  it('verify its tokens of both algorithms, and show nothing private', async () => {
    const issuer = issuerOf();
    const { keys } = await issuer.publicKeys(accountId, at(5000));
    for (const algorithm of ['RS256', 'ES384'] as const)
      expect((await jwtVerify(await token(issuer, at(5000), algorithm), createLocalJWKSet({ keys: [...keys] }))).payload).toEqual({ sub: 'me' });
    expect(keys.flatMap((key) => Object.keys(key)).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].includes(name))).toEqual([]);
  });

  it('are the same after a restart and on another node, and others for another account or master key', async () => {
    const first = await kids(issuerOf(), at(5000));
    expect(await kids(issuerOf(), at(5000))).toEqual(first);
    const other = (await issuerOf().publicKeys('210987654321', at(5000))).keys.map(({ kid }) => kid);
    const foreign = await kids(issuerOf({ primary: 'a', keys: new Map([['a', randomBytes(32)]]) }), at(5000));
    expect([...other, ...foreign].filter((kid) => first.includes(kid))).toEqual([]);
  });

  it('change with the time; the last one is published until its last token is dead, the next one before it signs', async () => {
    const issuer = issuerOf();
    const kidAt = async (seconds: number) => decodeProtectedHeader(await token(issuer, at(seconds))).kid;
    const [before, current, next] = [await kidAt(-1), await kidAt(0), await kidAt(rotation)];
    expect(new Set([before, current, next]).size).toBe(3);
    expect(await kidAt(rotation - 1)).toBe(current);
    const published = async (seconds: number) => {
      const all = await kids(issuer, at(seconds));
      return [before, current, next].map((kid) => all.includes(kid));
    };
    expect(await published(0)).toEqual([true, true, false]);
    expect(await published(3599)).toEqual([true, true, false]);
    expect(await published(3899)).toEqual([true, true, true]);
    expect(await published(3900)).toEqual([false, true, true]);
    expect(await published(rotation - 1)).toEqual([false, true, true]);
  });

  it('of a former master key stay published', async () => {
    const old = await token(issuerOf(), at(5000));
    const rotated = issuerOf({ primary: 'b', keys: new Map([...ring.keys, ['b', randomBytes(32)]]) });
    const { keys } = await rotated.publicKeys(accountId, at(5000));
    const found = createLocalJWKSet({ keys: [...keys] });
    await jwtVerify(old, found);
    await jwtVerify(await token(rotated, at(5000)), found);
  });
});
