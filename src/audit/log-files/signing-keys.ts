import { createPrivateKey, createPublicKey, generateKeyPair, hash, sign, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** A key that digests are signed with. */
export interface DigestKey {
  readonly fingerprint: string;
  /** DER of PKCS #1, as `ListPublicKeys` gives it. */
  readonly publicKey: Uint8Array;
  readonly validFromMs: number;
  /** Digests that end later are signed with the next key. */
  readonly validUntilMs: number;
  /** The signature of a text by RSASSA-PKCS1-v1_5 with SHA-256, in hex. */
  sign(text: string): string;
}

interface StoredKey {
  readonly validFromMs: number;
  /** PEM, encrypted with a key that is derived from the master key. */
  readonly privateKey: string;
}

/** How long a key is used. */
const keyMs = 365 * 86_400_000;
const modulusBits = 2048;
const generate = promisify(generateKeyPair);

/** The keys that digests are signed with, in a file that is of no use without the master key. A new one is made when the last has served its time. */
export class DigestKeys {
  readonly #path: string;
  readonly #passphrase: string;
  #keys: readonly DigestKey[];

  constructor(path: string, passphrase: Uint8Array) {
    this.#path = path;
    this.#passphrase = Buffer.from(passphrase).toString('hex');
    this.#keys = this.#stored().map((key) => this.#opened(key));
  }

  /** The key for a digest that ends then; made where there is none. */
  async keyFor(endMs: number): Promise<DigestKey> {
    const known = this.#keys.find(({ validFromMs, validUntilMs }) => endMs >= validFromMs && endMs < validUntilMs);
    if (known !== undefined) return known;
    const validFromMs = Math.floor(endMs / 3_600_000) * 3_600_000;
    const { privateKey } = await generate('rsa', {
      modulusLength: modulusBits,
      publicKeyEncoding: { type: 'pkcs1', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: this.#passphrase },
    });
    const stored: StoredKey = { validFromMs, privateKey };
    this.#write([...this.#stored(), stored]);
    const key = this.#opened(stored);
    this.#keys = [...this.#keys, key];
    return key;
  }

  /** The keys that were in use in some part of a span of time. */
  between(startMs: number, endMs: number): DigestKey[] {
    return this.#keys.filter(({ validFromMs, validUntilMs }) => validFromMs <= endMs && validUntilMs >= startMs);
  }

  #stored(): readonly StoredKey[] {
    return existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, 'utf8')) as StoredKey[]) : [];
  }

  #write(keys: readonly StoredKey[]): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#path}.new`, JSON.stringify(keys), { mode: 0o600, flush: true });
    renameSync(`${this.#path}.new`, this.#path);
  }

  #opened({ validFromMs, privateKey: pem }: StoredKey): DigestKey {
    const privateKey: KeyObject = createPrivateKey({ key: pem, passphrase: this.#passphrase });
    const publicKey = createPublicKey(privateKey).export({ type: 'pkcs1', format: 'der' });
    return {
      fingerprint: hash('sha256', publicKey, 'hex').slice(0, 32),
      publicKey,
      validFromMs,
      validUntilMs: validFromMs + keyMs,
      sign: (text) => sign('sha256', Buffer.from(text), privateKey).toString('hex'),
    };
  }
}
