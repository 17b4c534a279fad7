import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { DerivedSecrets } from './key-ring.ts';

const argon2Async = promisify(argon2);
const saltBytes = 16;
const hashBytes = 32;

export interface PasswordSettings {
  readonly memoryKiB: number;
  readonly passes: number;
  /** Hashes under way at once: each takes a core and its memory. */
  readonly concurrencyMax: number;
}

/**
 * Hashes passwords with argon2id (RFC 9106), peppered with a key that is derived from the master key: the log alone can not be guessed against.
 * PHC string form, with the master key's id: `$argon2id$v=19$m=…,t=…,p=1,keyid=…$salt$hash`.
 */
export class Passwords {
  readonly #secrets: DerivedSecrets;
  readonly #settings: PasswordSettings;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(secrets: DerivedSecrets, settings: PasswordSettings) {
    this.#secrets = secrets;
    this.#settings = settings;
  }

  async hash(password: string): Promise<string> {
    const { memoryKiB, passes } = this.#settings;
    const salt = randomBytes(saltBytes);
    const keyId = this.#secrets.masterKeyId;
    const hash = await this.#argon2(password, salt, memoryKiB, passes, keyId);
    return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1,keyid=${keyId}$${unpadded(salt)}$${unpadded(hash)}`;
  }

  /** Whether the password is the hashed one; false also for a hash that is not ours. */
  async verify(phc: string, password: string): Promise<boolean> {
    const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1,keyid=([A-Za-z0-9_-]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
    if (found === null) return false;
    const [, memory, passes, keyId, salt, expected] = found as unknown as [string, string, string, string, string, string];
    if (!this.#secrets.has(keyId)) return false;
    const hash = await this.#argon2(password, Buffer.from(salt, 'base64'), Number(memory), Number(passes), keyId);
    const wanted = Buffer.from(expected, 'base64');
    return wanted.length === hash.length && timingSafeEqual(hash, wanted);
  }

  async #argon2(password: string, nonce: Uint8Array, memory: number, passes: number, keyId: string): Promise<Buffer> {
    if (this.#running >= this.#settings.concurrencyMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    try {
      return await argon2Async('argon2id', {
        message: password,
        nonce,
        parallelism: 1,
        tagLength: hashBytes,
        memory,
        passes,
        secret: this.#secrets.pepper(keyId),
      });
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');
