/**
 * CloudTrail names an error by its shape in the service's model, the answer to the caller by its code: `NoSuchEntityException` here, `NoSuchEntity`
 * there. Nearly always the shape is the code and `Exception`; these are the others.
 */
const irregularShapes: Readonly<Record<string, string>> = {
  NotSupportedService: 'ServiceNotSupportedException',
  ReportExpired: 'CredentialReportExpiredException',
  ReportInProgress: 'CredentialReportNotReadyException',
  ReportNotPresent: 'CredentialReportNotPresentException',
};

/** Codes of errors that IAM and STS declare under another name than their shape's. Errors common to all services (AccessDenied …) have no shape. */
const regularCodes: ReadonlySet<string> = new Set([
  'ConcurrentModification',
  'DeleteConflict',
  'DuplicateCertificate',
  'DuplicateSSHPublicKey',
  'EntityAlreadyExists',
  'EntityTemporarilyUnmodifiable',
  'FeatureDisabled',
  'FeatureEnabled',
  'IDPCommunicationError',
  'IDPRejectedClaim',
  'InvalidAuthenticationCode',
  'InvalidCertificate',
  'InvalidIdentityToken',
  'InvalidInput',
  'InvalidPublicKey',
  'InvalidUserType',
  'KeyPairMismatch',
  'LimitExceeded',
  'MalformedCertificate',
  'MalformedPolicyDocument',
  'NoSuchEntity',
  'OpenIdIdpCommunicationError',
  'PackedPolicyTooLarge',
  'PasswordPolicyViolation',
  'PolicyEvaluation',
  'PolicyNotAttachable',
  'ReportGenerationLimitExceeded',
  'ServiceFailure',
  'UnmodifiableEntity',
  'UnrecognizedPublicKeyEncoding',
]);

/** CloudTrail's errorCode for the code that the caller was answered. */
export function cloudTrailErrorCode(code: string): string {
  return irregularShapes[code] ?? (regularCodes.has(code) ? `${code}Exception` : code);
}

/** Every way in which an error may be written: who searches may have the code from the answer or from a record, and so may an imported call. */
export function errorCodeSpellings(code: string): string[] {
  const spellings = new Set([code, cloudTrailErrorCode(code)]);
  for (const [answered, shape] of Object.entries(irregularShapes)) if (shape === code) spellings.add(answered);
  const withoutSuffix = code.replace(/Exception$/, '');
  if (regularCodes.has(withoutSuffix)) spellings.add(withoutSuffix);
  return [...spellings];
}
