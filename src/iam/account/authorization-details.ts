import type { AttachedPolicy, GroupDetail, ManagedPolicyDetail, PolicyDetail, RoleDetail, UserDetail } from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { describeGroup, type Group } from '../groups/group.ts';
import { instanceProfilesOfRole } from '../instance-profiles/find-instance-profile.ts';
import { describeListedInstanceProfile } from '../instance-profiles/instance-profile.ts';
import { describePolicy, describePolicyVersion, policyNameOf, type ManagedPolicy } from '../policies/managed-policy.ts';
import type { PolicyHolder } from '../policies/policy-holder.ts';
import { describeRole, type Role, type RoleLastUsed } from '../roles/role.ts';
import { describeUser, type User } from '../users/user.ts';

/** A user with everything that grants or limits it (IAM API, `UserDetail`). */
export function describeUserInDetail(account: Account, user: User): UserDetail {
  const { Tags = [], ...described } = describeUser(account, user);
  return {
    ...described,
    UserPolicyList: inlinePolicies(user),
    GroupList: user.groups.flatMap((name) => account.groups.get(name)?.groupName ?? []),
    AttachedManagedPolicies: attachedPolicies(user),
    Tags,
  };
}

/** A group with everything that it grants (IAM API, `GroupDetail`). */
export function describeGroupInDetail(account: Account, group: Group): GroupDetail {
  return { ...describeGroup(account, group), GroupPolicyList: inlinePolicies(group), AttachedManagedPolicies: attachedPolicies(group) };
}

/** A role with everything that grants or limits it (IAM API, `RoleDetail`, which has neither description nor session duration). */
export function describeRoleInDetail(account: Account, role: Role, lastUsed: RoleLastUsed): RoleDetail {
  const { Description: _description, MaxSessionDuration: _duration, Tags = [], ...described } = describeRole(account, role, lastUsed);
  return {
    ...described,
    InstanceProfileList: [...instanceProfilesOfRole(account, role.roleName)].map(([, profile]) => describeListedInstanceProfile(account, profile)),
    RolePolicyList: inlinePolicies(role),
    AttachedManagedPolicies: attachedPolicies(role),
    Tags,
  };
}

/** A managed policy with all its versions, newest first, and their documents (IAM API, `ManagedPolicyDetail`). */
export function describePolicyInDetail(account: Account, policy: ManagedPolicy): ManagedPolicyDetail {
  return {
    ...describePolicy(account, policy, { brief: true }),
    PolicyVersionList: policy.versions.toReversed().map((version) => describePolicyVersion(policy, version, { withDocument: true })),
  };
}

const inlinePolicies = (holder: PolicyHolder): PolicyDetail[] =>
  [...holder.inlinePolicies.values()].map(({ policyName, policyDocument }) => ({ PolicyName: policyName, PolicyDocument: policyDocument }));

const attachedPolicies = (holder: PolicyHolder): AttachedPolicy[] =>
  [...holder.attachedPolicies.values()].map((arn) => ({ PolicyName: policyNameOf(arn), PolicyArn: arn }));
