import { ValidationError, instanceProfileArn, groupArn, parseArn, roleArn, userArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { fact, type AccountEvent } from '../events.ts';
import { isAwsManaged } from '../policies/find-policy.ts';
import { versionNumber } from '../policies/managed-policy.ts';
import type { Tags } from '../tags.ts';
import { arrayOf, dateText, documentText, optionalText, record, textOf, type Json } from './json.ts';

/** What `aws iam get-account-authorization-details` printed, as far as it is read (IAM API, GetAccountAuthorizationDetails). */
export interface AuthorizationDetails {
  readonly users: readonly Json[];
  readonly groups: readonly Json[];
  readonly roles: readonly Json[];
  readonly policies: readonly Json[];
}

/** What an import brought: how many of each kind are in the account now, and what could not be taken over. */
export interface ImportReport {
  readonly Users: number;
  readonly Groups: number;
  readonly Roles: number;
  readonly InstanceProfiles: number;
  readonly Policies: number;
  /** A sentence each. */
  readonly Warnings: readonly string[];
}

/** @throws ValidationError where it is not that output */
export function readAuthorizationDetails(document: unknown): AuthorizationDetails {
  const root = record(document, 'the document');
  const known = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'];
  if (!known.some((name) => root[name] !== undefined)) {
    throw new ValidationError(`The document is not the output of get-account-authorization-details: it has none of ${known.join(', ')}.`);
  }
  const list = (name: string): Json[] => arrayOf(root[name] ?? [], name).map((entry, index) => record(entry, `${name}[${index}]`));
  return { users: list('UserDetailList'), groups: list('GroupDetailList'), roles: list('RoleDetailList'), policies: list('Policies') };
}

/** The account that the details are of: the one that most of their ARNs name. `undefined` where none names one. */
export function accountOfDetails({ users, groups, roles, policies }: AuthorizationDetails): string | undefined {
  const counts = new Map<string, number>();
  for (const entity of [...users, ...groups, ...roles, ...policies]) {
    const id = parseArn(String(entity['Arn']))?.accountId ?? '';
    if (/^\d{12}$/.test(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

/**
 * The events that bring the details into an account: ids, ARNs, paths and dates are kept, documents are taken word for word. What is in the account
 * already is left alone, so an import that was interrupted can be repeated. Pure.
 */
export function importAuthorizationDetails(
  details: AuthorizationDetails,
  account: Account,
): { readonly events: AccountEvent[]; readonly warnings: string[] } {
  const events: AccountEvent[] = [];
  const warnings: string[] = [];
  for (const policy of details.policies) importPolicy(policy, account, events);
  for (const group of details.groups) importGroup(group, account, events);
  for (const user of details.users) importUser(user, account, events, warnings, details);
  for (const role of details.roles) importRole(role, account, events);
  importInstanceProfiles(details.roles, account, events);
  warnings.push(...countWarnings(details));
  return { events, warnings };
}

function importPolicy(policy: Json, account: Account, events: AccountEvent[]): void {
  const arn = textOf(policy, 'Arn');
  const policyName = textOf(policy, 'PolicyName');
  const versions = arrayOf(policy['PolicyVersionList'] ?? [], `versions of ${arn}`)
    .map((version) => record(version, `a version of ${arn}`))
    .map((version) => ({
      versionId: textOf(version, 'VersionId'),
      createDate: dateText(version, 'CreateDate'),
      policyDocument: documentText(version['Document'], `the document of ${arn}`),
    }))
    .sort((a, b) => versionNumber(a.versionId) - versionNumber(b.versionId));
  const first = versions[0];
  if (first === undefined) throw new ValidationError(`The policy ${arn} has no version.`);
  const path = optionalText(policy, 'Path') ?? '/';
  const description = optionalText(policy, 'Description');
  const common = {
    policyName,
    policyId: textOf(policy, 'PolicyId'),
    path,
    description,
    createDate: dateText(policy, 'CreateDate'),
    updateDate: dateText(policy, 'UpdateDate'),
  };
  const defaultVersionId = textOf(policy, 'DefaultVersionId');
  if (isAwsManaged(arn)) {
    if (!account.importedAwsPolicies.has(arn)) events.push(fact('AwsManagedPolicyImported', { ...common, arn, defaultVersionId, versions }));
    return;
  }
  if (account.policies.has(policyName)) return;
  events.push(
    fact('PolicyCreated', {
      ...common,
      createDate: common.createDate,
      policyArn: arn,
      policyDocument: first.policyDocument,
      versionId: first.versionId,
      versionCreateDate: first.createDate,
      tags: tagsOf(policy),
    }),
  );
  let current = first.versionId;
  for (const version of versions.slice(1)) {
    const isDefaultVersion = version.versionId === defaultVersionId;
    events.push(fact('PolicyVersionCreated', { ...version, policyArn: arn, isDefaultVersion, previousDefaultVersionId: current }));
    if (isDefaultVersion) current = version.versionId;
  }
  if (current !== defaultVersionId)
    throw new ValidationError(`The policy ${arn} names the default version ${defaultVersionId}, which is not among its versions.`);
  if (versions.length > 1)
    events.push(
      fact('DefaultPolicyVersionSet', {
        policyArn: arn,
        versionId: defaultVersionId,
        previousDefaultVersionId: current,
        updateDate: common.updateDate,
      }),
    );
}

function importGroup(group: Json, account: Account, events: AccountEvent[]): void {
  const groupName = textOf(group, 'GroupName');
  if (account.groups.has(groupName)) return;
  const path = optionalText(group, 'Path') ?? '/';
  const importedArn = foreignArn(group, groupArn(account, path, groupName));
  events.push(fact('GroupCreated', { groupName, groupId: textOf(group, 'GroupId'), path, createDate: dateText(group, 'CreateDate'), importedArn }));
  for (const { policyName, policyDocument } of inlinePolicies(group, 'GroupPolicyList'))
    events.push(fact('GroupPolicyPut', { groupName, policyName, policyDocument }));
  for (const policyArn of attachedArns(group)) events.push(fact('GroupPolicyAttached', { groupName, policyArn }));
}

function importUser(user: Json, account: Account, events: AccountEvent[], warnings: string[], { groups }: AuthorizationDetails): void {
  const userName = textOf(user, 'UserName');
  if (account.users.has(userName)) return;
  const path = optionalText(user, 'Path') ?? '/';
  events.push(
    fact('UserCreated', {
      userName,
      userId: textOf(user, 'UserId'),
      path,
      createDate: dateText(user, 'CreateDate'),
      permissionsBoundary: boundaryOf(user),
      tags: tagsOf(user),
      importedArn: foreignArn(user, userArn(account, path, userName)),
    }),
  );
  for (const { policyName, policyDocument } of inlinePolicies(user, 'UserPolicyList'))
    events.push(fact('UserPolicyPut', { userName, policyName, policyDocument }));
  for (const policyArn of attachedArns(user)) events.push(fact('UserPolicyAttached', { userName, policyArn }));
  for (const groupName of arrayOf(user['GroupList'] ?? [], `groups of ${userName}`).map(String)) {
    const known = account.groups.has(groupName) || groups.some((group) => String(group['GroupName']).toLowerCase() === groupName.toLowerCase());
    if (known) events.push(fact('UserAddedToGroup', { groupName, userName }));
    else warnings.push(`User ${userName} is in the group ${groupName}, which the document does not describe: the membership was left out.`);
  }
}

function importRole(role: Json, account: Account, events: AccountEvent[]): void {
  const roleName = textOf(role, 'RoleName');
  if (account.roles.has(roleName)) return;
  const path = optionalText(role, 'Path') ?? '/';
  const lastUsed = record(role['RoleLastUsed'] ?? {}, `RoleLastUsed of ${roleName}`);
  events.push(
    fact('RoleCreated', {
      roleName,
      roleId: textOf(role, 'RoleId'),
      path,
      createDate: dateText(role, 'CreateDate'),
      description: optionalText(role, 'Description'),
      maxSessionDuration: typeof role['MaxSessionDuration'] === 'number' ? role['MaxSessionDuration'] : 3600,
      assumeRolePolicyDocument: documentText(role['AssumeRolePolicyDocument'], `the trust policy of ${roleName}`),
      trustedPrincipalIds: {},
      permissionsBoundary: boundaryOf(role),
      tags: tagsOf(role),
      importedArn: foreignArn(role, roleArn(account, path, roleName)),
      importedLastUsed:
        lastUsed['LastUsedDate'] === undefined
          ? undefined
          : { lastUsedDate: dateText(lastUsed, 'LastUsedDate'), region: optionalText(lastUsed, 'Region') ?? 'us-east-1' },
    }),
  );
  for (const { policyName, policyDocument } of inlinePolicies(role, 'RolePolicyList'))
    events.push(fact('RolePolicyPut', { roleName, policyName, policyDocument }));
  for (const policyArn of attachedArns(role)) events.push(fact('RolePolicyAttached', { roleName, policyArn }));
}

function importInstanceProfiles(roles: readonly Json[], account: Account, events: AccountEvent[]): void {
  const seen = new Set<string>();
  for (const role of roles) {
    for (const entry of arrayOf(role['InstanceProfileList'] ?? [], 'InstanceProfileList')) {
      const profile = record(entry, 'an instance profile');
      const instanceProfileName = textOf(profile, 'InstanceProfileName');
      if (account.instanceProfiles.has(instanceProfileName) || seen.has(instanceProfileName.toLowerCase())) continue;
      seen.add(instanceProfileName.toLowerCase());
      const path = optionalText(profile, 'Path') ?? '/';
      events.push(
        fact('InstanceProfileCreated', {
          instanceProfileName,
          instanceProfileId: textOf(profile, 'InstanceProfileId'),
          path,
          createDate: dateText(profile, 'CreateDate'),
          tags: tagsOf(profile),
          importedArn: foreignArn(profile, instanceProfileArn(account, path, instanceProfileName)),
        }),
        fact('RoleAddedToInstanceProfile', { instanceProfileName, roleName: textOf(role, 'RoleName') }),
      );
    }
  }
}

/** Attachment counts are counted here, never believed; where the document disagrees with itself, say so. */
function countWarnings({ users, groups, roles, policies }: AuthorizationDetails): string[] {
  const attached = new Map<string, number>();
  for (const holder of [...users, ...groups, ...roles]) for (const arn of attachedArns(holder)) attached.set(arn, (attached.get(arn) ?? 0) + 1);
  return policies.flatMap((policy) => {
    const arn = textOf(policy, 'Arn');
    const [stated, counted] = [policy['AttachmentCount'], attached.get(arn) ?? 0];
    return typeof stated === 'number' && stated !== counted
      ? [`${arn} is said to be attached ${stated} times, but the document attaches it ${counted} times: ${counted} is kept.`]
      : [];
  });
}

const foreignArn = (entity: Json, expected: string): string | undefined => (textOf(entity, 'Arn') === expected ? undefined : textOf(entity, 'Arn'));

function inlinePolicies(holder: Json, member: string): { policyName: string; policyDocument: string }[] {
  return arrayOf(holder[member] ?? [], member)
    .map((entry) => record(entry, `an entry of ${member}`))
    .map((entry) => ({
      policyName: textOf(entry, 'PolicyName'),
      policyDocument: documentText(entry['PolicyDocument'], `the inline policy ${textOf(entry, 'PolicyName')}`),
    }));
}

function attachedArns(holder: Json): string[] {
  return arrayOf(holder['AttachedManagedPolicies'] ?? [], 'AttachedManagedPolicies').map((entry) =>
    textOf(record(entry, 'an attached policy'), 'PolicyArn'),
  );
}

function boundaryOf(holder: Json): string | undefined {
  const boundary = holder['PermissionsBoundary'];
  return boundary === undefined ? undefined : textOf(record(boundary, 'PermissionsBoundary'), 'PermissionsBoundaryArn');
}

function tagsOf(entity: Json): Tags {
  return arrayOf(entity['Tags'] ?? [], 'Tags')
    .map((entry) => record(entry, 'a tag'))
    .map((tag) => ({ Key: textOf(tag, 'Key'), Value: textOf(tag, 'Value') }));
}
