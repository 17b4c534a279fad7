/**
 * Errors that the operations of CloudTrail declare (CloudTrail API reference, version 2013-11-01). Its codes keep AWS's `Exception`.
 * `OrganizationNotInAllFeaturesMode` stands with IAM's; `ThrottlingException` and `InvalidParameterCombinationException` are the common
 * `Throttling` and `InvalidParameterCombination`, which the JSON codec prints so.
 */
import { declaredError } from './declared-error.ts';

export class ChannelARNInvalid extends declaredError('ChannelARNInvalidException', 400) {}
export class ChannelNotFound extends declaredError('ChannelNotFoundException', 400) {}
export class CloudTrailARNInvalid extends declaredError('CloudTrailARNInvalidException', 400) {}
export class CloudTrailAccessNotEnabled extends declaredError('CloudTrailAccessNotEnabledException', 400) {}
export class CloudTrailInvalidClientTokenId extends declaredError('CloudTrailInvalidClientTokenIdException', 400) {}
export class CloudWatchLogsDeliveryUnavailable extends declaredError('CloudWatchLogsDeliveryUnavailableException', 400) {}
export class Conflict extends declaredError('ConflictException', 400) {}
export class EventDataStoreARNInvalid extends declaredError('EventDataStoreARNInvalidException', 400) {}
export class EventDataStoreNotFound extends declaredError('EventDataStoreNotFoundException', 400) {}
export class InactiveEventDataStore extends declaredError('InactiveEventDataStoreException', 400) {}
export class InsightNotEnabled extends declaredError('InsightNotEnabledException', 400) {}
export class InsufficientDependencyServiceAccessPermission extends declaredError('InsufficientDependencyServiceAccessPermissionException', 400) {}
export class InsufficientEncryptionPolicy extends declaredError('InsufficientEncryptionPolicyException', 400) {}
export class InsufficientS3BucketPolicy extends declaredError('InsufficientS3BucketPolicyException', 400) {}
export class InsufficientSnsTopicPolicy extends declaredError('InsufficientSnsTopicPolicyException', 400) {}
export class InvalidCloudWatchLogsLogGroupArn extends declaredError('InvalidCloudWatchLogsLogGroupArnException', 400) {}
export class InvalidCloudWatchLogsRoleArn extends declaredError('InvalidCloudWatchLogsRoleArnException', 400) {}
export class InvalidEventCategory extends declaredError('InvalidEventCategoryException', 400) {}
export class InvalidEventSelectors extends declaredError('InvalidEventSelectorsException', 400) {}
export class InvalidHomeRegion extends declaredError('InvalidHomeRegionException', 400) {}
export class InvalidKmsKeyId extends declaredError('InvalidKmsKeyIdException', 400) {}
export class InvalidLookupAttributes extends declaredError('InvalidLookupAttributesException', 400) {}
export class InvalidMaxResults extends declaredError('InvalidMaxResultsException', 400) {}
export class InvalidNextToken extends declaredError('InvalidNextTokenException', 400) {}
export class InvalidParameter extends declaredError('InvalidParameterException', 400) {}
export class InvalidS3BucketName extends declaredError('InvalidS3BucketNameException', 400) {}
export class InvalidS3Prefix extends declaredError('InvalidS3PrefixException', 400) {}
export class InvalidSnsTopicName extends declaredError('InvalidSnsTopicNameException', 400) {}
export class InvalidTagParameter extends declaredError('InvalidTagParameterException', 400) {}
export class InvalidTimeRange extends declaredError('InvalidTimeRangeException', 400) {}
export class InvalidToken extends declaredError('InvalidTokenException', 400) {}
export class InvalidTrailName extends declaredError('InvalidTrailNameException', 400) {}
export class Kms extends declaredError('KmsException', 400) {}
export class KmsKeyDisabled extends declaredError('KmsKeyDisabledException', 400) {}
export class KmsKeyNotFound extends declaredError('KmsKeyNotFoundException', 400) {}
export class MaximumNumberOfTrailsExceeded extends declaredError('MaximumNumberOfTrailsExceededException', 400) {}
export class NoManagementAccountSLRExists extends declaredError('NoManagementAccountSLRExistsException', 400) {}
export class NotOrganizationMasterAccount extends declaredError('NotOrganizationMasterAccountException', 400) {}
export class OperationNotPermitted extends declaredError('OperationNotPermittedException', 400) {}
export class OrganizationsNotInUse extends declaredError('OrganizationsNotInUseException', 400) {}
export class ResourceNotFound extends declaredError('ResourceNotFoundException', 400) {}
export class ResourceTypeNotSupported extends declaredError('ResourceTypeNotSupportedException', 400) {}
export class S3BucketDoesNotExist extends declaredError('S3BucketDoesNotExistException', 400) {}
export class TagsLimitExceeded extends declaredError('TagsLimitExceededException', 400) {}
export class TrailAlreadyExists extends declaredError('TrailAlreadyExistsException', 400) {}
export class TrailNotFound extends declaredError('TrailNotFoundException', 400) {}
export class TrailNotProvided extends declaredError('TrailNotProvidedException', 400) {}
export class UnsupportedOperation extends declaredError('UnsupportedOperationException', 400) {}
