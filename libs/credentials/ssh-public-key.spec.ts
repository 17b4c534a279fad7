import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UnusablePublicKey, readSshPublicKey } from './ssh-public-key.ts';

const rsa = (modulusLength: number): KeyObject => generateKeyPairSync('rsa', { modulusLength }).publicKey;
const key = rsa(2048);
const pemOf = (publicKey: KeyObject): string => String(publicKey.export({ format: 'pem', type: 'spki' }));
const whole = readSshPublicKey(pemOf(key));

/** `unrecognized` or `invalid`; fails where the text is taken. */
function reasonOf(text: string): string {
  try {
    readSshPublicKey(text);
  } catch (error) {
    if (error instanceof UnusablePublicKey) return error.reason;
    throw error;
  }
  return 'taken';
}

const field = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const openSsh = (...fields: readonly Uint8Array[]): string => `ssh-rsa ${Buffer.concat(fields.map(field)).toString('base64')}`;

describe('a public key', () => {
  it('is the same in every encoding that is taken', () => {
    expect(whole.pem).toBe(pemOf(key).trimEnd());
    expect(readSshPublicKey(String(key.export({ format: 'pem', type: 'pkcs1' })))).toEqual(whole);
    expect(readSshPublicKey(whole.openSsh)).toEqual(whole);
    expect(readSshPublicKey(`${whole.openSsh} bob@example.com\n`)).toEqual(whole);
    expect(readSshPublicKey(`\n${whole.pem}\n`)).toEqual(whole);
  });

  it('has to be RSA of 2048 bits or more', () => {
    expect(reasonOf(pemOf(rsa(1024)))).toBe('invalid');
    expect(reasonOf(pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey))).toBe('invalid');
    expect(reasonOf('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZvbw==')).toBe('unrecognized');
    expect(reasonOf(pemOf(rsa(3072)))).toBe('taken');
  });

  it('is unrecognized in any other form', () => {
    for (const text of ['hello', 'ssh-rsa', '', pemOf(key).replaceAll('PUBLIC', 'PRIVATE'), pemOf(key).replace('-----END PUBLIC KEY-----', '')])
      expect(reasonOf(text)).toBe('unrecognized');
  });

  it('is invalid where it is cut anywhere, has more than it should, or says two things', () => {
    const blob = Buffer.from(whole.openSsh.slice('ssh-rsa '.length), 'base64');
    for (let length = 1; length < blob.length; length++) expect(reasonOf(`ssh-rsa ${blob.subarray(0, length).toString('base64')}`)).toBe('invalid');
    expect(reasonOf(`ssh-rsa ${Buffer.concat([blob, field(Buffer.from('x'))]).toString('base64')}`)).toBe('invalid');
    const name = Buffer.from('ssh-rsa');
    const modulus = Buffer.concat([Buffer.alloc(1), Buffer.alloc(256, 0xab)]);
    expect(reasonOf(openSsh(Buffer.from('ssh-dss'), Buffer.from([1, 0, 1]), modulus))).toBe('invalid');
    expect(reasonOf(openSsh(name, Buffer.from([1, 0, 1]), modulus.subarray(1)))).toBe('invalid'); // negative
    expect(reasonOf(openSsh(name, Buffer.from([1]), modulus))).toBe('invalid');
    expect(reasonOf(openSsh(name, Buffer.from([2]), modulus))).toBe('invalid');
    expect(reasonOf(openSsh(name, Buffer.alloc(0), modulus))).toBe('invalid');
    expect(reasonOf(openSsh(name, Buffer.from([1, 0, 1]), modulus))).toBe('taken');
    expect(reasonOf('ssh-rsa A*B=')).toBe('invalid');
    expect(reasonOf('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----')).toBe('invalid');
  });
});

const present = spawnSync('ssh-keygen', ['-?']).error === undefined;
(present ? describe : describe.skip)(`ssh-keygen${present ? '' : ' (SKIPPED: it is not here)'}`, () => {
  it('makes keys that are taken, and shows the same fingerprint', () => {
    const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-'));
    try {
      const file = join(directory, 'key');
      spawnSync('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-C', 'bob', '-f', file]);
      const text = readFileSync(`${file}.pub`, 'utf8');
      const shown = String(spawnSync('ssh-keygen', ['-l', '-E', 'md5', '-f', `${file}.pub`]).stdout);
      const read = readSshPublicKey(text);
      expect(shown).toContain(`MD5:${read.fingerprint} `);
      expect(text.startsWith(`${read.openSsh} `)).toBe(true);
      expect(String(spawnSync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', `${file}.pub`]).stdout).trimEnd()).toBe(read.pem);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
