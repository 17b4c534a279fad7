import type { Account } from '../../iam/account.ts';
import type { Group } from '../../iam/groups/group.ts';
import type { InstanceProfile } from '../../iam/instance-profiles/instance-profile.ts';
import { defaultVersion, type ManagedPolicy } from '../../iam/policies/managed-policy.ts';
import type { PolicyHolder } from '../../iam/policies/policy-holder.ts';
import type { Role } from '../../iam/roles/role.ts';
import type { Tags } from '../../iam/tags.ts';
import type { User } from '../../iam/users/user.ts';
import type { CredentialHolder } from '../../iam/users/credential-holder.ts';

/** What kind of thing a line of a difference is about. `permission`: what a principal may do in the end. */
export const levels = ['setting', 'entity', 'credential', 'membership', 'attachment', 'document', 'statement', 'permission'] as const;
export type Level = (typeof levels)[number];

/** One fact about an entity: its level, and what it says. */
export interface EntityFact {
  readonly level: Level;
  readonly value: string;
}

/** Everything that is true of one entity, by what it is about: `path`, `tag/team`, `inline/own`, `group/admins` … No secret and no hash is among it. */
export type EntityFacts = ReadonlyMap<string, EntityFact>;

/** Kinds of entities, in the order in which differences tell of them. */
export const entityKinds = ['user', 'group', 'role', 'policy', 'instance-profile'] as const;
export type EntityKind = (typeof entityKinds)[number];

export const nothing: EntityFacts = new Map();

const known = new WeakMap<object, EntityFacts>();

/** The facts of an entity, an immutable part of `account`; told once for each value. */
export function factsOf(account: Account, kind: EntityKind, name: string): EntityFacts {
  switch (kind) {
    case 'user':
      return userFacts(account, account.users.get(name));
    case 'group':
      return remembered(account.groups.get(name), groupFacts);
    case 'role':
      return remembered(account.roles.get(name), roleFacts);
    case 'policy':
      return remembered(account.policies.get(name), policyFacts);
    case 'instance-profile':
      return remembered(account.instanceProfiles.get(name), instanceProfileFacts);
    default:
      return kind satisfies never;
  }
}

function remembered<E extends object>(entity: E | undefined, tell: (entity: E) => Facts): EntityFacts {
  if (entity === undefined) return nothing;
  let facts = known.get(entity);
  if (facts === undefined) {
    facts = tell(entity);
    known.set(entity, facts);
  }
  return facts;
}

type Facts = Map<string, EntityFact>;

/** The status of a user's keys stands beside the user: those facts are told anew. */
function userFacts(account: Account, user: User | undefined): EntityFacts {
  if (user === undefined) return nothing;
  const own = remembered(user, ownUserFacts);
  if (user.accessKeyIds.length === 0) return own;
  return new Map([...own, ...keyFacts(account, user.accessKeyIds)]);
}

function ownUserFacts(user: User): Facts {
  const facts: Facts = new Map();
  put(facts, 'entity', 'id', user.userId);
  put(facts, 'entity', 'path', user.path);
  putTags(facts, user.tags);
  for (const group of user.groups) put(facts, 'membership', `group/${group}`, 'member');
  putHeld(facts, user);
  if (user.loginProfile !== undefined) {
    put(facts, 'credential', 'password', user.loginProfile.passwordLastChanged);
    if (user.loginProfile.passwordResetRequired) put(facts, 'credential', 'password/reset-required', 'true');
  }
  if (user.permissionsBoundary !== undefined) put(facts, 'attachment', 'boundary', user.permissionsBoundary);
  putPolicies(facts, user);
  return facts;
}

function groupFacts(group: Group): Facts {
  const facts: Facts = new Map();
  put(facts, 'entity', 'id', group.groupId);
  put(facts, 'entity', 'path', group.path);
  putPolicies(facts, group);
  return facts;
}

function roleFacts(role: Role): Facts {
  const facts: Facts = new Map();
  put(facts, 'entity', 'id', role.roleId);
  put(facts, 'entity', 'path', role.path);
  put(facts, 'entity', 'maxSessionDuration', String(role.maxSessionDuration));
  if (role.description !== undefined) put(facts, 'entity', 'description', role.description);
  putTags(facts, role.tags);
  putDocument(facts, 'trust', role.assumeRolePolicyDocument);
  if (role.permissionsBoundary !== undefined) put(facts, 'attachment', 'boundary', role.permissionsBoundary);
  putPolicies(facts, role);
  return facts;
}

