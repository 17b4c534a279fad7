import { registerDecorator } from 'class-validator';
import { shapesOf } from './shape-registry.ts';
import { violations, type Shape, type StructureShape } from './shape-validation.ts';

/**
 * AWS's input shapes as decorators: one per shape of the service model, under the model's own name, so that a reader of the AWS documentation
 * finds it and the conformance test can compare it. The class-validator constraint is the whole check; its words are AWS's.
 */
export function shape(definition: Shape) {
  return (): PropertyDecorator => (target, propertyKey) => {
    shapesOf(target.constructor).set(String(propertyKey), definition);
    registerDecorator({
      name: definition.name,
      target: target.constructor,
      propertyName: String(propertyKey),
      constraints: [definition],
      options: {},
      validator: {
        validate: (value: unknown) => value !== undefined && violations(definition, '', value).length === 0,
        defaultMessage: () => `not a ${definition.name}`,
      },
    });
  };
}

type Limits = { min?: number; max?: number; pattern?: string; enum?: readonly string[]; sensitive?: boolean };
export const text = (name: string, limits: Limits = {}): Shape => ({
  kind: 'string',
  name,
  ...limits,
  ...(limits.pattern === undefined ? {} : { expression: new RegExp(`^(?:${limits.pattern})$`, 'u') }),
});
export const integer = (name: string, min?: number, max?: number): Shape => ({
  kind: 'integer',
  name,
  ...(min === undefined ? {} : { min }),
  ...(max === undefined ? {} : { max }),
});
export const list = (name: string, member: Shape, limits: { min?: number; max?: number } = {}): Shape => ({ kind: 'list', name, member, ...limits });
export const structure = (name: string, members: StructureShape['members']): Shape => ({ kind: 'structure', name, members });

