/** Errors that the operations of STS declare (STS API reference, version 2011-06-15). `MalformedPolicyDocument` stands with IAM's. */
import { declaredError } from './declared-error.ts';

/** A web identity or SAML assertion whose time is over. (An expired credential is `ExpiredToken`.) */
export class ExpiredIdentityToken extends declaredError('ExpiredTokenException', 400) {}
export class ExpiredTradeInToken extends declaredError('ExpiredTradeInTokenException', 400) {}
export class IDPCommunicationError extends declaredError('IDPCommunicationError', 400) {}
export class IDPRejectedClaim extends declaredError('IDPRejectedClaim', 403) {}
export class InsufficientSessionLifetime extends declaredError('InsufficientSessionLifetime', 400) {}
export class InvalidAuthorizationMessage extends declaredError('InvalidAuthorizationMessageException', 400) {}
export class InvalidContextAssertion extends declaredError('InvalidContextAssertion', 400) {}
export class InvalidIdentityToken extends declaredError('InvalidIdentityToken', 400) {}
export class InvalidSubjectCredentials extends declaredError('InvalidSubjectCredentials', 400) {}
export class JWTPayloadSizeExceeded extends declaredError('JWTPayloadSizeExceededException', 400) {}
export class OutboundWebIdentityFederationDisabled extends declaredError('OutboundWebIdentityFederationDisabledException', 403) {}
export class PackedPolicyTooLarge extends declaredError('PackedPolicyTooLarge', 400) {}
export class RegionDisabled extends declaredError('RegionDisabledException', 403) {}
export class SessionDurationEscalation extends declaredError('SessionDurationEscalationException', 403) {}
