import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { accountIdOf, isAccessKeyId, newAccessKeyId, newUniqueId } from './ids.ts';

const account = fc.integer({ min: 0, max: 999_999_999_999 }).map((number) => String(number).padStart(12, '0'));

describe('an access key id', () => {
  it('names its account, whatever the random bytes', () => {
    fc.assert(
      fc.property(
        account,
        fc.uint8Array({ minLength: 5, maxLength: 5 }),
        fc.constantFrom('AKIA' as const, 'ASIA' as const),
        (accountId, bytes, prefix) => {
          const id = newAccessKeyId(prefix, accountId, () => bytes);
          expect(id).toMatch(/^A[KS]IA[A-Z2-7]{16}$/);
          expect(isAccessKeyId(id)).toBe(true);
          expect(accountIdOf(id)).toBe(accountId);
        },
      ),
    );
  });

  it('of AWS itself names its account in the same way', () => {
    expect(accountIdOf('ASIAY34FZKBOKMUTVV7A')).toBe('609629065308');
    expect(accountIdOf('ASIAQNZGKIQY56JQ7WML')).toBe('029608264753');
  });

  it('differs for different random bytes', () => {
    const ids = Array.from({ length: 256 }, (_, byte) => newAccessKeyId('AKIA', '000000000001', () => Uint8Array.from([byte, byte, 0, 0, byte])));
    expect(new Set(ids).size).toBe(256);
  });

  it.each([
    '',
    'AKIAIOSFODNN7EXAMPLE',
    'AKIA',
    'AIDAQAAAAAAA3CTAHJK4',
    'AKIAQAAAAAAA3CTAHJK',
    'AKIAQAAAAAAA3CTAHJK41',
    'akiaqaaaaaaa3ctahjk4',
    'AKIAQAAAAAAA3CTAHJK1',
    'AKIA7777777777777777',
  ])('%j names none', (id) => {
    expect(accountIdOf(id)).toBeUndefined();
  });

  it('is not made for what is no account', () => {
    for (const text of ['1', '00000000000x', '']) expect(() => newAccessKeyId('AKIA', text, randomBytes)).toThrow(TypeError);
  });
});

describe('a unique id', () => {
  it('is its prefix and 17 base32 characters', () => {
    for (const prefix of ['AIDA', 'AROA', 'AGPA', 'AIPA', 'ANPA', 'ANVA', 'ABIA', 'ACCA', 'ASCA'] as const)
      expect(newUniqueId(prefix, randomBytes)).toMatch(new RegExp(`^${prefix}[A-Z2-7]{17}$`));
    expect(newUniqueId('APKA', randomBytes)).toMatch(/^APKA[A-Z2-7]{16}$/);
  });

  it('is a function of its random bytes, and uses each letter evenly', () => {
    expect(newUniqueId('AIDA', (size) => new Uint8Array(size))).toBe(`AIDA${'A'.repeat(17)}`);
    const letters = Array.from({ length: 256 }, (_, byte) => newUniqueId('AIDA', (size) => new Uint8Array(size).fill(byte)).at(-1));
    expect(new Set(letters).size).toBe(32);
    for (const letter of new Set(letters)) expect(letters.filter((other) => other === letter)).toHaveLength(8);
  });
});
