import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makeCertificate } from '../../test/support/certificates.ts';
import { UnreadableCertificate, brokenLink, isKeyOf, readCertificate } from './certificate.ts';

const root = makeCertificate('root', { authority: true });
const intermediate = makeCertificate('intermediate', { issuer: root, authority: true });
const leaf = makeCertificate('www.example.com', { issuer: intermediate, notAfter: new Date('2030-06-01T12:00:00Z') });

describe('a certificate', () => {
  it('is read with its dates, and is the same however its text is broken up', () => {
    const read = readCertificate(leaf.pem);
    expect(read).toMatchObject({ pem: leaf.pem, notBefore: new Date('2025-01-01T00:00:00Z'), notAfter: new Date('2030-06-01T12:00:00Z') });
    expect(readCertificate(`subject=CN=www\r\n${leaf.pem.replaceAll('\n', '\r\n')}\r\n`)).toEqual(read);
    expect(readCertificate(root.pem).digest).not.toBe(read.digest);
  });

  it('is one, in PEM, and nothing else', () => {
    const broken = [
      '',
      'hello',
      `${leaf.pem}\n${root.pem}`,
      leaf.pem.replaceAll('CERTIFICATE', 'PUBLIC KEY'),
      `${leaf.pem}\n${leaf.privateKeyPem}`,
      leaf.pem.replace('-----END CERTIFICATE-----', ''),
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      leaf.pem.split('\n').toSpliced(2, 1).join('\n'),
    ];
    for (const text of broken) expect(() => readCertificate(text)).toThrow(UnreadableCertificate);
  });
});

describe('a chain', () => {
  it('goes from each certificate to its issuer', () => {
    expect(brokenLink(leaf.pem, intermediate.pem)).toBeUndefined();
    expect(brokenLink(leaf.pem, `${intermediate.pem}\n${root.pem}`)).toBeUndefined();
    expect(brokenLink(leaf.pem, `${root.pem}\n${intermediate.pem}`)).toBe(0);
    expect(brokenLink(leaf.pem, `${intermediate.pem}\n${intermediate.pem}`)).toBe(1);
    expect(brokenLink(leaf.pem, leaf.pem)).toBe(0);
  });

  it('does not go to one that only has the name of the issuer', () => {
    expect(brokenLink(leaf.pem, makeCertificate('intermediate', { issuer: root, authority: true }).pem)).toBe(0);
  });

  it('is of certificates, and not endless', () => {
    expect(() => brokenLink(leaf.pem, 'hello')).toThrow(UnreadableCertificate);
    expect(() => brokenLink(leaf.pem, Array<string>(33).fill(intermediate.pem).join('\n'))).toThrow(UnreadableCertificate);
  });
});

describe('a private key', () => {
  it('belongs to the certificate of its public key', () => {
    expect(isKeyOf(leaf.pem, leaf.privateKeyPem)).toBe(true);
    expect(isKeyOf(leaf.pem, root.privateKeyPem)).toBe(false);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const made = makeCertificate('rsa', { privateKey });
    expect(isKeyOf(made.pem, String(privateKey.export({ format: 'pem', type: 'pkcs1' })))).toBe(true);
  });

  it('is unencrypted, and never repeated in a message', () => {
    const encrypted = String(leaf.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' }));
    for (const text of [encrypted, 'hello', leaf.pem]) {
      expect(() => isKeyOf(leaf.pem, text)).toThrow(new UnreadableCertificate('The private key is not an unencrypted one in PEM.'));
    }
  });
});
