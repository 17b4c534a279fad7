import type { GroupDetail, ManagedPolicyDetail, RoleDetail, UserDetail } from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import type { Group } from '../groups/group.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, boundedKey, page, sortedAfter } from '../paging.ts';
import { awsManagedPolicies } from '../policies/aws-managed-policies.ts';
import type { ManagedPolicy } from '../policies/managed-policy.ts';
import type { Role } from '../roles/role.ts';
import { IsEntityList } from '../shapes.ts';
import type { User } from '../users/user.ts';
import { describeGroupInDetail, describePolicyInDetail, describeRoleInDetail, describeUserInDetail } from './authorization-details.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 *
 * Of AWS's managed policies, those that are attached or a permissions boundary.
 */
export class GetAccountAuthorizationDetails extends PagedIamCommand<{
  UserDetailList: UserDetail[];
  GroupDetailList: GroupDetail[];
  RoleDetailList: RoleDetail[];
  Policies: ManagedPolicyDetail[];
  IsTruncated: boolean;
  Marker?: string;
}> {
  /** Everything where it is left out or empty. */
  @IsEntityList() Filter: string[] = [];
}

export const getAccountAuthorizationDetails = operation(GetAccountAuthorizationDetails, {
  resource: () => '*',
  answer(command, account, call) {
    const wanted = sections.filter(({ type }) => command.Filter.length === 0 || command.Filter.includes(type));
    const { items, more } = page(command, account, call, (after) => entriesAfter(wanted, account, after));
    return {
      UserDetailList: items.flatMap((entity) => (entity.kind === 'user' ? [describeUserInDetail(account, entity.user)] : [])),
      GroupDetailList: items.flatMap((entity) => (entity.kind === 'group' ? [describeGroupInDetail(account, entity.group)] : [])),
      RoleDetailList: items.flatMap((entity) =>
        entity.kind === 'role' ? [describeRoleInDetail(account, entity.role, lastUse(entity.role, call))] : [],
      ),
      Policies: items.flatMap((entity) => (entity.kind === 'policy' ? [describePolicyInDetail(account, entity.policy)] : [])),
      ...more,
    };
  },
});

const lastUse = (role: Role, call: Call) => call.lastUsed.role(role.roleId) ?? {};

type Entity =
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'group'; readonly group: Group }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'policy'; readonly policy: ManagedPolicy };

/** One kind of entity: its name in `Filter`, the letter that its keys in markers begin with, and its entities in the order of their keys. */
interface Section {
  readonly type: string;
  readonly letter: string;
  readonly entriesAfter: (account: Account, key: string | undefined) => Iterable<readonly [string, Entity]>;
}

/** In the order of their letters: all entities of an account are one sequence with one key each. */
const sections: readonly Section[] = [
  {
    type: 'User',
    letter: 'a',
    *entriesAfter(account, key) {
      for (const [name, user] of account.users.entries(key)) yield [name, { kind: 'user', user }];
    },
  },
  {
    type: 'Group',
    letter: 'b',
    *entriesAfter(account, key) {
      for (const [name, group] of account.groups.entries(key)) yield [name, { kind: 'group', group }];
    },
  },
  {
    type: 'Role',
    letter: 'c',
    *entriesAfter(account, key) {
      for (const [name, role] of account.roles.entries(key)) yield [name, { kind: 'role', role }];
    },
  },
  {
    type: 'LocalManagedPolicy',
    letter: 'd',
    *entriesAfter(account, key) {
      for (const [name, policy] of account.policies.entries(key)) yield [name, { kind: 'policy', policy }];
    },
  },
  {
    type: 'AWSManagedPolicy',
    letter: 'e',
    *entriesAfter(account, key) {
      for (const [arn, policy] of sortedAfter(awsPoliciesInUse(account), awsPolicyKey, key)) yield [arn, { kind: 'policy', policy }];
    },
  },
];

function* entriesAfter(wanted: readonly Section[], account: Account, after: string | undefined): Iterable<readonly [string, Entity]> {
  for (const section of wanted) {
    if (after !== undefined && section.letter < after.charAt(0)) continue;
    const key = after?.charAt(0) === section.letter ? after.slice(1) : undefined;
    for (const [own, entity] of section.entriesAfter(account, key)) yield [`${section.letter}${own}`, entity];
  }
}

const awsPolicyKey = (policy: ManagedPolicy): string => boundedKey(policy.arn.toLowerCase());

/** What an import brought wins over what is built in. */
function awsPoliciesInUse(account: Account): readonly ManagedPolicy[] {
  const byArn = new Map(awsManagedPolicies(account.partition).map((policy) => [policy.arn.toLowerCase(), policy]));
  for (const [arn, policy] of account.importedAwsPolicies) byArn.set(arn, policy);
  const inUse = [...byArn].filter(([arn]) => account.attachments.has(arn) || account.boundaryUses.has(arn)).map(([, policy]) => policy);
  return inUse.sort((a, b) => (awsPolicyKey(a) < awsPolicyKey(b) ? -1 : 1)); // ARNs are unique
}
