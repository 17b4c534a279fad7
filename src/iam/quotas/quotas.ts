/**
 * IAM's quotas with AWS's defaults (IAM User Guide, "IAM and AWS STS quotas"), adjustable per account. Counts unless the name ends in
 * `Characters`; white space is not counted in policies.
 */
export const defaultQuotas = {
  users: 5000,
  groups: 300,
  roles: 1000,
  policies: 1500,
  instanceProfiles: 1000,
  oidcProviders: 100,
  samlProviders: 100,
  clientIdsPerOidcProvider: 100,
  accessKeysPerUser: 2,
  groupsPerUser: 10,
  attachedPoliciesPerUser: 10,
  attachedPoliciesPerGroup: 10,
  attachedPoliciesPerRole: 10,
  versionsPerPolicy: 5,
  rolesPerInstanceProfile: 1,
  tagsPerResource: 50,
  mfaDevicesPerUser: 8,
  sshPublicKeysPerUser: 5,
  signingCertificatesPerUser: 2,
  serverCertificates: 20,
  serviceSpecificCredentialsPerService: 2,
  trustPolicyCharacters: 2048,
  userInlinePolicyCharacters: 2048,
  groupInlinePolicyCharacters: 5120,
  roleInlinePolicyCharacters: 10_240,
  managedPolicyCharacters: 6144,
  sessionPolicyCharacters: 2048,
} as const satisfies Record<string, number>;

export type QuotaName = keyof typeof defaultQuotas;
export type Quotas = Readonly<Record<QuotaName, number>>;

/** Characters of a policy document as IAM counts them: without white space. */
export function policyCharacters(document: string): number {
  let count = 0;
  for (let i = 0; i < document.length; i++) {
    const code = document.charCodeAt(i);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) count++;
  }
  return count;
}