const entityName = '[\\w+=,.@-]+';
const printable = '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+';
const description = '[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*';
const arn = text('arnType', { min: 20, max: 2048 });
export const tagKey = text('tagKeyType', { min: 1, max: 128, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+' });
const tagValue = text('tagValueType', { min: 0, max: 256, pattern: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' });
const policyDocument = text('policyDocumentType', { min: 1, max: 131_072, pattern: printable });
const boolean = (name: string): Shape => ({ kind: 'boolean', name });

// IAM, in the order of the model
export const IsUserName = shape(text('userNameType', { min: 1, max: 64, pattern: entityName }));
export const IsExistingUserName = shape(text('existingUserNameType', { min: 1, max: 128, pattern: entityName }));
export const IsGroupName = shape(text('groupNameType', { min: 1, max: 128, pattern: entityName }));
export const IsRoleName = shape(text('roleNameType', { min: 1, max: 64, pattern: entityName }));
export const IsPolicyName = shape(text('policyNameType', { min: 1, max: 128, pattern: entityName }));
export const IsInstanceProfileName = shape(text('instanceProfileNameType', { min: 1, max: 128, pattern: entityName }));
export const IsPath = shape(text('pathType', { min: 1, max: 512, pattern: '(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)' }));
export const IsPathPrefix = shape(text('pathPrefixType', { min: 1, max: 512, pattern: '\\u002F[\\u0021-\\u007F]*' }));
export const IsPolicyPath = shape(text('policyPathType', { min: 1, max: 512, pattern: '((/[A-Za-z0-9\\.,\\+@=_-]+)*)/' }));
export const IsArn = shape(arn);
export const IsPolicyDocument = shape(policyDocument);
export const IsPolicyDescription = shape(text('policyDescriptionType', { max: 1000 }));
export const IsPolicyVersionId = shape(text('policyVersionIdType', { pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' }));
export const IsPolicyScope = shape(text('policyScopeType', { enum: ['All', 'AWS', 'Local'] }));
export const IsPolicyUsage = shape(text('PolicyUsageType', { enum: ['PermissionsPolicy', 'PermissionsBoundary'] }));
export const IsEntityType = shape(text('EntityType', { enum: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] }));
export const IsEntityList = shape(
  list('entityListType', text('EntityType', { enum: ['User', 'Role', 'Group', 'LocalManagedPolicy', 'AWSManagedPolicy'] })),
);
export const IsRoleDescription = shape(text('roleDescriptionType', { max: 1000, pattern: description }));
export const IsRoleMaxSessionDuration = shape(integer('roleMaxSessionDurationType', 3600, 43_200));
export const IsAccessKeyId = shape(text('accessKeyIdType', { min: 16, max: 128, pattern: '[\\w]+' }));
export const IsStatus = shape(text('statusType', { enum: ['Active', 'Inactive', 'Expired'] }));
export const IsAccountAlias = shape(text('accountAliasType', { min: 3, max: 63, pattern: '^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$' }));
export const IsPassword = shape(text('passwordType', { min: 1, max: 128, pattern: printable, sensitive: true }));
export const IsMinimumPasswordLength = shape(integer('minimumPasswordLengthType', 6, 128));
export const IsMaxPasswordAge = shape(integer('maxPasswordAgeType', 1, 1095));
export const IsPasswordReusePrevention = shape(integer('passwordReusePreventionType', 1, 24));
export const IsBoolean = shape(boolean('booleanType'));
export const IsBooleanObject = shape(boolean('booleanObjectType'));
export const IsTags = shape(
  list('tagListType', structure('Tag', { Key: { shape: tagKey, required: true }, Value: { shape: tagValue, required: true } }), { max: 50 }),
);
export const IsTagKeys = shape(list('tagKeyListType', tagKey, { max: 50 }));
export const IsMarker = shape(text('markerType', { min: 1, max: 320, pattern: '[\\u0020-\\u00FF]+' }));
export const IsMaxItems = shape(integer('maxItemsType', 1, 1000));

// Identity providers
const clientID = text('clientIDType', { min: 1, max: 255 });
const thumbprint = text('thumbprintType', { min: 40, max: 40 });
export const IsOpenIDConnectProviderUrl = shape(text('OpenIDConnectProviderUrlType', { min: 1, max: 255 }));
export const IsClientID = shape(clientID);
export const IsClientIDList = shape(list('clientIDListType', clientID));
export const IsThumbprintList = shape(list('thumbprintListType', thumbprint));
export const IsSAMLProviderName = shape(text('SAMLProviderNameType', { min: 1, max: 128, pattern: '[\\w._-]+' }));
export const IsSAMLMetadataDocument = shape(text('SAMLMetadataDocumentType', { min: 1000, max: 10_000_000 }));
export const IsAssertionEncryptionMode = shape(text('assertionEncryptionModeType', { enum: ['Required', 'Allowed'] }));
export const IsPrivateKeyId = shape(text('privateKeyIdType', { min: 22, max: 64, pattern: '[A-Z0-9]+' }));

// Access history
const serviceNamespace = text('serviceNamespaceType', { min: 1, max: 64, pattern: '[\\w-]*' });
export const IsJobId = shape(text('jobIDType', { min: 36, max: 36 }));
export const IsAccessGranularity = shape(text('AccessAdvisorUsageGranularityType', { enum: ['SERVICE_LEVEL', 'ACTION_LEVEL'] }));
export const IsServiceNamespace = shape(serviceNamespace);
export const IsServiceNamespaces = shape(list('serviceNamespaceListType', serviceNamespace, { min: 1, max: 200 }));

// Credentials
export const IsGlobalEndpointTokenVersion = shape(text('globalEndpointTokenVersion', { enum: ['v1Token', 'v2Token'] }));
export const IsSerialNumber = shape(text('serialNumberType', { min: 9, max: 256, pattern: '[\\w+=/:,.@-]+' }));
export const IsVirtualMfaDeviceName = shape(text('virtualMFADeviceName', { min: 1, pattern: entityName }));
/** A one-time code is a secret while it lasts. */
export const IsAuthenticationCode = shape(text('authenticationCodeType', { min: 6, max: 6, pattern: '[\\d]+', sensitive: true }));
export const IsAssignmentStatus = shape(text('assignmentStatusType', { enum: ['Assigned', 'Unassigned', 'Any'] }));
// Who confuses two files sends a private key under one of these names: hidden, as if it always were one. What is public in them stands in the event.
export const IsPublicKeyMaterial = shape(text('publicKeyMaterialType', { min: 1, max: 16_384, pattern: printable, sensitive: true }));
export const IsPublicKeyId = shape(text('publicKeyIdType', { min: 20, max: 128, pattern: '[\\w]+' }));
export const IsEncoding = shape(text('encodingType', { enum: ['SSH', 'PEM'] }));
export const IsCertificateBody = shape(text('certificateBodyType', { min: 1, max: 16_384, pattern: printable, sensitive: true }));
export const IsCertificateChain = shape(text('certificateChainType', { min: 1, max: 2_097_152, pattern: printable, sensitive: true }));
export const IsPrivateKey = shape(text('privateKeyType', { min: 1, max: 16_384, pattern: printable, sensitive: true }));
export const IsCertificateId = shape(text('certificateIdType', { min: 24, max: 128, pattern: '[\\w]+' }));
export const IsServerCertificateName = shape(text('serverCertificateNameType', { min: 1, max: 128, pattern: entityName }));
export const IsServiceName = shape(text('serviceName'));
export const IsCredentialAgeDays = shape(integer('credentialAgeDays', 1, 36_600));
export const IsServiceSpecificCredentialId = shape(text('serviceSpecificCredentialId', { min: 20, max: 128, pattern: '[\\w]+' }));
export const IsAllUsers = shape(boolean('allUsers'));

// Simulation
const contextEntry = structure('ContextEntry', {
  ContextKeyName: { shape: text('ContextKeyNameType', { min: 5, max: 256 }), required: false },
  ContextKeyValues: { shape: list('ContextKeyValueListType', text('ContextKeyValueType')), required: false },
  ContextKeyType: {
    shape: text('ContextKeyTypeEnum', {
      enum: ['string', 'stringList', 'numeric', 'numericList', 'boolean', 'booleanList', 'ip', 'ipList', 'binary', 'binaryList', 'date', 'dateList'],
    }),
    required: false,
  },
});
export const IsActionNames = shape(list('ActionNameListType', text('ActionNameType', { min: 3, max: 128 })));
export const IsResourceNames = shape(list('ResourceNameListType', text('ResourceNameType', { min: 1, max: 2048 })));
export const IsResourceName = shape(text('ResourceNameType', { min: 1, max: 2048 }));
export const IsSimulationPolicies = shape(list('SimulationPolicyListType', policyDocument));
export const IsContextEntries = shape(list('ContextEntryListType', contextEntry));
export const IsOrganizationPolicies = shape(
  list(
    'OrganizationPolicyListType',
    structure('OrderedOrganizationPolicyType', {
      ServiceControlPolicyInputList: { shape: list('SimulationPolicyListType', policyDocument), required: false },
    }),
    { max: 7 },
  ),
);
export const IsPolicyExclusions = shape(
  list(
    'PolicyExclusionsListType',
    structure('PolicyIdentifier', {
      PolicyType: {
        shape: text('PolicyIdentifierPolicyType', { enum: ['inline', 'aws-managed', 'user-managed', 'permission-boundary', 'scp', 'rcp'] }),
        required: false,
      },
      PolicyArn: { shape: arn, required: false },
      InlinePolicyIdentifier: {
        shape: structure('InlinePolicyIdentifierType', {
          PolicyName: { shape: text('policyNameType', { min: 1, max: 128, pattern: entityName }), required: true },
          AttachmentType: { shape: text('AttachmentType', { enum: ['user', 'group', 'role'] }), required: true },
          AttachmentName: { shape: text('AttachmentName', { min: 1, max: 128, pattern: entityName }), required: true },
        }),
        required: false,
      },
    }),
    { max: 256 },
  ),
);
export const IsResourceHandlingOption = shape(text('ResourceHandlingOptionType', { min: 1, max: 64 }));
