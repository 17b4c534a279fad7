import { integer, list, shape, structure, tagKey, text } from '../iam/shapes.ts';

/** STS's input shapes as decorators, in the order of its service model: see `iam/shapes.ts`. */

const arn = text('arnType', {
  min: 20,
  max: 2048,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF\\uE000-\\uFFFD\\u10000-\\u10FFFF]+',
});

export const IsStsArn = shape(arn);
export const IsRoleSessionName = shape(text('roleSessionNameType', { min: 2, max: 64, pattern: '[\\w+=,.@-]*' }));
export const IsPolicyDescriptors = shape(
  list('policyDescriptorListType', structure('PolicyDescriptorType', { arn: { shape: arn, required: false } })),
);
export const IsSessionPolicy = shape(text('unrestrictedSessionPolicyDocumentType', { min: 1, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' }));
export const IsWebIdentityTokenAudiences = shape(
  list('webIdentityTokenAudienceListType', text('webIdentityTokenAudienceStringType', { min: 1, max: 1000 }), { min: 1, max: 10 }),
);
/** Seconds. */
export const IsWebIdentityTokenDurationSeconds = shape(integer('webIdentityTokenDurationSecondsType', 60, 3600));
export const IsJwtAlgorithm = shape(text('jwtAlgorithmType', { min: 5, max: 5 }));
/** Whoever has one may be who it names as long as it lasts. */
export const IsClientToken = shape(text('clientTokenType', { min: 4, max: 20_000, sensitive: true }));
export const IsSAMLAssertion = shape(text('SAMLAssertionType', { min: 4, max: 100_000, sensitive: true }));
export const IsUrl = shape(text('urlType', { min: 4, max: 2048 }));
export const IsFederatedUserName = shape(text('userNameType', { min: 2, max: 32, pattern: '[\\w+=,.@-]*' }));
export const IsFederationPolicy = shape(text('sessionPolicyDocumentType', { min: 1, max: 2048, pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+' }));
/** Seconds. */
export const IsRoleDurationSeconds = shape(integer('roleDurationSecondsType', 900, 43_200));
/** Seconds. */
export const IsDurationSeconds = shape(integer('durationSecondsType', 900, 129_600));
export const IsTransitiveTagKeys = shape(list('tagKeyListType', tagKey, { max: 50 }));
export const IsExternalId = shape(text('externalIdType', { min: 2, max: 1224, pattern: '[\\w+=,.@:\\/-]*' }));
export const IsSerialNumber = shape(text('serialNumberType', { min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' }));
/** A one-time code is a secret while it lasts. */
export const IsTokenCode = shape(text('tokenCodeType', { min: 6, max: 6, pattern: '[\\d]*', sensitive: true }));
export const IsSourceIdentity = shape(text('sourceIdentityType', { min: 2, max: 64, pattern: '[\\w+=,.@-]*' }));
export const IsProvidedContexts = shape(
  list(
    'ProvidedContextsListType',
    structure('ProvidedContext', {
      ProviderArn: { shape: arn, required: false },
      ContextAssertion: { shape: text('contextAssertionType', { min: 4, max: 2048 }), required: false },
    }),
    { min: 1, max: 5 },
  ),
);
export const IsEncodedMessage = shape(text('encodedMessageType', { min: 1, max: 10_240 }));
export const IsStsAccessKeyId = shape(text('accessKeyIdType', { min: 16, max: 128, pattern: '[\\w]*' }));
