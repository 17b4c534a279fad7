import type { ContextValues } from './operation.ts';
import type { OidcProvider } from './oidc-providers/oidc-provider.ts';
import type { SamlProvider } from './saml-providers/saml-provider.ts';
import type { Tags } from './tags.ts';

/**
 * What the domain asks of those who speak to identity providers. All of it reads what somebody else wrote, some of it waits for a network: it runs
 * before anything is decided, and what it found out is plain data.
 */
export interface IdentityProviders {
  /** Whether tokens of this issuer could ever be taken: `https`, or one that the settings list. */
  isAcceptableIssuer(url: string): boolean;
  /**
   * Checks a web identity token: signature by the issuer's present keys, issuer, audience, times.
   *
   * @param providerOf the account's provider by its issuer, to the letter
   * @throws InvalidIdentityToken, ExpiredIdentityToken, IDPCommunicationError
   */
  verifyWebIdentityToken(token: string, providerOf: (issuer: string) => OidcProvider | undefined, now: Date): Promise<WebIdentity>;
  /** Reads a metadata document. @throws InvalidInput it is not that of an identity provider with a signing certificate that is still valid */
  readSamlMetadata(document: string, now: Date): Promise<SamlMetadata>;
  /**
   * Checks a SAML response in base64: signature by a certificate of the provider's metadata, audience, recipient, times. Nothing is read but what the
   * signature covers. Whether it came before is for the pipeline to say.
   *
   * @throws InvalidIdentityToken, ExpiredIdentityToken, IDPRejectedClaim
   */
  verifySamlResponse(response: string, provider: SamlProvider, now: Date): Promise<SamlIdentity>;
  /** AWS's name for a provider and its users: base64 of SHA-1 of issuer, account and provider (STS API, `AssumeRoleWithSAML`, NameQualifier). */
  nameQualifierOf(issuer: string, accountId: string, providerName: string): string;
}

/** What a web identity token says, once it is proved. */
export interface WebIdentity {
  readonly provider: OidcProvider;
  readonly issuer: string;
  readonly subject: string;
  /** The client that it was made for: `azp` where there is one, else `aud`. */
  readonly audience: string;
  /** Every claim that a condition can ask for: texts, and lists of texts; numbers and booleans as texts. */
  readonly claims: ContextValues;
  readonly tags: Tags;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string | undefined;
}

/** What counts of a SAML identity provider's metadata. */
export interface SamlMetadata {
  readonly entityId: string;
  /** Signing certificates, base64 of DER, each with its last moment (RFC 3339). */
  readonly certificates: readonly { readonly certificate: string; readonly notAfter: string }[];
  /** When the last of them, or the document itself, ends. */
  readonly validUntil: string;
}

/** What a SAML assertion says, once it is proved. */
export interface SamlIdentity {
  readonly provider: SamlProvider;
  readonly issuer: string;
  readonly subject: string;
  /** `persistent`, `transient`, or the format as it is. */
  readonly subjectType: string;
  /** The recipient that it was made for. */
  readonly recipient: string;
  /** `Role`: pairs of a role and a provider. */
  readonly roles: readonly { readonly roleArn: string; readonly providerArn: string }[];
  readonly sessionName: string;
  /** `SessionDuration`, seconds. */
  readonly durationSeconds?: number | undefined;
  /** `SessionNotOnOrAfter`, seconds since the epoch. */
  readonly sessionEndsAt?: number | undefined;
  /** `saml:…` keys of the person's attributes. */
  readonly attributes: ContextValues;
  readonly tags: Tags;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string | undefined;
  readonly assertion: Assertion;
}

/** What recognises an assertion that comes again. */
export interface Assertion {
  /** Digest of issuer and id. */
  readonly digest: string;
  /** Seconds since the epoch after which nobody would take it anyway. */
  readonly expiresAt: number;
}

/** What an identity provider vouches for of a caller who has no credentials of this server. */
export interface Federation {
  readonly kind: 'OIDC' | 'SAML';
  readonly providerArn: string;
  /** The provider as it was made: its unique id. */
  readonly providerId: string;
  /** CloudTrail's identityProvider: the issuer without its scheme, or the name qualifier of a SAML provider. */
  readonly identityProvider: string;
  readonly subject: string;
  readonly audience: string;
  /** Condition keys of the trust policy: `<issuer>:sub`, `saml:aud` … */
  readonly keys: ContextValues;
  /** Those of them that the session keeps. */
  readonly sessionKeys: ContextValues;
  readonly tags: Tags;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string | undefined;
  readonly webIdentity?: WebIdentity | undefined;
  readonly saml?: SamlIdentity | undefined;
}

/** Who let a session in: it lasts no longer than its provider. */
export interface SessionFederation {
  readonly kind: Federation['kind'];
  readonly providerArn: string;
  readonly providerId: string;
  /** Condition keys that hold for the session; none for those that follow it in a chain. */
  readonly keys: ContextValues;
}
