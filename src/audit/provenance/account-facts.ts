import type { Account } from '../../iam/account.ts';
import { policyNameOf } from '../../iam/policies/managed-policy.ts';
import type { HolderKind, PolicyHolder } from '../../iam/policies/policy-holder.ts';
import type { RecordedEvent } from '../../../libs/ledger/index.ts';
import type { AccountFact, Origin, Origins } from './origins.ts';

/** What a fact is about, by the names that things have where it holds. */
export interface Names {
  readonly userName?: string | undefined;
  readonly groupName?: string | undefined;
  readonly roleName?: string | undefined;
}

/** A fact that is told from names: those of users and groups may have been others when the fact came about. */
export type NamedFact = (names: Names) => AccountFact;

export interface Holder {
  readonly kind: HolderKind;
  readonly name: string;
}

export const namesOf = ({ kind, name }: Holder): Names =>
  kind === 'user' ? { userName: name } : kind === 'group' ? { groupName: name } : { roleName: name };

/** The user, group or role that the names name. */
function holderIn(
  account: Account,
  { userName, groupName, roleName }: Names,
): (PolicyHolder & { readonly permissionsBoundary?: string | undefined }) | undefined {
  if (roleName !== undefined) return account.roles.get(roleName);
  return groupName !== undefined && userName === undefined ? account.groups.get(groupName) : account.users.get(userName ?? '');
}

/** A managed policy is attached to the holder. */
export const attachmentFact =
  (policyArn: string): NamedFact =>
  (names) => ({
    part: (account) => holderIn(account, names)?.attachedPolicies,
    value: (account) => holderIn(account, names)?.attachedPolicies.get(policyArn),
  });

/** The holder has an inline policy of this document. */
export const inlinePolicyFact =
  (policyName: string): NamedFact =>
  (names) => ({
    part: (account) => holderIn(account, names)?.inlinePolicies.get(policyName),
    value: (account) => holderIn(account, names)?.inlinePolicies.get(policyName)?.policyDocument,
  });

/** The holder has this permissions boundary. */
export const boundaryFact: NamedFact = (names) => ({
  part: (account) => holderIn(account, names),
  value: (account) => holderIn(account, names)?.permissionsBoundary,
});

/** The user is in the group. */
export const membershipFact: NamedFact = ({ userName = '', groupName = '' }) => ({
  part: (account) => account.users.get(userName)?.groups,
  value: (account) => (account.users.get(userName)?.groups.includes(groupName.toLowerCase()) === true ? true : undefined),
});

/** The role trusts by this document. */
export const trustFact: NamedFact = ({ roleName = '' }) => ({
  part: (account) => account.roles.get(roleName)?.trustedPrincipalIds,
  value: (account) => account.roles.get(roleName)?.assumeRolePolicyDocument,
});

/** A version of a managed policy has this document. */
export const versionFact =
  (policyArn: string, versionId: string): NamedFact =>
  () => ({
    part: (account) => account.policies.get(policyNameOf(policyArn))?.versions,
    value: (account) => account.policies.get(policyNameOf(policyArn))?.versions.find((version) => version.versionId === versionId)?.policyDocument,
  });

/** This version of a managed policy is in force. */
export const defaultVersionFact =
  (policyArn: string): NamedFact =>
  () => ({
    part: (account) => account.policies.get(policyNameOf(policyArn)),
    value: (account) => account.policies.get(policyNameOf(policyArn))?.defaultVersionId,
  });

/** AWS's policy is the one that an import brought. */
export const importedPolicyFact =
  (policyArn: string): NamedFact =>
  () => ({
    part: (account) => account.importedAwsPolicies.get(policyArn),
    value: (account) => account.importedAwsPolicies.get(policyArn),
  });

/** Users may change their own passwords. */
export const passwordPolicyFact: NamedFact = () => ({
  part: (account) => account.passwordPolicy,
  value: (account) => account.passwordPolicy?.allowUsersToChangePassword,
});

/** The access key is there. */
export const accessKeyFact =
  (accessKeyId: string): NamedFact =>
  () => ({
    part: (account) => account.accessKeys.get(accessKeyId),
    value: (account) => account.accessKeys.get(accessKeyId)?.accessKeyId,
  });

/** The user has a password, the one that was set up then. */
export const loginProfileFact: NamedFact = ({ userName = '' }) => ({
  part: (account) => account.users.get(userName)?.loginProfile,
  value: (account) => account.users.get(userName)?.loginProfile?.createDate,
});

/** A signing certificate is there; without a user, root's. */
export const certificateFact =
  (certificateId: string): NamedFact =>
  ({ userName }) => {
    const certificates = (account: Account) => (userName === undefined ? account.root : account.users.get(userName))?.signingCertificates;
    return { part: certificates, value: (account) => certificates(account)?.find((each) => each.certificateId === certificateId)?.certificateId };
  };

/** An MFA device is somebody's. */
export const mfaDeviceFact =
  (serialNumber: string): NamedFact =>
  () => ({
    part: (account) => account.mfaDevices.get(serialNumber),
    value: (account) => account.mfaDevices.get(serialNumber)?.assignment?.enabledBy,
  });

/** The event that made a fact, under whatever name: a renaming moves a fact, it does not make it. */
export async function originOf(origins: Origins, account: Account, fact: NamedFact, names: Names): Promise<Origin | undefined> {
  let [at, as] = [account, names];
  for (;;) {
    const origin = await origins.lastChange(at, fact(as));
    if (origin === undefined) return undefined;
    const earlier = namesBefore(origin.event, as);
    if (earlier === undefined) return origin;
    [at, as] = [origin.before, earlier];
  }
}

/** The names before a renaming of one of them; `undefined` where the event is none. */
function namesBefore({ type, data }: RecordedEvent, names: Names): Names | undefined {
  const { userName, newUserName, groupName, newGroupName } = data as Readonly<Record<string, string | undefined>>;
  if (type === 'UserUpdated' && same(newUserName, names.userName)) return { ...names, userName };
  if (type === 'GroupUpdated' && same(newGroupName, names.groupName)) return { ...names, groupName };
  return undefined;
}

const same = (one: string | undefined, other: string | undefined): boolean => one !== undefined && one.toLowerCase() === other?.toLowerCase();
