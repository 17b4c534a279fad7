import type { EntityDetails, GetServiceLastAccessedDetailsWithEntitiesResponse } from '@aws-sdk/client-iam';
import { InvalidInput } from '../../../libs/aws/index.ts';
import { serviceOf } from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsJobId, IsServiceNamespace } from '../shapes.ts';
import { jobStatus, lastAccess, reportOf } from './last-access.ts';
import { arnOfPrincipal, principalsOf, type ReportPrincipal } from './report-entity.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetailsWithEntities.html */
export class GetServiceLastAccessedDetailsWithEntities extends PagedIamCommand<GetServiceLastAccessedDetailsWithEntitiesResponse> {
  @IsJobId() JobId!: string;
  @IsServiceNamespace() ServiceNamespace!: string;
}

/** Whoever used the service last comes first, whoever never did last. */
export const getServiceLastAccessedDetailsWithEntities = operation(GetServiceLastAccessedDetailsWithEntities, {
  resource: () => '*',
  answer(command, account, call) {
    const { job, entity } = reportOf(command.JobId, account, call);
    const service = serviceOf(command.ServiceNamespace);
    if (service === undefined) throw new InvalidInput(`The service namespace ${command.ServiceNamespace} is not valid.`);
    const status = jobStatus(job, call);
    if (status.JobStatus === 'IN_PROGRESS') return { ...status, EntityDetailsList: [], IsTruncated: false };
    const principals = principalsOf(account, entity);
    const used = lastAccess(principals, call).services.get(service.prefix) ?? [];
    const dates = new Map(used.map(({ principal, date }) => [principal.id, date]));
    const entries = principals
      .map((principal) => ({ principal, date: dates.get(principal.id), key: orderKey(dates.get(principal.id), principal.id) }))
      .sort((one, other) => (one.key < other.key ? -1 : 1));
    const { items, more } = page(command, account, call, (after) => sortedAfter(entries, ({ key }) => key, after));
    return { ...status, EntityDetailsList: items.map(({ principal, date }) => entityDetails(account, principal, date)), ...more };
  },
});

/** Seconds in a key, and what stands for never: later than all. */
const never = 9_999_999_999;
const digits = 10;

/** Ascends from the latest use to the earliest, then never. */
function orderKey(date: Date | undefined, id: string): string {
  const order = date === undefined ? never : never - 1 - Math.floor(date.getTime() / 1000);
  return `${String(order).padStart(digits, '0')}/${id}`;
}

function entityDetails(account: Account, principal: ReportPrincipal, date: Date | undefined): EntityDetails {
  const [Name, Type, Path] =
    principal.kind === 'user'
      ? ([principal.user.userName, 'USER', principal.user.path] as const)
      : ([principal.role.roleName, 'ROLE', principal.role.path] as const);
  return {
    EntityInfo: { Arn: arnOfPrincipal(account, principal), Name, Type, Id: principal.id, Path },
    ...(date === undefined ? {} : { LastAuthenticated: date }),
  };
}
