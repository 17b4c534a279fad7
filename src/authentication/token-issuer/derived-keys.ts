import { checkPrime, createCipheriv, createECDH, hkdfSync } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWK } from 'jose';

const isPrime = promisify(checkPrime) as (candidate: bigint) => Promise<boolean>;

/** Order of the curve P-384 (NIST SP 800-186). */
const orderP384 = BigInt('0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973');
/** Bytes of a coordinate of P-384, and of the number that a private key is made of: 64 bits more than the order has, so that no key is likelier. */
const coordinateBytes = 48;
const numberBytes = 56;

/**
 * The one key pair on P-384 that belongs to a seed (NIST FIPS 186-5, A.2.1, with the seed's HKDF stream in place of random bits).
 *
 * @param seed 32 secret bytes
 * @returns the private key as JWK
 */
export function ellipticKey(seed: Uint8Array): JWK {
  const number = BigInt(`0x${Buffer.from(hkdfSync('sha384', seed, 'iam-ledger', 'P-384 key', numberBytes)).toString('hex')}`);
  const d = bytesOf((number % (orderP384 - 1n)) + 1n, coordinateBytes);
  const curve = createECDH('secp384r1');
  curve.setPrivateKey(d);
  const point = curve.getPublicKey(); // 0x04, x, y
  const [x, y] = [point.subarray(1, 1 + coordinateBytes), point.subarray(1 + coordinateBytes)];
  return { kty: 'EC', crv: 'P-384', x: x.toString('base64url'), y: y.toString('base64url'), d: d.toString('base64url') };
}

const publicExponent = 65_537n;
const primeBytes = 128;
/** Candidates for one prime; about 350 are needed on average, this many never. */
const candidatesMax = 20_000;
/** Odd primes that most candidates are divisible by one of. */
const smallPrimes = primesBelow(2000);

/**
 * The one RSA key of 2048 bits that belongs to a seed: its primes are the first two that the seed's AES-256-CTR stream yields (NIST FIPS 186-5, A.1.3,
 * with that stream in place of random bits). Takes some tenths of a second, most of them on other threads.
 *
 * @param seed 32 secret bytes
 * @returns the private key as JWK
 */
export async function rsaKey(seed: Uint8Array): Promise<JWK> {
  const stream = createCipheriv('aes-256-ctr', hkdf(seed), Buffer.alloc(16));
  const next = (): Uint8Array => stream.update(Buffer.alloc(primeBytes));
  const first = await nextPrime(next);
  const second = await nextPrime(next);
  const [p, q] = first > second ? [first, second] : [second, first];
  const n = p * q;
  const d = inverse(publicExponent, ((p - 1n) * (q - 1n)) / greatestCommonDivisor(p - 1n, q - 1n));
  return {
    kty: 'RSA',
    n: numberOf(n),
    e: numberOf(publicExponent),
    d: numberOf(d),
    p: numberOf(p),
    q: numberOf(q),
    dp: numberOf(d % (p - 1n)),
    dq: numberOf(d % (q - 1n)),
    qi: numberOf(inverse(q, p)),
  };
}

const hkdf = (seed: Uint8Array): Buffer => Buffer.from(hkdfSync('sha256', seed, 'iam-ledger', 'RSA-2048 key', 32));

async function nextPrime(next: () => Uint8Array): Promise<bigint> {
  for (let count = 0; count < candidatesMax; count += 1) {
    const bytes = Buffer.from(next());
    bytes[0] = (bytes[0] ?? 0) | 0xc0; // two such primes have a product of 2048 bits
    bytes[primeBytes - 1] = (bytes[primeBytes - 1] ?? 0) | 1;
    const candidate = BigInt(`0x${bytes.toString('hex')}`);
    if (smallPrimes.some((prime) => candidate % prime === 0n) || (candidate - 1n) % publicExponent === 0n) continue;
    if (await isPrime(candidate)) return candidate;
  }
  throw new Error('no prime was found where thousands should be');
}

function primesBelow(limit: number): bigint[] {
  const found: number[] = [];
  for (let number = 3; number < limit; number += 2) if (found.every((prime) => number % prime !== 0)) found.push(number);
  return found.map(BigInt);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** The inverse of `value` modulo `modulus`; the two have no common divisor. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [r, nextR] = [modulus, value % modulus];
  let [t, nextT] = [0n, 1n];
  while (nextR !== 0n) {
    const quotient = r / nextR;
    [r, nextR] = [nextR, r - quotient * nextR];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  return t < 0n ? t + modulus : t;
}

const bytesOf = (number: bigint, length: number): Buffer => Buffer.from(number.toString(16).padStart(2 * length, '0'), 'hex');

function numberOf(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
