import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A certificate made for a test, with its private key. */
export interface MadeCertificate {
  readonly pem: string;
  readonly privateKey: KeyObject;
  readonly privateKeyPem: string;
  readonly name: string;
}

interface Terms {
  /** Who issues it; itself by default. */
  readonly issuer?: MadeCertificate;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly privateKey?: KeyObject;
  readonly serial?: number;
  readonly authority?: boolean;
}

/** Makes an X.509 certificate (RFC 5280) for a common name: ECDSA on P-256 with SHA-256. */
export function makeCertificate(name: string, terms: Terms = {}): MadeCertificate {
  const privateKey = terms.privateKey ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const signer = terms.issuer ?? { name, privateKey };
  const rsa = signer.privateKey.asymmetricKeyType === 'rsa';
  const algorithm = rsa ? sequence(objectId('2a864886f70d01010b'), der(0x05)) : sequence(objectId('2a8648ce3d040302'));
  const basicConstraints = sequence(
    sequence(objectId('551d13'), der(0x01, Buffer.from([0xff])), der(0x04, sequence(der(0x01, Buffer.from([0xff]))))),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([0x01, terms.serial ?? 1])),
    algorithm,
    nameOf(signer.name),
    sequence(time(terms.notBefore ?? new Date('2025-01-01T00:00:00Z')), time(terms.notAfter ?? new Date('2035-01-01T00:00:00Z'))),
    nameOf(name),
    createPublicKey(privateKey).export({ format: 'der', type: 'spki' }),
    ...(terms.authority === true ? [der(0xa3, basicConstraints)] : []),
  );
  const signature = sign('sha256', body, signer.privateKey);
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.alloc(1), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g)!;
  return {
    name,
    privateKey,
    pem: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----'].join('\n'),
    privateKeyPem: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
  };
}

function der(tag: number, content: Uint8Array = new Uint8Array()): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, Buffer.concat(parts));
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const nameOf = (name: string): Buffer => sequence(der(0x31, sequence(objectId('550403'), der(0x0c, Buffer.from(name)))));
const time = (date: Date): Buffer => der(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`));
