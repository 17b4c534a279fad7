import { createHash } from 'node:crypto';
import type { Account } from '../../iam/account.ts';
import { instanceProfilesOfRole } from '../../iam/instance-profiles/find-instance-profile.ts';
import type { PolicyHolder } from '../../iam/policies/policy-holder.ts';
import type { Tags } from '../../iam/tags.ts';
import type { User } from '../../iam/users/user.ts';
import type { Entity } from './entity.ts';

/** A policy of a holder's own. */
export interface RememberedPolicy {
  readonly name: string;
  readonly document: string;
}

/**
 * All of a thing that a restore needs, as plain data: it stands in the saga's facts before anything is done, and is the manifest of what is removed.
 * No secret is in it: the account knows none.
 */
export interface Remembered {
  readonly name: string;
  readonly path?: string;
  readonly createDate: string;
  readonly tags?: Tags;
  readonly permissionsBoundary?: string | undefined;
  readonly inlinePolicies?: readonly RememberedPolicy[];
  readonly attachedPolicies?: readonly string[];
  /** Of a user: names of its groups. */
  readonly groups?: readonly string[];
  readonly accessKeys?: readonly { readonly accessKeyId: string; readonly status: 'Active' | 'Inactive'; readonly createDate: string }[];
  readonly password?: { readonly createDate: string; readonly passwordLastChanged: string; readonly passwordResetRequired: boolean };
  /** Of a user: ids of its certificates, SSH keys, service-specific credentials and MFA devices. None of them comes back by itself. */
  readonly signingCertificates?: readonly string[];
  readonly sshPublicKeys?: readonly string[];
  readonly serviceSpecificCredentials?: readonly string[];
  readonly mfaDevices?: readonly string[];
  /** Of a signing certificate: whether it could be used. */
  readonly status?: 'Active' | 'Inactive';
  /** Of a role. */
  readonly description?: string | undefined;
  readonly maxSessionDuration?: number;
  readonly assumeRolePolicyDocument?: string;
  readonly instanceProfiles?: readonly string[];
  /** Of a group: names of its members. */
  readonly members?: readonly string[];
  /** Of a managed policy. */
  readonly arn?: string;
  readonly versions?: readonly { readonly versionId: string; readonly document: string; readonly isDefault: boolean }[];
  /** Of a managed policy: whom it is attached to and whose boundary it is. */
  readonly uses?: readonly string[];
}

/** What there is of a thing, in one version of the account. */
export function remember(account: Account, entity: Entity): Remembered {
  switch (entity.kind) {
    case 'user':
      return rememberUser(account, entity.user);
    case 'access-key': {
      const { accessKeyId, status, createDate } = entity.key;
      return { name: entity.user.userName, createDate, accessKeys: [{ accessKeyId, status, createDate }] };
    }
    case 'password':
      return { name: entity.user.userName, createDate: entity.user.createDate, ...passwordOf(entity.user) };
    case 'role': {
      const { role } = entity;
      return {
        ...policiesOf(role),
        name: role.roleName,
        path: role.path,
        createDate: role.createDate,
        tags: role.tags,
        permissionsBoundary: role.permissionsBoundary,
        description: role.description,
        maxSessionDuration: role.maxSessionDuration,
        assumeRolePolicyDocument: role.assumeRolePolicyDocument,
        instanceProfiles: [...instanceProfilesOfRole(account, role.roleName)].map(([, profile]) => profile.instanceProfileName),
      };
    }
    case 'group': {
      const { group } = entity;
      return { ...policiesOf(group), name: group.groupName, path: group.path, createDate: group.createDate, members: [...group.members.keys()] };
    }
    case 'policy': {
      const { policy } = entity;
      return {
        name: policy.policyName,
        path: policy.path,
        createDate: policy.createDate,
        tags: policy.tags,
        description: policy.description,
        arn: policy.arn,
        versions: policy.versions.map(({ versionId, policyDocument }) => ({
          versionId,
          document: policyDocument,
          isDefault: versionId === policy.defaultVersionId,
        })),
        uses: [...(account.attachments.get(policy.arn)?.keys() ?? []), ...(account.boundaryUses.get(policy.arn)?.keys() ?? [])],
      };
    }
    case 'mfa-device': {
      const { serialNumber, path, createDate, tags } = entity.device;
      return { name: serialNumber, path, createDate, tags, mfaDevices: [serialNumber] };
    }
    case 'signing-certificate': {
      const { certificateId, status, uploadDate } = entity.certificate;
      return { name: entity.user.userName, createDate: uploadDate, signingCertificates: [certificateId], status };
    }
    case 'permission': {
      const holder = entity.user ?? entity.role;
      return { ...policiesOf(holder), name: entity.user?.userName ?? entity.role?.roleName ?? '', createDate: holder.createDate };
    }
    default:
      throw new Error(`there is no ${(entity satisfies never as Entity).kind}`);
  }
}

