import type { SummaryKeyType } from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { IamCommand, operation } from '../operation.ts';
import { isAwsManaged } from '../policies/find-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
export class GetAccountSummary extends IamCommand<{ SummaryMap: Record<SummaryKeyType, number> }> {}

export const getAccountSummary = operation(GetAccountSummary, {
  resource: () => '*',
  answer: (_command, account) => ({ SummaryMap: { ...counts(account), ...quotas(account) } }),
});

type QuotaKey = Extract<SummaryKeyType, `${string}Quota`>;

function counts(account: Account): Record<Exclude<SummaryKeyType, QuotaKey>, number> {
  return {
    Users: account.users.size,
    Groups: account.groups.size,
    Roles: account.roles.size,
    InstanceProfiles: account.instanceProfiles.size,
    Policies: account.policies.size,
    PolicyVersionsInUse: policyVersionsInUse(account),
    Providers: account.oidcProviders.size + account.samlProviders.size,
    ServerCertificates: account.serverCertificates.size,
    MFADevices: account.mfaDevices.size,
    MFADevicesInUse: mfaDevicesInUse(account),
    AccountMFAEnabled: account.root.mfaDevices.length > 0 ? 1 : 0,
    AccountAccessKeysPresent: account.root.accessKeyIds.length > 0 ? 1 : 0,
    AccountPasswordPresent: account.root.passwordHash === undefined ? 0 : 1,
    AccountSigningCertificatesPresent: account.root.signingCertificates.length > 0 ? 1 : 0,
    GlobalEndpointTokenVersion: account.globalEndpointTokenVersion,
  };
}

function quotas({ quotas: own }: Account): Record<QuotaKey, number> {
  return {
    UsersQuota: own.users,
    GroupsQuota: own.groups,
    RolesQuota: own.roles,
    InstanceProfilesQuota: own.instanceProfiles,
    PoliciesQuota: own.policies,
    VersionsPerPolicyQuota: own.versionsPerPolicy,
    PolicyVersionsInUseQuota: policyVersionsInUseMax,
    GroupsPerUserQuota: own.groupsPerUser,
    AccessKeysPerUserQuota: own.accessKeysPerUser,
    SigningCertificatesPerUserQuota: own.signingCertificatesPerUser,
    ServerCertificatesQuota: own.serverCertificates,
    AttachedPoliciesPerUserQuota: own.attachedPoliciesPerUser,
    AttachedPoliciesPerGroupQuota: own.attachedPoliciesPerGroup,
    AttachedPoliciesPerRoleQuota: own.attachedPoliciesPerRole,
    PolicySizeQuota: own.managedPolicyCharacters,
    UserPolicySizeQuota: own.userInlinePolicyCharacters,
    GroupPolicySizeQuota: own.groupInlinePolicyCharacters,
    RolePolicySizeQuota: own.roleInlinePolicyCharacters,
    AssumeRolePolicySizeQuota: own.trustPolicyCharacters,
  };
}

/** AWS's defaults of what nothing in an account counts against yet (IAM User Guide, "IAM and AWS STS quotas"). */
const policyVersionsInUseMax = 10_000;

function mfaDevicesInUse(account: Account): number {
  let devices = 0;
  for (const { assignment } of account.mfaDevices.values()) if (assignment !== undefined) devices++;
  return devices;
}

/** Every version of the account's own policies, and one of each policy of AWS's that is attached or a boundary. */
function policyVersionsInUse(account: Account): number {
  let versions = 0;
  for (const policy of account.policies.values()) versions += policy.versions.length;
  const awsPolicies = new Set([...account.attachments.keys(), ...account.boundaryUses.keys()].filter(isAwsManaged));
  return versions + awsPolicies.size;
}
