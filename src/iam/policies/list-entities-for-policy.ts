import type { PolicyGroup, PolicyRole, PolicyUser } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import type { Account } from '../account.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsArn, IsEntityType, IsPath, IsPolicyUsage } from '../shapes.ts';
import { requirePolicy } from './find-policy.ts';
import type { HolderKind } from './policy-holder.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html */
export class ListEntitiesForPolicy extends PagedIamCommand<{
  PolicyGroups: PolicyGroup[];
  PolicyUsers: PolicyUser[];
  PolicyRoles: PolicyRole[];
  IsTruncated: boolean;
  Marker?: string;
}> {
  @IsArn() PolicyArn!: string;
  @IsEntityType() @IsOptional() EntityFilter?: string;
  @IsPath() PathPrefix: string = '/';
  @IsPolicyUsage() @IsOptional() PolicyUsageFilter?: string;
}

export const listEntitiesForPolicy = operation(ListEntitiesForPolicy, {
  resource: ({ PolicyArn }) => PolicyArn,
  answer(command, account, call) {
    requirePolicy(account, command.PolicyArn);
    const keys = holderKeys(command, account);
    const { items, more } = page(command, account, call, function* (after) {
      for (const [key] of sortedAfter(keys, (own) => own, after)) {
        const holder = holderOf(account, key);
        if (isAskedFor(holder, command)) yield [key, holder];
      }
    });
    const ofKind = (kind: HolderKind) => items.filter((holder) => holder.kind === kind);
    return {
      PolicyGroups: ofKind('group').map(({ name, id }) => ({ GroupName: name, GroupId: id })),
      PolicyUsers: ofKind('user').map(({ name, id }) => ({ UserName: name, UserId: id })),
      PolicyRoles: ofKind('role').map(({ name, id }) => ({ RoleName: name, RoleId: id })),
      ...more,
    };
  },
});

interface Holder {
  readonly kind: HolderKind;
  readonly name: string;
  readonly id: string;
  readonly path: string;
}

const entityTypes: Readonly<Record<HolderKind, string>> = { user: 'User', group: 'Group', role: 'Role' };

function isAskedFor({ kind, path }: Holder, { EntityFilter, PathPrefix }: ListEntitiesForPolicy): boolean {
  return path.startsWith(PathPrefix) && (EntityFilter === undefined || EntityFilter === entityTypes[kind]);
}

/** `group/admins`, `role/deploy`, `user/bob`: whoever uses the policy in the way that is asked about, in order and once each. */
function holderKeys({ PolicyArn, PolicyUsageFilter }: ListEntitiesForPolicy, account: Account): string[] {
  const attached = PolicyUsageFilter === 'PermissionsBoundary' ? undefined : account.attachments.get(PolicyArn);
  const bounded = PolicyUsageFilter === 'PermissionsPolicy' ? undefined : account.boundaryUses.get(PolicyArn);
  return [...new Set([...(attached?.keys() ?? []), ...(bounded?.keys() ?? [])])].sort();
}

/** Who stands behind a key of `Account.attachments`. It exists: uses are forgotten with their holder. */
function holderOf(account: Account, key: string): Holder {
  const at = key.indexOf('/');
  const [kind, name] = [key.slice(0, at) as HolderKind, key.slice(at + 1)];
  switch (kind) {
    case 'user': {
      const { userName, userId, path } = account.users.get(name)!;
      return { kind, name: userName, id: userId, path };
    }
    case 'group': {
      const { groupName, groupId, path } = account.groups.get(name)!;
      return { kind, name: groupName, id: groupId, path };
    }
    case 'role': {
      const { roleName, roleId, path } = account.roles.get(name)!;
      return { kind, name: roleName, id: roleId, path };
    }
    default:
      return kind satisfies never;
  }
}
