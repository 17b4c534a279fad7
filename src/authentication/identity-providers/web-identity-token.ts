import { errors, importJWK, jwtVerify, type JWK } from 'jose';
import { ExpiredIdentityToken, IDPCommunicationError, InvalidIdentityToken, type JsonValue } from '../../../libs/aws/index.ts';
import type { WebIdentity } from '../../iam/identity-providers.ts';
import type { OidcProvider } from '../../iam/oidc-providers/oidc-provider.ts';
import { readAwsClaims } from './aws-claims.ts';
import { FetchFailed } from './guarded-fetch.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { partsOf, type JsonObject } from './token-parts.ts';

/** Asymmetric only: what an issuer publishes must not be a secret that signs. */
const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
/** How far an issuer's clock may be from ours. */
const clockToleranceSeconds = 60;
/** Longest subject (STS API, `webIdentitySubjectType`). */
const subjectCharactersMax = 255;
/** Headers that say where a key is to be had. Keys come from the issuer's key set alone (RFC 8725, 3.10). */
const keyHeaders = ['jku', 'x5u', 'jwk'];
/** Tokens that are made for something else, such as a logout, say so (RFC 8725, 3.11). */
const tokenTypes: ReadonlySet<string> = new Set(['jwt', 'at+jwt']);

export interface TokenTerms {
  readonly keys: IssuerKeys;
  /** Seconds from a token's issue to its end, at most. */
  readonly tokenLifetimeSecondsMax: number;
}

/**
 * Checks a web identity token (RFC 7519, RFC 8725; OpenID Connect Core 1.0, 3.1.3.7). The issuer is that of a provider of the account, to the letter,
 * before anything is fetched; then signature, times and audience.
 *
 * @throws InvalidIdentityToken, ExpiredIdentityToken, IDPCommunicationError
 */
