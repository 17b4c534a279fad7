import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A key pair with a self-signed certificate. */
export interface Certified {
  readonly privateKey: KeyObject;
  /** Base64 of DER. */
  readonly certificate: string;
}

export interface CertificateTerms {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly modulusLength?: number;
  readonly keyType?: 'rsa' | 'ec';
}

/** Makes a self-signed X.509 certificate (RFC 5280) with as little in it as one can have: Node reads certificates but makes none. */
export function selfSigned({
  notBefore = new Date('2020-01-01T00:00:00Z'),
  notAfter = new Date('2040-01-01T00:00:00Z'),
  modulusLength = 2048,
  keyType = 'rsa',
}: CertificateTerms = {}): Certified {
  const { publicKey, privateKey } =
    keyType === 'rsa' ? generateKeyPairSync('rsa', { modulusLength }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = keyType === 'rsa' ? sequence(objectId(sha256WithRsa), tagged(0x05)) : sequence(objectId(ecdsaWithSha256));
  const name = sequence(tagged(0x31, sequence(objectId(commonName), tagged(0x0c, Buffer.from('idp')))));
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(timeOf(notBefore), timeOf(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', content, privateKey);
  return { privateKey, certificate: sequence(content, algorithm, tagged(0x03, Buffer.from([0]), signature)).toString('base64') };
}

const sha256WithRsa = '2a864886f70d01010b';
const ecdsaWithSha256 = '2a8648ce3d040302';
const commonName = '550403';

/** DER: tag, length, content. */
function tagged(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const long = body.length < 0x80 ? [] : body.length < 0x100 ? [body.length] : [body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(long.length === 0 ? [body.length] : [0x80 | long.length, ...long])]), body]);
}
const sequence = (...content: readonly Uint8Array[]): Buffer => tagged(0x30, ...content);
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));
const timeOf = (date: Date): Buffer => tagged(0x18, Buffer.from(`${date.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')}Z`));