function rememberUser(account: Account, user: User): Remembered {
  return {
    ...policiesOf(user),
    name: user.userName,
    path: user.path,
    createDate: user.createDate,
    tags: user.tags,
    permissionsBoundary: user.permissionsBoundary,
    groups: user.groups.map((name) => account.groups.get(name)?.groupName ?? name),
    accessKeys: user.accessKeyIds.map((id) => {
      const { accessKeyId, status, createDate } = account.accessKeys.get(id)!; // a user's ids are in the account
      return { accessKeyId, status, createDate };
    }),
    signingCertificates: user.signingCertificates.map(({ certificateId }) => certificateId),
    sshPublicKeys: user.sshPublicKeys.map(({ sshPublicKeyId }) => sshPublicKeyId),
    serviceSpecificCredentials: user.serviceSpecificCredentials.map(({ credentialId }) => credentialId),
    mfaDevices: user.mfaDevices,
    ...passwordOf(user),
  };
}

function passwordOf({ loginProfile }: User): Pick<Remembered, 'password'> {
  if (loginProfile === undefined) return {};
  const { createDate, passwordLastChanged, passwordResetRequired } = loginProfile;
  return { password: { createDate, passwordLastChanged, passwordResetRequired } };
}

const policiesOf = ({ inlinePolicies, attachedPolicies }: PolicyHolder): Pick<Remembered, 'inlinePolicies' | 'attachedPolicies'> => ({
  inlinePolicies: [...inlinePolicies.values()].map(({ policyName, policyDocument }) => ({ name: policyName, document: policyDocument })),
  attachedPolicies: [...attachedPolicies.values()],
});

/** Inline policies of this name are put by ladders, this one's or another's: they do not make a thing another one. */
export const quarantinePrefix = 'IamLedgerUnused-';

/** Two things are the same as long as this is: a plan is frozen to it. Kept with the thing, since every sweep over all ladders asks. */
export function fingerprintOf(account: Account, entity: Entity): string {
  const { accessKeys, groups, instanceProfiles, attachments, boundaryUses } = account;
  const owner = entity.kind === 'signing-certificate' ? [entity.user] : []; // it does not say itself whose it is
  const sources = [accessKeys, groups, instanceProfiles, attachments, boundaryUses, ...owner];
  const kept = keptOf(entity);
  const known = fingerprints[entity.kind].get(kept);
  if (known !== undefined && known.sources.every((source, index) => source === sources[index])) return known.fingerprint;
  const { inlinePolicies, ...rest } = remember(account, entity);
  const others = inlinePolicies?.filter(({ name }) => !name.startsWith(quarantinePrefix));
  const fingerprint = createHash('sha256')
    .update(JSON.stringify({ ...rest, others }))
    .digest('base64url');
  fingerprints[entity.kind].set(kept, { sources, fingerprint });
  return fingerprint;
}

/** The value of the account that is another one as soon as the thing is. */
function keptOf(entity: Entity): object {
  switch (entity.kind) {
    case 'access-key':
      return entity.key;
    case 'group':
      return entity.group;
    case 'policy':
      return entity.policy;
    case 'role':
      return entity.role;
    case 'mfa-device':
      return entity.device;
    case 'signing-certificate':
      return entity.certificate;
    default:
      return entity.user ?? entity.role;
  }
}

type Fingerprints = WeakMap<object, { readonly sources: readonly object[]; readonly fingerprint: string }>;
const fingerprints: Readonly<Record<Entity['kind'], Fingerprints>> = {
  user: new WeakMap(),
  'access-key': new WeakMap(),
  password: new WeakMap(),
  role: new WeakMap(),
  group: new WeakMap(),
  policy: new WeakMap(),
  permission: new WeakMap(),
  'mfa-device': new WeakMap(),
  'signing-certificate': new WeakMap(),
};