export async function verifyWebIdentityToken(
  token: string,
  providerOf: (issuer: string) => OidcProvider | undefined,
  now: Date,
  { keys, tokenLifetimeSecondsMax }: TokenTerms,
): Promise<WebIdentity> {
  const parts = partsOf(token);
  if (parts === undefined) throw new InvalidIdentityToken('The web identity token that was passed could not be read.');
  const issuer = textOf(parts.claims, 'iss') ?? '';
  const provider = providerOf(issuer);
  if (provider === undefined) throw new InvalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer.slice(0, 255)}`);
  const { keyId, algorithm } = checkHeader(parts.header);
  const key = await keyOf(issuer, keyId, algorithm, keys);
  try {
    await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer,
      requiredClaims: ['sub', 'aud', 'exp', 'iat'],
      maxTokenAge: tokenLifetimeSecondsMax,
      clockTolerance: clockToleranceSeconds,
      currentDate: now,
    });
  } catch (error) {
    throw refusalOf(error, now);
  }
  return readClaims(parts.claims, provider, tokenLifetimeSecondsMax);
}

/** @throws InvalidIdentityToken */
function checkHeader(header: JsonObject): { readonly keyId: string; readonly algorithm: string } {
  const keyId = textOf(header, 'kid');
  const algorithm = textOf(header, 'alg') ?? '';
  if (!algorithms.includes(algorithm)) throw new InvalidIdentityToken(`The token is not signed by one of ${algorithms.join(', ')}.`);
  if (keyId === undefined) throw new InvalidIdentityToken('The token does not name the key that it is signed with.');
  if (keyHeaders.some((name) => header.has(name))) throw new InvalidIdentityToken('The token brings its own key, which is not looked at.');
  const type = header.get('typ');
  if (type !== undefined && !(typeof type === 'string' && tokenTypes.has(type.toLowerCase().replace(/^application\//, ''))))
    throw new InvalidIdentityToken('The token is of another type.');
  return { keyId, algorithm };
}

/** The one key that the token names. @throws InvalidIdentityToken, IDPCommunicationError */
async function keyOf(issuer: string, keyId: string, algorithm: string, keys: IssuerKeys) {
  let found: readonly JWK[];
  try {
    found = await keys.keysOf(issuer, keyId);
  } catch (error) {
    if (!(error instanceof FetchFailed)) throw error;
    throw new IDPCommunicationError(`The keys of the identity provider could not be fetched: ${error.message}.`);
  }
  const [key, ...more] = found.filter(({ alg, kty }) => (alg ?? algorithm) === algorithm && kty === (algorithm.startsWith('RS') ? 'RSA' : 'EC'));
  if (key === undefined || more.length > 0)
    throw new InvalidIdentityToken("Couldn't retrieve verification key from your identity provider: it publishes no such key, or several.");
  try {
    return await importJWK(key, algorithm);
  } catch {
    throw new InvalidIdentityToken('The key that the identity provider publishes can not be used.');
  }
}

function refusalOf(error: unknown, now: Date): unknown {
  if (error instanceof errors.JWTExpired)
    return new ExpiredIdentityToken(
      `Token expired: current date/time ${Math.floor(now.getTime() / 1000)} must be before the expiration date/time of the token`,
    );
  if (error instanceof errors.JWTClaimValidationFailed) return new InvalidIdentityToken(`The claim '${error.claim}' of the token does not hold.`);
  if (error instanceof errors.JOSEError || error instanceof TypeError)
    return new InvalidIdentityToken('The signature of the token could not be verified.');
  return error;
}

/** @throws InvalidIdentityToken */
function readClaims(claims: JsonObject, provider: OidcProvider, lifetimeSecondsMax: number): WebIdentity {
  const subject = textOf(claims, 'sub') ?? '';
  if (subject === '' || subject.length > subjectCharactersMax) throw new InvalidIdentityToken("The claim 'sub' of the token does not hold.");
  if (Number(claims.get('exp')) - Number(claims.get('iat')) > lifetimeSecondsMax)
    throw new InvalidIdentityToken(`The token lives longer than ${lifetimeSecondsMax} seconds.`);
  const audience = audienceOf(claims);
  if (audience === undefined || !provider.clientIds.includes(audience)) throw new InvalidIdentityToken('Incorrect token audience');
  const awsClaims = readAwsClaims(claims);
  if (awsClaims === undefined) throw new InvalidIdentityToken('The claims https://aws.amazon.com/… of the token are malformed.');
  return { provider, issuer: provider.url, subject, audience, claims: conditionClaims(claims, audience), ...awsClaims };
}

/** `azp` where there is one, as AWS does; else the only `aud`. */
function audienceOf(claims: JsonObject): string | undefined {
  if (claims.has('azp')) return textOf(claims, 'azp');
  const audience = claims.get('aud');
  const [only, ...more] = Array.isArray(audience) ? (audience as readonly JsonValue[]) : [audience];
  return more.length === 0 && typeof only === 'string' ? only : undefined;
}

const claimName = /^[\w.:/-]{1,128}$/;

/** Claims as conditions see them, by their names. @throws InvalidIdentityToken two names differ in case alone: conditions could not tell them apart */
function conditionClaims(claims: JsonObject, audience: string): WebIdentity['claims'] {
  const names = new Set<string>();
  const values: [string, string | readonly string[]][] = [];
  for (const [name, value] of claims) {
    const folded = name.toLowerCase();
    if (names.has(folded)) throw new InvalidIdentityToken(`The token has two claims '${folded.slice(0, 64)}' that differ in case alone.`);
    names.add(folded);
    const shown = conditionValue(value);
    if (claimName.test(name) && shown !== undefined && folded !== 'aud' && folded !== 'oaud') values.push([name, shown]);
  }
  const original = conditionValue(claims.get('aud') ?? null);
  return Object.fromEntries([...values, ['aud', audience], ...(claims.has('azp') && original !== undefined ? [['oaud', original] as const] : [])]);
}

function conditionValue(value: JsonValue): string | readonly string[] | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string') ? (value as readonly string[]) : undefined;
}

function textOf(members: JsonObject, name: string): string | undefined {
  const value = members.get(name);
  return typeof value === 'string' ? value : undefined;
}
