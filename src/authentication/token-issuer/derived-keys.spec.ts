import { createPrivateKey, createPublicKey, sign, verify, type webcrypto } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { ellipticKey, rsaKey } from './derived-keys.ts';

/** A machine that does much else takes its time. */
jest.setTimeout(60_000);

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

/** Signs and verifies with the key, as OpenSSL reads it; it checks for itself that the parts of a key belong together. */
function works(jwk: object, hash: string): boolean {
  const privateKey = createPrivateKey({ key: jwk as webcrypto.JsonWebKey, format: 'jwk' });
  const content = Buffer.from('content');
  return verify(hash, content, createPublicKey(privateKey), sign(hash, content, privateKey));
}

describe('a derived key on P-384', () => {
  it('is a key, always the same for a seed, and another one for another seed', () => {
    const keys = [1, 2, 3, 255, 0].map((byte) => ellipticKey(seed(byte)));
    expect(keys.every((key) => works(key, 'sha384'))).toBe(true);
    expect(new Set(keys.map(({ x }) => x)).size).toBe(keys.length);
    expect(ellipticKey(seed(1))).toEqual(keys[0]);
    expect(keys.every(({ d }) => Buffer.from(d!, 'base64url').length === 48)).toBe(true); // a private key has d
  });
});

describe('a derived RSA key', () => {
  it('is a key of 2048 bits, always the same for a seed, and another one for another seed', async () => {
    const [first, again, other] = await Promise.all([rsaKey(seed(1)), rsaKey(seed(1)), rsaKey(seed(2))]);
    expect(again).toEqual(first);
    expect(other.n).not.toBe(first.n);
    for (const key of [first, other]) {
      expect(createPublicKey({ key: key as webcrypto.JsonWebKey, format: 'jwk' }).asymmetricKeyDetails).toEqual({
        modulusLength: 2048,
        publicExponent: 65_537n,
      });
      expect(works(key, 'sha256')).toBe(true);
    }
  });

  it('has the parts that the arithmetic of RSA asks for', async () => {
    const key = await rsaKey(seed(9));
    const number = (name: 'n' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'): bigint => BigInt(`0x${Buffer.from(key[name]!, 'base64url').toString('hex')}`); // an RSA key has all
    const [p, q] = [number('p'), number('q')];
    expect(p * q).toBe(number('n'));
    expect(p > q).toBe(true);
    expect([(number('d') * 65_537n) % (p - 1n), (number('d') * 65_537n) % (q - 1n)]).toEqual([1n, 1n]);
    expect((number('qi') * q) % p).toBe(1n);
    expect([number('dp'), number('dq')]).toEqual([number('d') % (p - 1n), number('d') % (q - 1n)]);
  });
});
