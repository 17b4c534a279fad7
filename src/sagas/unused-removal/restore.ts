import type { Account } from '../../iam/account.ts';
import { findPolicy } from '../../iam/policies/find-policy.ts';
import type { PolicyHolder } from '../../iam/policies/policy-holder.ts';
import type { PlannedCommand } from './commands.ts';
import { findEntity, findRole, findUser, type EntityRef } from './entity.ts';
import type { Remembered } from './remember.ts';

/** What of a thing can be given back by itself: all of a part, `groups`, or one thing of it, `groups/admins`. */
export const restoreParts = [
  'access-keys',
  'signing-certificates',
  'inline-policies',
  'attached-policies',
  'groups',
  'instance-profiles',
  'versions',
] as const;

/** The thing itself comes back, and the quarantine goes, whatever part is asked for: the part would be of no use. */
type RestorePart = (typeof restoreParts)[number] | 'entity' | 'quarantine';

/** Commands that give back what the saga took, and a sentence for each thing that nobody can give back. */
export interface Restoration {
  readonly commands: readonly PlannedCommand[];
  readonly notRestored: readonly string[];
}

/** What a restore works from. */
export interface ToRestore {
  readonly ref: EntityRef;
  /** The thing as it was before the saga touched it. */
  readonly remembered: Remembered;
  /** Every command that the saga may have carried out, in order. Only what it did is undone: what others did is theirs. */
  readonly done: readonly PlannedCommand[];
  /** `undefined`: everything. */
  readonly parts?: readonly string[] | undefined;
  /** The id under which the thing was made again, once it was. */
  readonly newId?: string | undefined;
}

/**
 * What is left to do until everything that the saga did is undone, in the reverse order of what it did: each command has one that makes up for it, as far
 * as its effect is still there. Empty where all is as it was.
 */
export function restoration(account: Account, { ref, remembered, done, parts, newId }: ToRestore): Restoration {
  const world = { account, ref: newId === undefined ? ref : { ...ref, id: newId }, remembered };
  const missing = holderIsLost(world, done);
  if (missing !== undefined) return { commands: [], notRestored: [missing] };
  const commands: PlannedCommand[] = [];
  const notRestored: string[] = [];
  for (const each of [...done].reverse()) {
    const undo = undoOf(each, world);
    if (undo === undefined || !isWanted(undo, parts)) continue;
    commands.push(...(undo.commands ?? []));
    if (undo.lost !== undefined && !notRestored.includes(undo.lost)) notRestored.push(undo.lost);
  }
  return { commands, notRestored };
}

/** Kinds of things whose commands are not about policies of a user, role or group. */
const withoutHolder: ReadonlySet<EntityRef['kind']> = new Set(['policy', 'access-key', 'password', 'mfa-device', 'signing-certificate']);

/**
 * Why nothing of a thing can be given back: it is gone, and nothing here makes it again. INVARIANT: whoever has its name now gets nothing of it.
 */
function holderIsLost(context: Context, done: readonly PlannedCommand[]): string | undefined {
  if (withoutHolder.has(context.ref.kind) || holderOf(context).holder !== undefined) return undefined;
  const deletion = done.find(({ operation }) => operation === 'DeleteUser' || operation === 'DeleteRole' || operation === 'DeleteGroup');
  if (deletion === undefined) return `${context.remembered.name}: it is not there any more.`;
  return undoDeletion(context)?.lost;
}

function isWanted({ part, item }: Undo, parts: readonly string[] | undefined): boolean {
  if (parts === undefined || part === 'entity' || part === 'quarantine') return true;
  return parts.includes(part) || parts.includes(`${part}/${item}`);
}

interface Undo {
  readonly part: RestorePart;
  /** Name of the one thing of the part. */
  readonly item: string;
  readonly commands?: readonly PlannedCommand[];
  /** Why it can not be given back. */
  readonly lost?: string;
}

interface Context {
  readonly account: Account;
  readonly ref: EntityRef;
  readonly remembered: Remembered;
}

