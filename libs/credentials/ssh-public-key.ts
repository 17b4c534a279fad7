import { createHash, createPublicKey, type KeyObject } from 'node:crypto';

/** A public key as IAM keeps it for SSH: always RSA. */
export interface SshPublicKey {
  /** `ssh-rsa AAAA…`, without a comment. */
  readonly openSsh: string;
  /** `-----BEGIN PUBLIC KEY-----…` */
  readonly pem: string;
  /** MD5 of the key in SSH's form, in hex with colons, as `ssh-keygen -E md5` shows it. */
  readonly fingerprint: string;
}

/** Why a text is no public key that can be kept. */
export class UnusablePublicKey extends Error {
  /** `unrecognized`: in no encoding that is known here. `invalid`: in one, but broken, weak or of another kind. */
  readonly reason: 'unrecognized' | 'invalid';

  constructor(reason: UnusablePublicKey['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Bits that IAM asks for at least (IAM API, `UploadSSHPublicKey`); and at most, so that nobody makes a server calculate for minutes. */
const bitsMin = 2048;
const bitsMax = 16_384;

const algorithm = 'ssh-rsa';

/**
 * Reads a public key in one of the two encodings: `ssh-rsa AAAA… comment` (RFC 4253, 6.6) or PEM (`PUBLIC KEY`, `RSA PUBLIC KEY`).
 *
 * @throws UnusablePublicKey
 */
export function readSshPublicKey(text: string): SshPublicKey {
  const trimmed = text.trim();
  const key = trimmed.startsWith('-----BEGIN ') ? fromPem(trimmed) : fromOpenSsh(trimmed);
  if (key.asymmetricKeyType !== 'rsa') throw new UnusablePublicKey('invalid', 'Only RSA keys can be used.');
  const { n, e } = key.export({ format: 'jwk' });
  const [modulus, exponent] = [Buffer.from(n!, 'base64url'), Buffer.from(e!, 'base64url')]; // every RSA key has both
  const bits = 8 * modulus.length - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < bitsMin || bits > bitsMax) throw new UnusablePublicKey('invalid', `The key must have ${bitsMin} to ${bitsMax} bits; it has ${bits}.`);
  if ((exponent.at(-1)! & 1) === 0 || (exponent.length === 1 && exponent[0] === 1))
    throw new UnusablePublicKey('invalid', 'The exponent of the key is not one that RSA can use.');
  const blob = Buffer.concat([sshString(Buffer.from(algorithm)), sshInteger(exponent), sshInteger(modulus)]);
  return {
    openSsh: `${algorithm} ${blob.toString('base64')}`,
    pem: String(key.export({ format: 'pem', type: 'spki' })).trimEnd(),
    fingerprint: createHash('md5')
      .update(blob)
      .digest('hex')
      .replaceAll(/(..)(?=.)/g, '$1:'),
  };
}

function fromPem(text: string): KeyObject {
  const label = /^-----BEGIN ((?:RSA )?PUBLIC KEY)-----\s[A-Za-z0-9+/=\s]+-----END \1-----$/.exec(text)?.[1];
  if (label === undefined) throw new UnusablePublicKey('unrecognized', 'The text is no public key in PEM.');
  try {
    return createPublicKey({ key: text, format: 'pem' });
  } catch {
    throw new UnusablePublicKey('invalid', 'The public key in PEM can not be read.');
  }
}

function fromOpenSsh(text: string): KeyObject {
  const [name, encoded] = text.split(/[ \t]+/, 2);
  if (name !== algorithm || encoded === undefined) throw new UnusablePublicKey('unrecognized', `The text does not start with ${algorithm}.`);
  const blob = Buffer.from(encoded, 'base64');
  if (blob.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) throw new UnusablePublicKey('invalid', 'The key is not base64.');
  const [inner, exponent, modulus, ...rest] = sshFields(blob);
  if (inner?.toString('latin1') !== algorithm || exponent === undefined || modulus === undefined || rest.length > 0)
    throw new UnusablePublicKey('invalid', 'The fields of the key are not those of an RSA key.');
  if (isNegative(exponent) || isNegative(modulus)) throw new UnusablePublicKey('invalid', 'A number of the key is negative.');
  const jwk = { kty: 'RSA', n: unsigned(modulus).toString('base64url'), e: unsigned(exponent).toString('base64url') };
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new UnusablePublicKey('invalid', 'The numbers of the key are not those of an RSA key.');
  }
}

/** The length-prefixed fields of an SSH blob (RFC 4251, 5). @throws UnusablePublicKey where a length goes beyond the end */
function sshFields(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    const length = at + 4 <= blob.length ? blob.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (at + 4 + length > blob.length) throw new UnusablePublicKey('invalid', 'The key is cut off.');
    fields.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

const isNegative = (number: Buffer): boolean => (number[0] ?? 0) > 127;

function unsigned(number: Buffer): Buffer {
  const start = number.findIndex((byte) => byte !== 0);
  return start < 0 ? Buffer.alloc(0) : number.subarray(start);
}

function sshString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A positive number as SSH writes it: a zero in front where its first bit is set. */
const sshInteger = (number: Buffer): Buffer => sshString(isNegative(number) ? Buffer.concat([Buffer.alloc(1), number]) : number);
