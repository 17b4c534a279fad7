import type { Account } from '../../iam/account.ts';
import type { Role } from '../../iam/roles/role.ts';
import type { User } from '../../iam/users/user.ts';
import { findEntity, type Entity, type EntityRef } from './entity.ts';
import { remember, type Remembered } from './remember.ts';

/** A command of the AWS API as it stands in a plan: what is to be done is known, and recorded, before the first of it is done. */
export interface PlannedCommand {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const command = (operation: string, input: PlannedCommand['input']): PlannedCommand => ({ operation, input });

/** What a thing is put into quarantine with. */
export interface Quarantine {
  /** Name of the inline policy that denies; nobody else's policy has it. */
  readonly policyName: string;
  /** Sessions issued before this moment are cut off, even where the rest of the policy were gone. */
  readonly at: string;
}

/**
 * What is left to do until the thing is in quarantine, in order: nothing, where it is. The access is cut first and at once; what may be undone without
 * loss is done, nothing else. The one exception is a password: AWS knows no login profile that is switched off.
 */
export function quarantineCommands(account: Account, entity: Entity, ref: EntityRef, { policyName, at }: Quarantine): PlannedCommand[] {
  switch (entity.kind) {
    case 'user':
      return [...denials(entity, policyName, denyAll(at)), ...keysToDeactivate(account, entity.user)];
    case 'access-key':
      return entity.key.status === 'Active' ? [deactivation(entity.user.userName, entity.key.accessKeyId)] : [];
    case 'password':
      return [command('DeleteLoginProfile', { UserName: entity.user.userName })];
    case 'role':
      return denials(entity, policyName, denyAll(at));
    case 'group':
      return policiesToTakeOff('Group', { GroupName: entity.group.groupName }, remember(account, entity));
    case 'policy':
    case 'mfa-device':
      return []; // attached or assigned to nobody, it lets nobody do anything
    case 'signing-certificate': {
      const { certificateId, status } = entity.certificate;
      const { userName } = entity.user;
      return status === 'Active'
        ? [command('UpdateSigningCertificate', { UserName: userName, CertificateId: certificateId, Status: 'Inactive' })]
        : [];
    }
    case 'permission':
      return denials(entity, policyName, denyActions(ref.actions ?? []));
    default:
      throw new Error(`there is no ${(entity satisfies never as Entity).kind}`);
  }
}

function denials(
  holder: { readonly user?: User | undefined; readonly role?: Role | undefined },
  policyName: string,
  document: string,
): PlannedCommand[] {
  const { user, role } = holder;
  if ((user ?? role)?.inlinePolicies.has(policyName) === true) return [];
  if (user !== undefined) return [command('PutUserPolicy', { UserName: user.userName, PolicyName: policyName, PolicyDocument: document })];
  return [command('PutRolePolicy', { RoleName: role?.roleName, PolicyName: policyName, PolicyDocument: document })];
}

const keysToDeactivate = (account: Account, user: User): PlannedCommand[] =>
  user.accessKeyIds.filter((id) => account.accessKeys.get(id)?.status === 'Active').map((id) => deactivation(user.userName, id));

const deactivation = (userName: string, accessKeyId: string): PlannedCommand =>
  command('UpdateAccessKey', { UserName: userName, AccessKeyId: accessKeyId, Status: 'Inactive' });

/** IAM User Guide, "Revoke IAM role temporary security credentials": the condition; the first statement holds for whoever comes later, too. */
const denyAll = (at: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Unused', Effect: 'Deny', Action: '*', Resource: '*' },
      { Sid: 'OlderSessions', Effect: 'Deny', Action: '*', Resource: '*', Condition: { DateLessThan: { 'aws:TokenIssueTime': at } } },
    ],
  });

const denyActions = (actions: readonly string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'UnusedPermissions', Effect: 'Deny', Action: actions, Resource: '*' }] });

/**
 * What is left to do until the thing is gone, in the order that AWS wants; nothing, where all is done. The policy that denies everything goes as the last
 * of the inline ones. INVARIANT: asked only while no key of it is active.
 *
 * IAM User Guide, "Remove or deactivate an IAM user": login profile, access keys, signing certificates, SSH keys,
 * service-specific credentials, MFA devices (which stay, assigned to nobody), inline policies, attached policies, groups, user.
 */
