import type { AccountEvent } from '../iam/events.ts';

/** Which fields of what they are about events change, by the names that IAM's API has for them. Every type of event that changes a field stands in one row at least. */
export const changedFields = {
  accessKeys: ['AccessKeyCreated', 'AccessKeyDeleted', 'AccessKeyActivated', 'AccessKeyDeactivated'],
  accountAlias: ['AccountAliasCreated', 'AccountAliasDeleted'],
  assumeRolePolicyDocument: ['AssumeRolePolicyUpdated'],
  attachedPolicies: [
    'UserPolicyAttached',
    'UserPolicyDetached',
    'GroupPolicyAttached',
    'GroupPolicyDetached',
    'RolePolicyAttached',
    'RolePolicyDetached',
  ],
  defaultVersionId: ['DefaultPolicyVersionSet', 'PolicyVersionCreated'],
  description: ['RoleUpdated'],
  groups: ['UserAddedToGroup', 'UserRemovedFromGroup'],
  inlinePolicies: ['UserPolicyPut', 'UserPolicyDeleted', 'GroupPolicyPut', 'GroupPolicyDeleted', 'RolePolicyPut', 'RolePolicyDeleted'],
  maxSessionDuration: ['RoleUpdated'],
  mfaDevices: ['MFADeviceEnabled', 'MFADeviceDeactivated'],
  name: ['UserUpdated', 'GroupUpdated'],
  password: ['LoginProfileCreated', 'LoginProfileUpdated', 'LoginProfileDeleted', 'PasswordChanged', 'RootPasswordChanged'],
  passwordPolicy: ['AccountPasswordPolicyUpdated', 'AccountPasswordPolicyDeleted'],
  path: ['UserUpdated', 'GroupUpdated'],
  permissionsBoundary: [
    'UserPermissionsBoundaryPut',
    'UserPermissionsBoundaryDeleted',
    'RolePermissionsBoundaryPut',
    'RolePermissionsBoundaryDeleted',
  ],
  quotas: ['QuotaChanged'],
  signingCertificates: ['SigningCertificateUploaded', 'SigningCertificateActivated', 'SigningCertificateDeactivated', 'SigningCertificateDeleted'],
  status: ['AccessKeyActivated', 'AccessKeyDeactivated', 'SigningCertificateActivated', 'SigningCertificateDeactivated', 'AccountClosed'],
  tags: [
    'UserTagged',
    'UserUntagged',
    'RoleTagged',
    'RoleUntagged',
    'PolicyTagged',
    'PolicyUntagged',
    'InstanceProfileTagged',
    'InstanceProfileUntagged',
  ],
  versions: ['PolicyVersionCreated', 'PolicyVersionDeleted'],
} as const satisfies Readonly<Record<string, readonly AccountEvent['type'][]>>;

export type ChangedField = keyof typeof changedFields;
export const changedFieldNames = Object.keys(changedFields) as ChangedField[];

/** The types of events that change any of these fields. */
export const eventTypesChanging = (fields: readonly ChangedField[]): readonly string[] => [
  ...new Set(fields.flatMap((field) => changedFields[field])),
];
