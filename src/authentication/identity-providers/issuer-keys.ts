import type { JWK } from 'jose';
import { readJson, type JsonValue } from '../../../libs/aws/index.ts';
import { FetchFailed, guardedFetch } from './guarded-fetch.ts';

export interface IssuerKeySettings {
  /** Issuers that may speak plain `http` or have a private address, to the letter. */
  readonly allowedIssuers: readonly string[];
  /** How long keys go on being used when their issuer can not be reached. */
  readonly keysLastGoodSeconds: number;
}

/** Keys that are younger are used without asking. */
const keysFreshMs = 15 * 60_000;
/** Shortest time between two questions to one issuer, whatever tokens come in. */
const questionPauseMs = 30_000;
/** Issuers whose keys are kept at once. */
const issuersMax = 1000;
/** Keys of one issuer. */
const keysMax = 100;

interface Known {
  keys: readonly JWK[];
  /** When the keys came, and when they were last asked for; before all time where never. */
  fetchedAtMs: number;
  askedAtMs: number;
  failure: FetchFailed | undefined;
  asking: Promise<void> | undefined;
}

/**
 * The signing keys of issuers: by discovery (OpenID Connect Discovery 1.0) and the key set that it names. Asked for at most every 15 minutes, and once
 * more where a token names a key that is not known yet, but never more often than every 30 seconds; many tokens at a time ask once. While an issuer
 * can not be reached its last good keys are used, for a bounded time.
 */
export class IssuerKeys {
  readonly #settings: IssuerKeySettings;
  readonly #fetch: typeof guardedFetch;
  readonly #clock: () => number;
  readonly #known = new Map<string, Known>();

  constructor(settings: IssuerKeySettings, fetch: typeof guardedFetch = guardedFetch, clock: () => number = Date.now) {
    this.#settings = settings;
    this.#fetch = fetch;
    this.#clock = clock;
  }

  /** Whether keys of this issuer would ever be fetched. */
  accepts(issuer: string): boolean {
    return issuer.startsWith('https://') || this.#settings.allowedIssuers.includes(issuer);
  }

  /**
   * The issuer's keys of that id; none where it has none.
   *
   * @throws FetchFailed the issuer can not be reached, or has no sound documents, and there are no keys that are young enough
   */
  async keysOf(issuer: string, keyId: string): Promise<readonly JWK[]> {
    const known = this.#entry(issuer);
    const now = this.#clock();
    const matching = (): readonly JWK[] => known.keys.filter(({ kid }) => kid === keyId);
    const isFresh = now - known.fetchedAtMs < keysFreshMs;
    if (isFresh && matching().length > 0) return matching();
    if (known.asking !== undefined || now - known.askedAtMs >= questionPauseMs) await (known.asking ??= this.#ask(issuer, known));
    if (this.#clock() - known.fetchedAtMs < (known.failure === undefined ? keysFreshMs + questionPauseMs : this.#settings.keysLastGoodSeconds * 1000))
      return matching();
    throw known.failure ?? new FetchFailed('its keys are too old');
  }

  #entry(issuer: string): Known {
    let known = this.#known.get(issuer);
    if (known === undefined) {
      if (this.#known.size >= issuersMax) this.#known.delete(this.#known.keys().next().value ?? '');
      known = { keys: [], fetchedAtMs: -Infinity, askedAtMs: -Infinity, failure: undefined, asking: undefined };
      this.#known.set(issuer, known);
    }
    return known;
  }

  async #ask(issuer: string, known: Known): Promise<void> {
    known.askedAtMs = this.#clock();
    try {
      known.keys = await this.#fetchKeys(issuer);
      known.fetchedAtMs = this.#clock();
      known.failure = undefined;
    } catch (error) {
      known.failure = error instanceof FetchFailed ? error : new FetchFailed('its documents can not be read');
    } finally {
      known.asking = undefined;
    }
  }

  async #fetchKeys(issuer: string): Promise<readonly JWK[]> {
    const trustedOrigin = this.#settings.allowedIssuers.includes(issuer) ? new URL(issuer).origin : undefined;
    const discovery = members(await this.#fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { trustedOrigin }));
    if (discovery.get('issuer') !== issuer) throw new FetchFailed('its discovery document names another issuer');
    const address = discovery.get('jwks_uri');
    if (typeof address !== 'string') throw new FetchFailed('its discovery document names no keys');
    const keys = members(await this.#fetch(address, { trustedOrigin })).get('keys');
    if (!Array.isArray(keys) || keys.length > keysMax) throw new FetchFailed(`its key set has no list of at most ${keysMax} keys`);
    return keys.flatMap((key: JsonValue) => (isSigningKey(key) ? [jwkOf(key)] : []));
  }
}

type Members = ReadonlyMap<string, JsonValue>;

function members(bytes: Uint8Array): Members {
  const value = readJson(bytes);
  if (!(value instanceof Map)) throw new FetchFailed('its document is no object');
  return value as Members;
}

/** A public key that may verify. Keys that encrypt, and symmetric ones, which have no business in a public set, are passed over. */
const isSigningKey = (key: JsonValue): key is Members =>
  key instanceof Map &&
  (key.get('kty') === 'RSA' || key.get('kty') === 'EC') &&
  typeof key.get('kid') === 'string' &&
  (key.get('use') === undefined || key.get('use') === 'sig');

const publicMembers = ['kty', 'kid', 'alg', 'n', 'e', 'crv', 'x', 'y'] as const;

const jwkOf = (key: Members): JWK =>
  Object.fromEntries(publicMembers.flatMap((name) => (typeof key.get(name) === 'string' ? [[name, key.get(name)]] : []))) as unknown as JWK;
