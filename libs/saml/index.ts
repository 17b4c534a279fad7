/**
 * SAML 2.0 as a relying party needs it: an identity provider's metadata, and the responses that it signs. Knows nothing of this server. Usable alone.
 * XML Signature is `@node-saml/node-saml`'s (which uses `xml-crypto`); what is around it is narrower here, and reads nothing but what is proved.
 */
export { readMetadata } from './metadata.ts';
export type { IdentityProviderMetadata } from './metadata.ts';
export { verifyResponse } from './response.ts';
export type { ResponseTerms } from './response.ts';
export type { AssertionTerms, VerifiedAssertion } from './assertion.ts';
export { SamlExpired, SamlInvalid, SamlRejected } from './saml-error.ts';
