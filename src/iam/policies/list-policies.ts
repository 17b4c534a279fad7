import type { Policy as WirePolicy } from '@aws-sdk/client-iam';
import { IsOptional } from 'class-validator';
import type { Account } from '../account.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page } from '../paging.ts';
import { IsBoolean, IsPolicyPath, IsPolicyScope, IsPolicyUsage } from '../shapes.ts';
import { awsManagedPolicies } from './aws-managed-policies.ts';
import { describePolicy, type ManagedPolicy } from './managed-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html */
export class ListPolicies extends PagedIamCommand<{ Policies: WirePolicy[]; IsTruncated: boolean; Marker?: string }> {
  @IsPolicyScope() Scope: string = 'All';
  @IsBoolean() OnlyAttached: boolean = false;
  @IsPolicyPath() PathPrefix: string = '/';
  @IsPolicyUsage() @IsOptional() PolicyUsageFilter?: string;
}

export const listPolicies = operation(ListPolicies, {
  resource: () => '*',
  answer(command, account, call) {
    const { items, more } = page(command, account, call, function* (after) {
      for (const entry of policiesAfter(command.Scope, account, after)) if (isAskedFor(entry[1], command, account)) yield entry;
    });
    return { Policies: items.map((policy) => describePolicy(account, policy, { brief: true })), ...more };
  },
});

function isAskedFor(policy: ManagedPolicy, { PathPrefix, OnlyAttached, PolicyUsageFilter }: ListPolicies, account: Account): boolean {
  if (!policy.path.startsWith(PathPrefix)) return false;
  if (PolicyUsageFilter === 'PermissionsBoundary') return account.boundaryUses.has(policy.arn);
  if (PolicyUsageFilter === 'PermissionsPolicy' || OnlyAttached) return account.attachments.has(policy.arn);
  return true;
}

const own = 'own/';
const aws = 'policy/';

/** The account's own policies by name, then AWS's by name. The kinds have keys of their own: a name can stand in both. */
function* policiesAfter(scope: string, account: Account, after: string | undefined): Iterable<readonly [string, ManagedPolicy]> {
  const inAws = after?.startsWith(aws) === true;
  if (scope !== 'AWS' && !inAws) for (const [name, policy] of account.policies.entries(after?.slice(own.length))) yield [`${own}${name}`, policy];
  if (scope === 'Local') return;
  const policies = allAwsPolicies(account).map((policy) => [`${aws}${policy.policyName.toLowerCase()}`, policy] as const);
  for (const entry of policies.sort(([a], [b]) => (a < b ? -1 : 1))) if (!inAws || entry[0] > after) yield entry; // AWS's names are unique
}

/** AWS's policies as this account knows them: an imported one in place of the built-in one of the same ARN. */
export function allAwsPolicies(account: Account): ManagedPolicy[] {
  const builtIn = awsManagedPolicies(account.partition).filter((policy) => !account.importedAwsPolicies.has(policy.arn));
  return [...account.importedAwsPolicies.values(), ...builtIn];
}
