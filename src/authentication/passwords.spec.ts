import { describe, expect, it } from '@jest/globals';
import { DerivedSecrets } from './key-ring.ts';
import { Passwords } from './passwords.ts';

const secretsOf = (fill: number) => new DerivedSecrets({ primary: 'k', keys: new Map([['k', new Uint8Array(32).fill(fill)]]) });
const passwords = new Passwords(secretsOf(1), { memoryKiB: 8192, passes: 1, concurrencyMax: 2 });

describe('password hashes', () => {
  it('verify the password and nothing else, and do not hold it', async () => {
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=8192,t=1,p=1,keyid=k\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/);
    expect(hash).not.toContain('correct horse');
    expect(await passwords.verify(hash, 'correct horse')).toBe(true);
    expect(await passwords.verify(hash, 'correct horse ')).toBe(false);
    expect(await passwords.verify(hash, '')).toBe(false);
  });

  it('differ for the same password, and are worthless without the pepper', async () => {
    const [one, two] = [await passwords.hash('same'), await passwords.hash('same')];
    expect(one).not.toBe(two);
    expect(await new Passwords(secretsOf(2), { memoryKiB: 8192, passes: 1, concurrencyMax: 2 }).verify(one, 'same')).toBe(false);
  });

  it('that are not ours verify nothing', async () => {
    expect(await passwords.verify('$2b$10$abcdefghijklmnopqrstuv', 'x')).toBe(false);
    expect(await passwords.verify('', '')).toBe(false);
  });

  it('are made a bounded number at a time, and all of them', async () => {
    const narrow = new Passwords(secretsOf(1), { memoryKiB: 8192, passes: 1, concurrencyMax: 1 });
    const hashes = await Promise.all(Array.from({ length: 8 }, (_, index) => narrow.hash(`p${index}`)));
    expect(new Set(hashes).size).toBe(8);
  });
});
