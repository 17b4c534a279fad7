import { chmodSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DerivedSecrets, newKeyRing, parseKeyRing, readKeyRing, writeKeyRing } from './key-ring.ts';

const ringOf = (id: string, fill: number) => ({ primary: id, keys: new Map([[id, new Uint8Array(32).fill(fill)]]) });

describe('derived secrets', () => {
  const secrets = new DerivedSecrets(ringOf('one', 1));

  it('are the same every time for a key id, 40 characters long, and differ by id and by master key', () => {
    const secret = secrets.secretAccessKey('one', 'AKIAQAAAAAAAAAAAAAAA');
    expect(secret).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(new DerivedSecrets(ringOf('one', 1)).secretAccessKey('one', 'AKIAQAAAAAAAAAAAAAAA')).toBe(secret);
    expect(secrets.secretAccessKey('one', 'AKIAQAAAAAAAAAAAAAAB')).not.toBe(secret);
    expect(new DerivedSecrets(ringOf('one', 2)).secretAccessKey('one', 'AKIAQAAAAAAAAAAAAAAA')).not.toBe(secret);
  });

  it('tell a right master key from a wrong one by a value that is not the key', () => {
    expect(secrets.checkValue('one')).not.toBe(new DerivedSecrets(ringOf('one', 2)).checkValue('one'));
    expect(secrets.checkValue('one')).toMatch(/^[0-9a-f]{32}$/);
  });

  it('old ones stay good while their master key is in the ring', () => {
    const both = new DerivedSecrets({ primary: 'two', keys: new Map([...ringOf('one', 1).keys, ...ringOf('two', 2).keys]) });
    expect(both.secretAccessKey('one', 'AKIA1')).toBe(secrets.secretAccessKey('one', 'AKIA1'));
    expect(both.open(secrets.seal('x', 'ASIA1', 'u'), 'ASIA1')).toBe('x');
  });
});

describe('a sealed token', () => {
  const secrets = new DerivedSecrets(ringOf('one', 1));
  const token = secrets.seal('{"kind":"AssumedRole"}', 'ASIA1', 'session-1');

  it('opens for its access key and for no other', () => {
    expect(secrets.open(token, 'ASIA1')).toBe('{"kind":"AssumedRole"}');
    expect(secrets.open(token, 'ASIA2')).toBeUndefined();
    expect(new DerivedSecrets(ringOf('one', 9)).open(token, 'ASIA1')).toBeUndefined();
    expect(new DerivedSecrets(ringOf('two', 1)).open(token, 'ASIA1')).toBeUndefined();
  });

  it('is refused after every cut and every changed bit', () => {
    for (let length = 0; length < token.length; length++) expect(secrets.open(token.slice(0, length), 'ASIA1')).toBeUndefined();
    const bytes = Buffer.from(token, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      expect(secrets.open(changed.toString('base64'), 'ASIA1')).toBeUndefined();
    }
  });

  it('is refused in another spelling of the same bytes', () => {
    expect(secrets.open(`${token}=`, 'ASIA1')).toBeUndefined();
    expect(secrets.open(` ${token}`, 'ASIA1')).toBeUndefined();
    expect(secrets.open(token.replace(/.{4}/, '$&\n'), 'ASIA1')).toBeUndefined();
  });
});

describe('the file of master keys', () => {
  const file = (): string => join(mkdtempSync(join(tmpdir(), 'iam-ledger-keys-')), 'master-keys.json');

  it('is written for its owner alone, never over another, and read back', () => {
    const path = file();
    const ring = newKeyRing();
    writeKeyRing(path, ring);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readKeyRing(path)).toEqual({ primary: ring.primary, keys: new Map([...ring.keys].map(([id, key]) => [id, Buffer.from(key)])) });
    expect(() => writeKeyRing(path, newKeyRing())).toThrow('exists already');
  });

  it('is refused when others may read it', () => {
    const path = file();
    writeKeyRing(path, newKeyRing());
    chmodSync(path, 0o640);
    expect(() => readKeyRing(path)).toThrow('chmod 600');
  });

  it.each([
    ['text', 'not JSON'],
    ['{}', 'must have the form'],
    ['{"primary":"a","keys":{"a":"c2hvcnQ="}}', '32 bytes'],
    [`{"primary":"b","keys":{"a":"${Buffer.alloc(32).toString('base64')}"}}`, "primary 'b'"],
  ])('is refused as %s with a message that names it and tells nothing of its content', (text, message) => {
    const path = file();
    writeFileSync(path, text, { mode: 0o600 });
    expect(() => readKeyRing(path)).toThrow(message);
    expect(() => parseKeyRing(text, 'THE SOURCE')).toThrow('THE SOURCE');
  });
});