export function removalCommands(account: Account, entity: Entity, { policyName }: Pick<Quarantine, 'policyName'>): PlannedCommand[] {
  const remembered = remember(account, entity);
  switch (entity.kind) {
    case 'user':
      return userRemoval(remembered, policyName);
    case 'access-key':
      return [deletionOfKey(entity.user.userName, entity.key.accessKeyId)];
    case 'role': {
      const role = { RoleName: remembered.name };
      const profiles = (remembered.instanceProfiles ?? []).map((name) =>
        command('RemoveRoleFromInstanceProfile', { InstanceProfileName: name, ...role }),
      );
      return [...profiles, ...policiesToTakeOff('Role', role, remembered, policyName), command('DeleteRole', role)];
    }
    case 'group': {
      const group = { GroupName: remembered.name };
      return [...policiesToTakeOff('Group', group, remembered), command('DeleteGroup', group)];
    }
    case 'policy': {
      const policy = { PolicyArn: remembered.arn };
      const versions = (remembered.versions ?? []).filter(({ isDefault }) => !isDefault);
      return [
        ...versions.map(({ versionId }) => command('DeletePolicyVersion', { ...policy, VersionId: versionId })),
        command('DeletePolicy', policy),
      ];
    }
    case 'mfa-device':
      return [command('DeleteVirtualMFADevice', { SerialNumber: entity.device.serialNumber })];
    case 'signing-certificate':
      return [deletionOfCertificate(entity.user.userName, entity.certificate.certificateId)];
    case 'password':
    case 'permission':
      return []; // what there was to do, the quarantine did: it becomes final
    default:
      throw new Error(`there is no ${(entity satisfies never as Entity).kind}`);
  }
}

function userRemoval(remembered: Remembered, policyName: string): PlannedCommand[] {
  const user = { UserName: remembered.name };
  return [
    ...(remembered.password === undefined ? [] : [command('DeleteLoginProfile', user)]),
    ...(remembered.accessKeys ?? []).map(({ accessKeyId }) => deletionOfKey(remembered.name, accessKeyId)),
    ...(remembered.signingCertificates ?? []).map((id) => deletionOfCertificate(remembered.name, id)),
    ...(remembered.sshPublicKeys ?? []).map((id) => command('DeleteSSHPublicKey', { ...user, SSHPublicKeyId: id })),
    ...(remembered.serviceSpecificCredentials ?? []).map((id) =>
      command('DeleteServiceSpecificCredential', { ...user, ServiceSpecificCredentialId: id }),
    ),
    ...(remembered.mfaDevices ?? []).map((id) => command('DeactivateMFADevice', { ...user, SerialNumber: id })),
    ...policiesToTakeOff('User', user, remembered, policyName),
    ...(remembered.groups ?? []).map((groupName) => command('RemoveUserFromGroup', { GroupName: groupName, ...user })),
    command('DeleteUser', user),
  ];
}

const deletionOfKey = (userName: string, accessKeyId: string): PlannedCommand =>
  command('DeleteAccessKey', { UserName: userName, AccessKeyId: accessKeyId });

const deletionOfCertificate = (userName: string, certificateId: string): PlannedCommand =>
  command('DeleteSigningCertificate', { UserName: userName, CertificateId: certificateId });

function policiesToTakeOff(
  kind: 'User' | 'Role' | 'Group',
  holder: Readonly<Record<string, string>>,
  remembered: Remembered,
  last = '',
): PlannedCommand[] {
  const inline = (remembered.inlinePolicies ?? []).map(({ name }) => name).sort((a, b) => Number(a === last) - Number(b === last));
  return [
    ...inline.map((name) => command(`Delete${kind}Policy`, { ...holder, PolicyName: name })),
    ...(remembered.attachedPolicies ?? []).map((arn) => command(`Detach${kind}Policy`, { ...holder, PolicyArn: arn })),
  ];
}

/** Whether the commands that are left to do are all among those that were planned: if not, somebody else was at it. */
export function strangerAmong(left: readonly PlannedCommand[], planned: readonly PlannedCommand[]): PlannedCommand | undefined {
  const known = new Set(planned.map(keyOf));
  return left.find((each) => !known.has(keyOf(each)));
}

/** Which of the planned commands this is. */
export const indexIn = (planned: readonly PlannedCommand[], wanted: PlannedCommand): number => {
  const key = keyOf(wanted);
  return planned.findIndex((each) => keyOf(each) === key);
};

/** By what it is about; the text of a policy, which carries a time, is not compared. */
function keyOf({ operation, input }: PlannedCommand): string {
  const { PolicyDocument: _document, ...rest } = input;
  return JSON.stringify([operation, rest]);
}

/** The thing at one version of the account and what is left to do; `undefined` entity: it is gone. */
export function leftToDo(
  account: Account,
  ref: EntityRef,
  phase: 'Quarantining' | 'Removing',
  quarantine: Quarantine,
): { readonly entity: Entity | undefined; readonly commands: readonly PlannedCommand[] } {
  const entity = findEntity(account, ref);
  if (entity === undefined) return { entity, commands: [] };
  const commands = phase === 'Quarantining' ? quarantineCommands(account, entity, ref, quarantine) : removalCommands(account, entity, quarantine);
  return { entity, commands };
}
