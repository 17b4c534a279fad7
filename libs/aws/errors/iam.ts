/** Errors that the operations of IAM declare (IAM API reference, version 2010-05-08). */
import { declaredError } from './declared-error.ts';

export class AccountNotManagementOrDelegatedAdministrator extends declaredError('AccountNotManagementOrDelegatedAdministratorException', 400) {}
export class CallerIsNotManagementAccount extends declaredError('CallerIsNotManagementAccountException', 400) {}
export class ConcurrentModification extends declaredError('ConcurrentModification', 409) {}
export class DeleteConflict extends declaredError('DeleteConflict', 409) {}
export class DuplicateCertificate extends declaredError('DuplicateCertificate', 409) {}
export class DuplicateSSHPublicKey extends declaredError('DuplicateSSHPublicKey', 400) {}
export class EntityAlreadyExists extends declaredError('EntityAlreadyExists', 409) {}
export class EntityTemporarilyUnmodifiable extends declaredError('EntityTemporarilyUnmodifiable', 409) {}
export class FeatureDisabled extends declaredError('FeatureDisabled', 404) {}
export class FeatureEnabled extends declaredError('FeatureEnabled', 409) {}
export class InvalidAuthenticationCode extends declaredError('InvalidAuthenticationCode', 403) {}
export class InvalidCertificate extends declaredError('InvalidCertificate', 400) {}
export class InvalidInput extends declaredError('InvalidInput', 400) {}
export class InvalidPublicKey extends declaredError('InvalidPublicKey', 400) {}
export class InvalidUserType extends declaredError('InvalidUserType', 400) {}
export class KeyPairMismatch extends declaredError('KeyPairMismatch', 400) {}
export class LimitExceeded extends declaredError('LimitExceeded', 409) {}
export class MalformedCertificate extends declaredError('MalformedCertificate', 400) {}
/** Declared by IAM and by STS. */
export class MalformedPolicyDocument extends declaredError('MalformedPolicyDocument', 400) {}
export class NameConflict extends declaredError('NameConflict', 409) {}
export class NoSuchEntity extends declaredError('NoSuchEntity', 404) {}
/** The model's `ServiceNotSupportedException`. */
export class NotSupportedService extends declaredError('NotSupportedService', 404) {}
export class OpenIdIdpCommunicationError extends declaredError('OpenIdIdpCommunicationError', 400) {}
export class OrganizationNotFound extends declaredError('OrganizationNotFoundException', 400) {}
/** Declared by IAM and by CloudTrail. */
export class OrganizationNotInAllFeaturesMode extends declaredError('OrganizationNotInAllFeaturesModeException', 400) {}
export class PasswordPolicyViolation extends declaredError('PasswordPolicyViolation', 400) {}
export class PolicyEvaluation extends declaredError('PolicyEvaluation', 500) {}
export class PolicyNotAttachable extends declaredError('PolicyNotAttachable', 400) {}
/** The model's `CredentialReportExpiredException`. */
export class ReportExpired extends declaredError('ReportExpired', 410) {}
export class ReportGenerationLimitExceeded extends declaredError('ReportGenerationLimitExceeded', 409) {}
/** The model's `CredentialReportNotReadyException`. */
export class ReportInProgress extends declaredError('ReportInProgress', 404) {}
/** The model's `CredentialReportNotPresentException`. */
export class ReportNotPresent extends declaredError('ReportNotPresent', 410) {}
export class RoleModified extends declaredError('RoleModified', 409) {}
export class RoleTemplateDisabled extends declaredError('RoleTemplateDisabled', 400) {}
export class ServiceAccessNotEnabled extends declaredError('ServiceAccessNotEnabledException', 400) {}
export class ServiceFailure extends declaredError('ServiceFailure', 500) {}
export class UnmodifiableEntity extends declaredError('UnmodifiableEntity', 400) {}
export class UnrecognizedPublicKeyEncoding extends declaredError('UnrecognizedPublicKeyEncoding', 400) {}
