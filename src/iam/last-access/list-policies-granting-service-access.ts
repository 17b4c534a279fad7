import type { ListPoliciesGrantingServiceAccessEntry, PolicyGrantingServiceAccess } from '@aws-sdk/client-iam';
import { InvalidInput } from '../../../libs/aws/index.ts';
import { grantedActions, serviceOf } from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import { operation } from '../operation.ts';
import { MarkedIamCommand, page, sortedAfter } from '../paging.ts';
import { policyNameOf } from '../policies/managed-policy.ts';
import { changePasswordPolicyId } from '../policies/policies-of.ts';
import { IsArn, IsServiceNamespaces } from '../shapes.ts';
import { entityOfArn, policiesOf, type ReportEntity } from './report-entity.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPoliciesGrantingServiceAccess.html */
export class ListPoliciesGrantingServiceAccess extends MarkedIamCommand<{
  PoliciesGrantingServiceAccess: ListPoliciesGrantingServiceAccessEntry[];
  IsTruncated: boolean;
  Marker?: string;
}> {
  @IsArn() Arn!: string;
  @IsServiceNamespaces() ServiceNamespaces!: string[];
}

/** Of a user, the policies of its groups too. A policy is listed where it allows something of the service, whatever other policies deny. */
export const listPoliciesGrantingServiceAccess = operation(ListPoliciesGrantingServiceAccess, {
  resource: ({ Arn }) => Arn,
  answer(command, account, call) {
    const entity = entityOfArn(account, command.Arn);
    if (entity.kind === 'policy') throw new InvalidInput(`ARN ${command.Arn} is not valid: it must be that of a user, group or role.`);
    const unknown = command.ServiceNamespaces.find((namespace) => serviceOf(namespace) === undefined);
    if (unknown !== undefined) throw new InvalidInput(`The service namespace ${unknown} is not valid.`);
    const namespaces = [...new Set(command.ServiceNamespaces)].map((namespace, index) => ({ namespace, key: String(index).padStart(3, '0') }));
    const { items, more } = page(command, account, call, (after) => sortedAfter(namespaces, ({ key }) => key, after));
    const entries = items.map(({ namespace }) => ({ ServiceNamespace: namespace, Policies: granting(account, entity, namespace.toLowerCase()) }));
    return { PoliciesGrantingServiceAccess: entries, ...more };
  },
});

function granting(account: Account, entity: ReportEntity, prefix: string): PolicyGrantingServiceAccess[] {
  return policiesOf(account, entity)
    .filter(({ id, policy }) => id !== changePasswordPolicyId && grantedActions([policy]).has(prefix))
    .map(({ id }) => describe(id));
}

/** `id` is an ARN, or `user/Bob/inline/Name`. */
function describe(id: string): PolicyGrantingServiceAccess {
  const inline = /^(user|group|role)\/([^/]+)\/inline\/(.*)$/.exec(id);
  if (inline === null) return { PolicyName: policyNameOf(id), PolicyType: 'MANAGED', PolicyArn: id };
  const [, kind, EntityName, PolicyName] = inline as unknown as [string, 'user' | 'group' | 'role', string, string];
  const EntityType = ({ user: 'USER', group: 'GROUP', role: 'ROLE' } as const)[kind];
  return { PolicyName, PolicyType: 'INLINE', EntityType, EntityName };
}