function policyFacts(policy: ManagedPolicy): Facts {
  const facts: Facts = new Map();
  put(facts, 'entity', 'id', policy.policyId);
  put(facts, 'entity', 'arn', policy.arn);
  if (policy.description !== undefined) put(facts, 'entity', 'description', policy.description);
  putTags(facts, policy.tags);
  put(facts, 'document', 'default-version', policy.defaultVersionId);
  for (const { versionId, policyDocument } of policy.versions) put(facts, 'document', versionId, policyDocument);
  putStatements(facts, 'in-force', defaultVersion(policy).policyDocument);
  return facts;
}

function instanceProfileFacts(profile: InstanceProfile): Facts {
  const facts: Facts = new Map();
  put(facts, 'entity', 'id', profile.instanceProfileId);
  put(facts, 'entity', 'path', profile.path);
  putTags(facts, profile.tags);
  for (const role of profile.roles) put(facts, 'membership', `role/${role}`, 'member');
  return facts;
}

/** What is true of the account as a whole. */
export function settingFacts(account: Account): EntityFacts {
  const facts: Facts = new Map();
  put(facts, 'setting', 'status', account.status);
  if (account.alias !== undefined) put(facts, 'setting', 'alias', account.alias);
  for (const [quota, value] of Object.entries(account.quotas)) put(facts, 'setting', `quota/${quota}`, String(value));
  for (const [member, value] of Object.entries(account.passwordPolicy ?? {})) {
    if (value !== undefined) put(facts, 'setting', `password-policy/${member}`, String(value));
  }
  if (account.root.passwordHash !== undefined) put(facts, 'credential', 'password', account.root.passwordLastChanged ?? account.openedAt);
  putHeld(facts, account.root);
  for (const [item, fact] of keyFacts(account, account.root.accessKeyIds)) facts.set(item, fact);
  return facts;
}

function put(facts: Facts, level: Level, item: string, value: string): void {
  facts.set(item, { level, value });
}

function putTags(facts: Facts, tags: Tags): void {
  for (const { Key, Value } of tags) put(facts, 'entity', `tag/${Key}`, Value);
}

function putHeld(facts: Facts, { mfaDevices, signingCertificates }: CredentialHolder): void {
  for (const serialNumber of mfaDevices) put(facts, 'credential', `mfa/${serialNumber}`, 'enabled');
  for (const { certificateId, status } of signingCertificates) put(facts, 'credential', `certificate/${certificateId}`, status);
}

function keyFacts(account: Account, ids: readonly string[]): Facts {
  const facts: Facts = new Map();
  for (const id of ids) put(facts, 'credential', `access-key/${id}`, account.accessKeys.get(id)?.status ?? 'Inactive');
  return facts;
}

function putPolicies(facts: Facts, { attachedPolicies, inlinePolicies }: PolicyHolder): void {
  for (const arn of attachedPolicies.values()) put(facts, 'attachment', arn, 'attached');
  for (const { policyName, policyDocument } of inlinePolicies.values()) putDocument(facts, `inline/${policyName}`, policyDocument);
}

function putDocument(facts: Facts, item: string, document: string): void {
  put(facts, 'document', item, document);
  putStatements(facts, item, document);
}

/** Each statement by what it says, however it is written; one that stands there twice counts twice. */
function putStatements(facts: Facts, item: string, document: string): void {
  const counts = new Map<string, number>();
  for (const statement of statementsIn(document)) counts.set(statement, (counts.get(statement) ?? 0) + 1);
  for (const [statement, count] of counts) put(facts, 'statement', `${item}: ${statement}`, String(count));
}

const statements = new Map<string, readonly string[]>();
const documentsMax = 10_000;

function statementsIn(document: string): readonly string[] {
  let found = statements.get(document);
  if (found === undefined) {
    const { Statement } = JSON.parse(document) as { Statement?: unknown }; // it was accepted as a policy
    found = [Statement].flat().map((statement) => JSON.stringify(canonical(statement)));
    if (statements.size >= documentsMax) statements.clear();
    statements.set(document, found);
  }
  return found;
}

/** Members in order, and a list of one as what is in it: two statements that differ only in this are the same. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? canonical(value[0]) : value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([member, inner]) => [member, canonical(inner)]),
  );
}
