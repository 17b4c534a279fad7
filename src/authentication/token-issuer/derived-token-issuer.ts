import { SignJWT, calculateJwkThumbprint, importJWK, type CryptoKey, type JWK } from 'jose';
import { tokenAlgorithms, type SigningTerms, type TokenAlgorithm, type TokenIssuer } from '../../iam/token-issuer.ts';
import type { DerivedSecrets } from '../key-ring.ts';
import { ellipticKey, rsaKey } from './derived-keys.ts';

export interface TokenIssuerSettings {
  /** Where others reach this server. */
  readonly publicUrl: string;
  /** How long a key signs. */
  readonly keyRotationSeconds: number;
}

/** The longest life of a token (STS API, `GetWebIdentityToken`), and how far clocks may be apart: so long the last key stays published. */
const tokenSecondsMax = 3600;
const clockSkewSeconds = 300;
/** How long before it signs a key is published, so that others know it when they need it; half of its time at most. */
const announcedSeconds = 86_400;
/** Keys in memory; each can be derived again. */
const keysMax = 1000;

interface SigningKey {
  readonly publicKey: JWK;
  readonly privateKey: CryptoKey | Uint8Array;
}

/**
 * Signs tokens for others. Keys are derived from the master key, the account, the algorithm and a slot of time: nothing is stored, every node has the
 * same ones, and they change by the clock alone. A change of the master key's primary is a change of keys, too; those of the former ones stay published.
 */
export class DerivedTokenIssuer implements TokenIssuer {
  readonly #secrets: DerivedSecrets;
  readonly #settings: TokenIssuerSettings;
  readonly #keys = new Map<string, Promise<SigningKey>>();

  constructor(secrets: DerivedSecrets, settings: TokenIssuerSettings) {
    this.#secrets = secrets;
    this.#settings = settings;
  }

  issuerOf(accountId: string): string {
    return `${this.#settings.publicUrl}/federation/${accountId}`;
  }

  async sign(claims: Readonly<Record<string, unknown>>, { accountId, algorithm, now }: SigningTerms): Promise<string> {
    const slot = Math.floor(now.getTime() / 1000 / this.#settings.keyRotationSeconds);
    const { publicKey, privateKey } = await this.#key(accountId, algorithm, slot, this.#secrets.masterKeyId);
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: algorithm, kid: publicKey.kid!, typ: 'JWT' }).sign(privateKey); // #make sets kid
  }

  /** The keys that others need now: of this slot, of the last one until its tokens are dead, and of the next one for a while before. */
  async publicKeys(accountId: string, now: Date): Promise<{ readonly keys: readonly JWK[] }> {
    const { keyRotationSeconds } = this.#settings;
    const seconds = Math.floor(now.getTime() / 1000);
    const slot = Math.floor(seconds / keyRotationSeconds);
    const since = seconds - slot * keyRotationSeconds;
    const slots = [slot];
    if (since < tokenSecondsMax + clockSkewSeconds) slots.push(slot - 1);
    if (keyRotationSeconds - since <= Math.min(announcedSeconds, keyRotationSeconds / 2)) slots.push(slot + 1);
    const keys = slots.flatMap((each) =>
      tokenAlgorithms.flatMap((algorithm) => this.#secrets.masterKeyIds.map((id) => this.#key(accountId, algorithm, each, id))),
    );
    return { keys: (await Promise.all(keys)).map(({ publicKey }) => publicKey) };
  }

  #key(accountId: string, algorithm: TokenAlgorithm, slot: number, masterKeyId: string): Promise<SigningKey> {
    const purpose = `token|${accountId}|${algorithm}|${this.#settings.keyRotationSeconds}|${slot}`;
    const name = `${masterKeyId}|${purpose}`;
    let key = this.#keys.get(name);
    if (key === undefined) {
      if (this.#keys.size >= keysMax) this.#keys.delete(this.#keys.keys().next().value ?? '');
      key = make(this.#secrets.keyFor(purpose, masterKeyId), algorithm);
      this.#keys.set(name, key);
    }
    return key;
  }
}

async function make(seed: Uint8Array, algorithm: TokenAlgorithm): Promise<SigningKey> {
  const jwk = algorithm === 'RS256' ? await rsaKey(seed) : ellipticKey(seed);
  const { kty, n, e, crv, x, y } = jwk;
  const shown = (kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }) as JWK;
  const publicKey: JWK = { ...shown, kid: await calculateJwkThumbprint(shown), use: 'sig', alg: algorithm };
  return { publicKey, privateKey: await importJWK(jwk, algorithm) };
}
