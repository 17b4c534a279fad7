import type { RecordedEvent } from '../../../libs/ledger/index.ts';
import type { AccessKey } from '../../iam/access-keys/access-key.ts';
import type { Account } from '../../iam/account.ts';
import type { Group } from '../../iam/groups/group.ts';
import type { MfaDevice } from '../../iam/mfa-devices/mfa-device.ts';
import { defaultVersion, policyNameOf, type ManagedPolicy } from '../../iam/policies/managed-policy.ts';
import type { HolderKind } from '../../iam/policies/policy-holder.ts';
import type { Role } from '../../iam/roles/role.ts';
import type { CredentialHolder } from '../../iam/users/credential-holder.ts';
import type { User } from '../../iam/users/user.ts';
import type { AccountFact, Origins } from './origins.ts';

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

/** Where the user, group or role stands that the names name. */
function placeOf({ userName, groupName, roleName }: Names): Pick<AccountFact, 'member' | 'key'> {
  if (roleName !== undefined) return { member: 'roles', key: roleName };
  return groupName !== undefined && userName === undefined ? { member: 'groups', key: groupName } : { member: 'users', key: userName ?? '' };
}

/** A fact about the holder of policies that the names name. */
const ofHolder =
  (value: (holder: User | Role | (Group & { readonly permissionsBoundary?: string | undefined })) => unknown): NamedFact =>
  (names) => ({ ...placeOf(names), value: (holder) => (holder === undefined ? undefined : value(holder as User)) });

/** A fact about an entity of another kind. */
const of =
  <Entity>(member: AccountFact['member'], key: string, value: (entity: Entity) => unknown): NamedFact =>
  () => ({ member, key, value: (entity) => (entity === undefined ? undefined : value(entity as Entity)) });

/** A managed policy is attached to the holder. */
export const attachmentFact = (policyArn: string): NamedFact => ofHolder(({ attachedPolicies }) => attachedPolicies.get(policyArn));

/** The holder has an inline policy of this document. */
export const inlinePolicyFact = (policyName: string): NamedFact => ofHolder(({ inlinePolicies }) => inlinePolicies.get(policyName)?.policyDocument);

/** The holder has this permissions boundary. */
export const boundaryFact: NamedFact = ofHolder(({ permissionsBoundary }) => permissionsBoundary);

/** The user is in the group. */
export const membershipFact: NamedFact = ({ userName = '', groupName = '' }) => ({
  member: 'users',
  key: userName,
  value: (user) => ((user as User | undefined)?.groups.includes(groupName.toLowerCase()) === true ? true : undefined),
});

/** The role trusts by this document. */
export const trustFact: NamedFact = ({ roleName = '' }) => of<Role>('roles', roleName, (role) => role.assumeRolePolicyDocument)({});

/** A version of a managed policy has this document. */
export const versionFact = (policyArn: string, versionId: string): NamedFact =>
  of<ManagedPolicy>(
    'policies',
    policyNameOf(policyArn),
    ({ versions }) => versions.find((version) => version.versionId === versionId)?.policyDocument,
  );

/** This version of a managed policy is in force. */
export const defaultVersionFact = (policyArn: string): NamedFact =>
  of<ManagedPolicy>('policies', policyNameOf(policyArn), ({ defaultVersionId }) => defaultVersionId);

/** AWS's policy is the one that an import brought. */
export const importedPolicyFact = (policyArn: string): NamedFact =>
  of<ManagedPolicy>('importedAwsPolicies', policyArn, (policy) => defaultVersion(policy).policyDocument);

/** Users may change their own passwords. */
export const passwordPolicyFact: NamedFact = of<Account>(undefined, '', ({ passwordPolicy }) => passwordPolicy?.allowUsersToChangePassword);

/** The access key is there. */
export const accessKeyFact = (accessKeyId: string): NamedFact => of<AccessKey>('accessKeys', accessKeyId, (key) => key.accessKeyId);

/** The user has a password, the one that was set up then. */
export const loginProfileFact: NamedFact = ({ userName = '' }) => of<User>('users', userName, ({ loginProfile }) => loginProfile?.createDate)({});

/** A signing certificate is there; without a user, root's. */
export const certificateFact =
  (certificateId: string): NamedFact =>
  ({ userName }) => {
    const found = ({ signingCertificates }: CredentialHolder) =>
      signingCertificates.find((each) => each.certificateId === certificateId)?.certificateId;
    return userName === undefined ? of<Account>(undefined, '', ({ root }) => found(root))({}) : of<User>('users', userName, found)({});
  };

/** An MFA device is somebody's. */
export const mfaDeviceFact = (serialNumber: string): NamedFact =>
  of<MfaDevice>('mfaDevices', serialNumber, ({ assignment }) => assignment?.enabledBy);

/** The event that made a fact, under whatever name: a renaming moves a fact, it does not make it. */
export async function originOf(origins: Origins, account: Account, fact: NamedFact, names: Names): Promise<RecordedEvent | undefined> {
  let [at, as] = [account, names];
  for (;;) {
    const event = await origins.lastChange(at, fact(as));
    if (event === undefined) return undefined;
    const earlier = namesBefore(event, as);
    if (earlier === undefined) return event;
    [at, as] = [await origins.before(account, event), earlier];
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
