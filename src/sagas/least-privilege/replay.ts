import {
  RequestContext,
  compilePolicy,
  decide,
  parsePolicy,
  type AttachedPolicy,
  type PoliciesInForce,
  type Principal,
} from '../../../libs/policy/index.ts';
import type { Account } from '../../iam/account.ts';
import { policiesOfRole, policiesOfUser } from '../../iam/policies/policies-of.ts';
import { arnOfExistingRole, type Role } from '../../iam/roles/role.ts';
import { arnOfExistingUser, type User } from '../../iam/users/user.ts';
import type { PastUse, Proposal } from './propose.ts';

/** What the history says of a proposal. */
export interface Replay {
  /** Different requests, of action and resource, that were asked again. */
  readonly replayed: number;
  /** Allowed by the policies of today and not by the proposal. INVARIANT of a good proposal: none. */
  readonly lost: readonly { readonly action: string; readonly resource: string }[];
  /** Were made, and the policies of today do not allow them as far as can be told: a resource's policy did, or a condition on what was not recorded. */
  readonly undecided: readonly { readonly action: string; readonly resource: string }[];
}

/** Asks every request of the window again, of the policies of today and of the proposal: whoever put the proposal would lose `lost`. */
export function replay(
  account: Account,
  holder: User | Role,
  proposal: Pick<Proposal, 'documents'>,
  uses: readonly PastUse[],
  windowStart: Date,
): Replay {
  const today = 'userId' in holder ? policiesOfUser(account, holder) : policiesOfRole(account, holder);
  const proposed: AttachedPolicy[] = proposal.documents.map((document, index) => ({
    id: `proposal ${index + 1}`,
    policy: compilePolicy(parsePolicy(document, 'identity')),
  }));
  const principal = principalOf(account, holder);
  const lost: { action: string; resource: string }[] = [];
  const undecided: { action: string; resource: string }[] = [];
  let replayed = 0;
  for (const { action, lastUse, resources } of uses) {
    if (lastUse === undefined || lastUse < windowStart) continue;
    for (const resource of resources.length === 0 ? ['*'] : resources) {
      replayed += 1;
      const allowed = (policies: PoliciesInForce): boolean =>
        decide({ principal, action, resource, resourceAccountId: account.id, context: contextOf(account, holder, principal) }, policies) ===
        'Allowed';
      if (!allowed(today)) undecided.push({ action, resource });
      else if (!allowed({ identity: proposed, boundary: today.boundary })) lost.push({ action, resource });
    }
  }
  return { replayed, lost, undecided };
}

function principalOf(account: Account, holder: User | Role): Principal {
  if ('userId' in holder) {
    return { type: 'IAMUser', arn: arnOfExistingUser(account, holder), accountId: account.id, partition: account.partition, uniqueId: holder.userId };
  }
  const roleArn = arnOfExistingRole(account, holder);
  const arn = `arn:${account.partition}:sts::${account.id}:assumed-role/${holder.roleName}/replay`;
  return { type: 'AssumedRole', arn, roleArn, accountId: account.id, partition: account.partition, uniqueId: holder.roleId };
}

/** What is known of a past request without having kept it: who it was. */
function contextOf(account: Account, holder: User | Role, { arn, roleArn }: Principal): RequestContext {
  const context = RequestContext.of({
    'aws:PrincipalArn': roleArn ?? arn,
    'aws:PrincipalAccount': account.id,
    'aws:ResourceAccount': account.id,
    'aws:SecureTransport': 'true',
  });
  if ('userId' in holder) context.set('aws:username', holder.userName);
  for (const { Key, Value } of holder.tags) context.set(`aws:PrincipalTag/${Key}`, Value);
  return context;
}