/** What makes up for a command; `undefined` where its effect is not there (any more). */
function undoOf({ operation, input }: PlannedCommand, context: Context): Undo | undefined {
  switch (operation) {
    case 'UpdateAccessKey':
      return undoDeactivation(input, context);
    case 'DeleteAccessKey':
      return {
        part: 'access-keys',
        item: String(input['AccessKeyId']),
        lost: `Access key ${String(input['AccessKeyId'])}: its secret went with it. A new key must be made for ${context.remembered.name}.`,
      };
    case 'DeleteLoginProfile':
      return undoDeletionOfPassword(context);
    case 'UpdateSigningCertificate':
      return undoDeactivationOfCertificate(context);
    case 'DeleteSigningCertificate':
      if (context.ref.kind === 'signing-certificate' && findEntity(context.account, context.ref) !== undefined) return undefined;
      return lostCredential(`Signing certificate ${String(input['CertificateId'])}: it must be uploaded again.`);
    case 'DeleteVirtualMFADevice':
      if (findEntity(context.account, context.ref) !== undefined) return undefined;
      return lostCredential(`MFA device ${String(input['SerialNumber'])}: its seed went with it. A new one must be made and enabled.`);
    case 'DeleteSSHPublicKey':
      return lostCredential(`SSH public key ${String(input['SSHPublicKeyId'])}: it must be uploaded again.`);
    case 'DeleteServiceSpecificCredential':
      return lostCredential(
        `Service-specific credential ${String(input['ServiceSpecificCredentialId'])}: its password went with it. A new one must be made.`,
      );
    case 'DeactivateMFADevice':
      return lostCredential(`MFA device ${String(input['SerialNumber'])}: only its owner can enable it, with two codes.`);
    case 'PutUserPolicy':
    case 'PutRolePolicy':
      return undoDenial(input, context);
    case 'DeleteUserPolicy':
    case 'DeleteRolePolicy':
    case 'DeleteGroupPolicy':
      return undoDeletionOfPolicy(input, context);
    case 'DetachUserPolicy':
    case 'DetachRolePolicy':
    case 'DetachGroupPolicy':
      return undoDetachment(String(input['PolicyArn']), context);
    case 'RemoveUserFromGroup':
      return undoLeaving(String(input['GroupName']), context);
    case 'RemoveRoleFromInstanceProfile':
      return undoRemovalFromProfile(String(input['InstanceProfileName']), context);
    case 'DeletePolicyVersion':
      return undefined; // goes with the policy
    case 'DeletePolicy':
      return undoDeletionOfManagedPolicy(context);
    case 'DeleteUser':
    case 'DeleteRole':
    case 'DeleteGroup':
      return undoDeletion(context);
    default:
      throw new Error(`nothing makes up for ${operation}`);
  }
}

function undoDeactivation(input: PlannedCommand['input'], { account, remembered }: Context): Undo | undefined {
  const id = String(input['AccessKeyId']);
  const key = account.accessKeys.get(id);
  const wasActive = remembered.accessKeys?.some(({ accessKeyId, status }) => accessKeyId === id && status === 'Active') === true;
  if (key?.userName === undefined || key.status === 'Active' || !wasActive) return undefined;
  return {
    part: 'access-keys',
    item: id,
    commands: [{ operation: 'UpdateAccessKey', input: { UserName: key.userName, AccessKeyId: id, Status: 'Active' } }],
  };
}

function undoDeactivationOfCertificate({ account, ref, remembered }: Context): Undo | undefined {
  const found = findEntity(account, ref);
  if (found?.kind !== 'signing-certificate' || found.certificate.status === 'Active' || remembered.status !== 'Active') return undefined;
  const { certificateId } = found.certificate;
  return {
    part: 'signing-certificates',
    item: certificateId,
    commands: [{ operation: 'UpdateSigningCertificate', input: { UserName: found.user.userName, CertificateId: certificateId, Status: 'Active' } }],
  };
}

const lostCredential = (lost: string): Undo => ({ part: 'entity', item: 'credential', lost });

function undoDeletionOfPassword({ account, ref, remembered }: Context): Undo | undefined {
  if (findUser(account, ref)?.loginProfile !== undefined) return undefined;
  return { part: 'entity', item: 'password', lost: `The password of ${remembered.name}: nobody but its owner knew it. A new one must be set.` };
}

/** The holder of the policies, as it is now, with the operations' word for its kind. */
function holderOf({ account, ref, remembered }: Context): {
  readonly kind: 'User' | 'Role' | 'Group';
  readonly name: string;
  readonly holder: PolicyHolder | undefined;
} {
  if (ref.kind === 'group') {
    const named = account.groups.get(remembered.name);
    const group = named?.groupId === ref.id ? named : [...account.groups.values()].find(({ groupId }) => groupId === ref.id);
    return { kind: 'Group', name: group?.groupName ?? remembered.name, holder: group };
  }
  if (ref.kind === 'role' || ref.holder === 'role') {
    const role = findRole(account, ref);
    return { kind: 'Role', name: role?.roleName ?? remembered.name, holder: role };
  }
  const user = findUser(account, ref);
  return { kind: 'User', name: user?.userName ?? remembered.name, holder: user };
}

const holderInput = (kind: 'User' | 'Role' | 'Group', name: string): Readonly<Record<string, string>> => ({ [`${kind}Name`]: name });

function undoDenial(input: PlannedCommand['input'], context: Context): Undo | undefined {
  const policyName = String(input['PolicyName']);
  const { kind, name, holder } = holderOf(context);
  if (holder?.inlinePolicies.has(policyName) !== true) return undefined;
  return {
    part: 'quarantine',
    item: policyName,
    commands: [{ operation: `Delete${kind}Policy`, input: { ...holderInput(kind, name), PolicyName: policyName } }],
  };
}

