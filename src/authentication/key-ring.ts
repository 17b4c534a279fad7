import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';

/** The master keys: the one that new secrets are derived from, and older ones that old secrets still need. Never in the log, never in argv. */
export interface KeyRing {
  readonly primary: string;
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

const masterKeyBytes = 32;
/** AWS's secret access keys are 40 characters of base64: 30 bytes. */
const secretBytes = 30;
/** AWS's seeds are 64 characters of base32: 40 bytes. */
const mfaSeedBytes = 40;
const nonceBytes = 12;
const tagBytes = 16;

/** A ring with one new key. */
export function newKeyRing(): KeyRing {
  const id = randomBytes(6).toString('hex');
  return { primary: id, keys: new Map([[id, randomBytes(masterKeyBytes)]]) };
}

/**
 * Reads `{"primary": "<id>", "keys": {"<id>": "<base64 of 32 bytes>"}}`.
 *
 * @throws Error that names `source` and what is wrong, never the content
 */
export function parseKeyRing(text: string, source: string): KeyRing {
  let parsed: { primary?: unknown; keys?: unknown };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    throw new Error(`The master keys in ${source} are not JSON.`);
  }
  if (typeof parsed.primary !== 'string' || typeof parsed.keys !== 'object' || parsed.keys === null) {
    throw new Error(`The master keys in ${source} must have the form {"primary": "<id>", "keys": {"<id>": "<base64>"}}.`);
  }
  const keys = new Map<string, Uint8Array>();
  for (const [id, value] of Object.entries(parsed.keys)) {
    const key = Buffer.from(String(value), 'base64');
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || key.length !== masterKeyBytes)
      throw new Error(`Master key '${id}' in ${source} must be ${masterKeyBytes} bytes in base64.`);
    keys.set(id, key);
  }
  if (!keys.has(parsed.primary)) throw new Error(`The master keys in ${source} name the primary '${parsed.primary}', which is not among them.`);
  return { primary: parsed.primary, keys };
}

/** Reads the ring from a file that nobody but its owner may read. */
export function readKeyRing(file: string): KeyRing {
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new Error(`The master-key file ${file} can be read by others. Make it private: chmod 600 ${file}`);
  }
  return parseKeyRing(readFileSync(file, 'utf8'), file);
}

/** Writes a new ring to a file of mode 0600, durably, never over one that exists. */
export function writeKeyRing(file: string, ring: KeyRing): void {
  if (existsSync(file)) throw new Error(`The master-key file ${file} exists already.`);
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    const keys = Object.fromEntries([...ring.keys].map(([id, key]) => [id, Buffer.from(key).toString('base64')]));
    writeSync(descriptor, `${JSON.stringify({ primary: ring.primary, keys }, null, 2)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What a ring derives, by purpose. The same id and purpose give the same secret for ever; no secret is stored anywhere. */
export class DerivedSecrets {
  readonly masterKeyId: string;
  readonly #keys: ReadonlyMap<string, Uint8Array>;
  readonly #sessionKeys = new Map<string, Uint8Array>();
  readonly #macKey: Uint8Array;

  constructor(ring: KeyRing) {
    this.masterKeyId = ring.primary;
    this.#keys = ring.keys;
    this.#macKey = this.#derive(ring.primary, 'marker', masterKeyBytes);
  }

  has(masterKeyId: string): boolean {
    return this.#keys.has(masterKeyId);
  }

  /** The secret of an access key. */
  secretAccessKey(masterKeyId: string, accessKeyId: string): string {
    return Buffer.from(this.#derive(masterKeyId, `access-key|${accessKeyId}`, secretBytes)).toString('base64');
  }

  /** The seed of an MFA device. */
  mfaSeed(masterKeyId: string, deviceId: string): Uint8Array {
    return this.#derive(masterKeyId, `mfa-seed|${deviceId}`, mfaSeedBytes);
  }

  /** The password of a generation of a service-specific credential. */
  servicePassword(masterKeyId: string, credentialId: string, generation: number): string {
    return Buffer.from(this.#derive(masterKeyId, `service-password|${credentialId}|${generation}`, secretBytes)).toString('base64');
  }

  /** The pepper of the password hashes made under a master key. */
  pepper(masterKeyId: string): Uint8Array {
    return this.#derive(masterKeyId, 'password-pepper', masterKeyBytes);
  }

  /** A value that tells whether a master key is the right one without telling anything about it. Kept in the log. */
  checkValue(masterKeyId: string): string {
    return Buffer.from(this.#derive(masterKeyId, 'check', 16)).toString('hex');
  }

  /** Keyed digest, 22 URL-safe characters. */
  mac(text: string): string {
    return createHmac('sha256', this.#macKey).update(text).digest('base64url').slice(0, 22);
  }

  /** The ids of all master keys, the primary's among them. */
  get masterKeyIds(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** A key for some other purpose of the server, such as cursors. */
  keyFor(purpose: string, masterKeyId: string = this.masterKeyId): Uint8Array {
    return this.#derive(masterKeyId, `purpose|${purpose}`, masterKeyBytes);
  }

  /**
   * Seals `content` so that only this ring opens it, and only together with `boundTo`. AES-256-GCM; the nonce is derived from `unique`, which
   * must never come again with another content.
   */
  seal(content: string, boundTo: string, unique: string): string {
    const key = this.#sessionKey(this.masterKeyId);
    const nonce = createHmac('sha256', key).update(unique).digest().subarray(0, nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(`session|${this.masterKeyId}|${boundTo}`));
    const sealed = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()]);
    const keyId = Buffer.from(this.masterKeyId);
    return Buffer.concat([Buffer.from([1, keyId.length]), keyId, nonce, sealed, cipher.getAuthTag()]).toString('base64');
  }

  /** Opens what `seal` made; `undefined` for anything else: cut, changed, bound to something else, sealed by a key that is gone. */
  open(token: string, boundTo: string): string | undefined {
    const bytes = Buffer.from(token, 'base64');
    const keyIdLength = bytes[1] ?? 0;
    const start = 2 + keyIdLength;
    if (bytes[0] !== 1 || bytes.length < start + nonceBytes + tagBytes || bytes.toString('base64') !== token) return undefined;
    const keyId = bytes.subarray(2, start).toString('latin1');
    if (!this.#keys.has(keyId)) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#sessionKey(keyId), bytes.subarray(start, start + nonceBytes), { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(`session|${keyId}|${boundTo}`));
    decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
    try {
      const opened = decipher.update(bytes.subarray(start + nonceBytes, bytes.length - tagBytes));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch {
      return undefined; // the tag does not fit
    }
  }

  #sessionKey(masterKeyId: string): Uint8Array {
    let key = this.#sessionKeys.get(masterKeyId);
    if (key === undefined) {
      key = this.#derive(masterKeyId, 'session-token', masterKeyBytes);
      this.#sessionKeys.set(masterKeyId, key);
    }
    return key;
  }

  #derive(masterKeyId: string, purpose: string, bytes: number): Uint8Array {
    const key = this.#keys.get(masterKeyId);
    if (key === undefined) throw new Error(`master key '${masterKeyId}' is not in the ring`);
    return new Uint8Array(hkdfSync('sha256', key, 'iam-ledger', purpose, bytes));
  }
}
