import { createHash } from 'node:crypto';
import { ExpiredIdentityToken, IDPRejectedClaim, InvalidIdentityToken, InvalidInput } from '../../../libs/aws/index.ts';
import { SamlExpired, SamlInvalid, SamlRejected, readMetadata, verifyResponse } from '../../../libs/saml/index.ts';
import type { IdentityProviders, SamlIdentity, SamlMetadata, WebIdentity } from '../../iam/identity-providers.ts';
import type { OidcProvider } from '../../iam/oidc-providers/oidc-provider.ts';
import type { SamlProvider } from '../../iam/saml-providers/saml-provider.ts';
import { IssuerKeys } from './issuer-keys.ts';
import { samlIdentity } from './saml-identity.ts';
import { verifyWebIdentityToken } from './web-identity-token.ts';

export interface FederationSettings {
  readonly allowedIssuers: readonly string[];
  readonly keysLastGoodSeconds: number;
  readonly tokenLifetimeSecondsMax: number;
  readonly samlAudiences: readonly string[];
  readonly samlRecipients: readonly string[];
}

/** Seconds after its issue for which AWS takes an assertion, and how far it lets clocks be apart (IAM User Guide, "Troubleshoot SAML federation"). */
const assertionAgeSecondsMax = 300;
const clockSkewSeconds = 300;

/** Speaks to identity providers, and reads what they wrote. */
export class ConfiguredIdentityProviders implements IdentityProviders {
  readonly #settings: FederationSettings;
  readonly #keys: IssuerKeys;

  constructor(settings: FederationSettings, keys: IssuerKeys = new IssuerKeys(settings)) {
    this.#settings = settings;
    this.#keys = keys;
  }

  isAcceptableIssuer(url: string): boolean {
    return this.#keys.accepts(url);
  }

  verifyWebIdentityToken(token: string, providerOf: (issuer: string) => OidcProvider | undefined, now: Date): Promise<WebIdentity> {
    return verifyWebIdentityToken(token, providerOf, now, { keys: this.#keys, tokenLifetimeSecondsMax: this.#settings.tokenLifetimeSecondsMax });
  }

  async readSamlMetadata(document: string, now: Date): Promise<SamlMetadata> {
    try {
      const { entityId, certificates, validUntil } = await readMetadata(document, now);
      return {
        entityId,
        certificates: certificates.map(({ certificate, notAfter }) => ({ certificate, notAfter: notAfter.toISOString() })),
        validUntil: validUntil.toISOString(),
      };
    } catch (error) {
      if (!(error instanceof SamlInvalid)) throw error;
      throw new InvalidInput(`Could not parse metadata: ${error.message}.`);
    }
  }

  async verifySamlResponse(response: string, provider: SamlProvider, now: Date): Promise<SamlIdentity> {
    const { entityId, certificates, validUntil } = provider.metadata;
    if (Date.parse(validUntil) <= now.getTime()) throw new InvalidIdentityToken('The metadata of the provider is expired: update it.');
    try {
      const assertion = await verifyResponse(response, {
        issuer: entityId,
        certificates: certificates.filter(({ notAfter }) => Date.parse(notAfter) > now.getTime()).map(({ certificate }) => certificate),
        audiences: this.#settings.samlAudiences,
        recipients: this.#settings.samlRecipients,
        now,
        clockSkewSeconds,
        ageSecondsMax: assertionAgeSecondsMax,
      });
      return samlIdentity(assertion, provider);
    } catch (error) {
      if (error instanceof SamlExpired)
        throw new ExpiredIdentityToken(`Token must be redeemed within ${assertionAgeSecondsMax / 60} minutes of issuance: ${error.message}.`);
      if (error instanceof SamlRejected) throw new IDPRejectedClaim(`The assertion was refused: ${error.message}.`);
      if (error instanceof SamlInvalid) throw new InvalidIdentityToken(`The assertion was refused: ${error.message}.`);
      throw error;
    }
  }

  nameQualifierOf(issuer: string, accountId: string, providerName: string): string {
    return createHash('sha1').update(`${issuer}${accountId}/${providerName}`).digest('base64'); // AWS's formula: a name, not a proof
  }
}