function undoDeletionOfPolicy(input: PlannedCommand['input'], context: Context): Undo | undefined {
  const policy = context.remembered.inlinePolicies?.find(({ name }) => name === input['PolicyName']);
  const { kind, name, holder } = holderOf(context);
  if (policy === undefined || holder?.inlinePolicies.has(policy.name) === true) return undefined; // what denied was the saga's own
  const put = { ...holderInput(kind, name), PolicyName: policy.name, PolicyDocument: policy.document };
  return { part: 'inline-policies', item: policy.name, commands: [{ operation: `Put${kind}Policy`, input: put }] };
}

function undoDetachment(policyArn: string, context: Context): Undo | undefined {
  const { kind, name, holder } = holderOf(context);
  if (holder?.attachedPolicies.has(policyArn) === true) return undefined;
  const part = 'attached-policies';
  const item = policyArn;
  if (findPolicy(context.account, policyArn) === undefined)
    return { part, item, lost: `The attachment of ${policyArn}: the policy is not there any more.` };
  return { part, item, commands: [{ operation: `Attach${kind}Policy`, input: { ...holderInput(kind, name), PolicyArn: policyArn } }] };
}

function undoLeaving(groupName: string, context: Context): Undo | undefined {
  const { name, holder } = holderOf(context);
  const group = context.account.groups.get(groupName);
  if (group === undefined) return { part: 'groups', item: groupName, lost: `The membership in ${groupName}: the group is not there any more.` };
  if (holder !== undefined && group.members.has(name)) return undefined;
  return { part: 'groups', item: groupName, commands: [{ operation: 'AddUserToGroup', input: { GroupName: groupName, UserName: name } }] };
}

function undoRemovalFromProfile(profileName: string, context: Context): Undo | undefined {
  const part = 'instance-profiles';
  const item = profileName;
  const profile = context.account.instanceProfiles.get(profileName);
  if (profile === undefined) return { part, item, lost: `The place in ${profileName}: the instance profile is not there any more.` };
  const { name } = holderOf(context);
  if (profile.roles.some((role) => role.toLowerCase() === name.toLowerCase())) return undefined;
  if (profile.roles.length > 0) return { part, item, lost: `The place in ${profileName}: another role has it.` };
  return { part, item, commands: [{ operation: 'AddRoleToInstanceProfile', input: { InstanceProfileName: profileName, RoleName: name } }] };
}

/** The thing itself, under a new unique id. */
function undoDeletion(context: Context): Undo | undefined {
  const { kind, name, holder } = holderOf(context);
  if (holder !== undefined) return undefined;
  const { account, remembered } = context;
  const taken = { User: account.users, Role: account.roles, Group: account.groups }[kind].has(name);
  if (taken) return { part: 'entity', item: name, lost: `${name}: another has that name now.` };
  const { path, tags, permissionsBoundary, description, maxSessionDuration, assumeRolePolicyDocument } = remembered;
  const boundaryIsThere = permissionsBoundary !== undefined && findPolicy(account, permissionsBoundary) !== undefined;
  // Without its boundary it would be more than it was.
  if (permissionsBoundary !== undefined && !boundaryIsThere)
    return { part: 'entity', item: name, lost: `${name}: its permissions boundary ${permissionsBoundary} is not there any more.` };
  const input = {
    ...holderInput(kind, name),
    Path: path,
    ...(tags === undefined || tags.length === 0 ? {} : { Tags: tags }),
    ...(permissionsBoundary === undefined ? {} : { PermissionsBoundary: permissionsBoundary }),
    ...(description === undefined ? {} : { Description: description }),
    ...(maxSessionDuration === undefined ? {} : { MaxSessionDuration: maxSessionDuration }),
    ...(assumeRolePolicyDocument === undefined ? {} : { AssumeRolePolicyDocument: assumeRolePolicyDocument }),
  };
  return { part: 'entity', item: name, commands: [{ operation: `Create${kind}`, input }] };
}

/** The policy with its versions, oldest first; AWS numbers them anew. */
function undoDeletionOfManagedPolicy({ account, remembered }: Context): Undo | undefined {
  const { name, path, description, tags, versions = [], arn } = remembered;
  const [first, ...later] = versions;
  if (first === undefined || arn === undefined) return undefined;
  const policy = account.policies.get(name);
  if (policy !== undefined && policy.arn !== arn) return { part: 'entity', item: name, lost: `${name}: another has that name now.` };
  if (policy !== undefined) {
    const missing = later.slice(policy.versions.length - 1);
    const commands = missing.map(({ document, isDefault }) => ({
      operation: 'CreatePolicyVersion',
      input: { PolicyArn: arn, PolicyDocument: document, SetAsDefault: isDefault },
    }));
    return commands.length === 0 ? undefined : { part: 'versions', item: arn, commands };
  }
  const input = {
    PolicyName: name,
    Path: path,
    PolicyDocument: first.document,
    ...(description === undefined ? {} : { Description: description }),
    ...(tags === undefined || tags.length === 0 ? {} : { Tags: tags }),
  };
  return { part: 'entity', item: name, commands: [{ operation: 'CreatePolicy', input }] };
}
