import type { GetServiceLastAccessedDetailsResponse, ServiceLastAccessed, TrackedActionLastAccessed } from '@aws-sdk/client-iam';
import { grantedActions, serviceOf } from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import { operation } from '../operation.ts';
import { PagedIamCommand, page, sortedAfter } from '../paging.ts';
import { IsJobId } from '../shapes.ts';
import { jobStatus, lastAccess, latest, reportOf, type Accessed, type LastAccess } from './last-access.ts';
import { arnOfPrincipal, policiesOf, principalsOf } from './report-entity.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html */
export class GetServiceLastAccessedDetails extends PagedIamCommand<GetServiceLastAccessedDetailsResponse> {
  @IsJobId() JobId!: string;
}

/** As fresh as the question, not as the job; services in the order of their namespaces. Attempts that were refused count as AWS counts them. */
export const getServiceLastAccessedDetails = operation(GetServiceLastAccessedDetails, {
  resource: () => '*',
  answer(command, account, call) {
    const { job, entity } = reportOf(command.JobId, account, call);
    const status = { ...jobStatus(job, call), JobType: job.granularity };
    if (status.JobStatus === 'IN_PROGRESS') return { ...status, ServicesLastAccessed: [], IsTruncated: false };
    const granted = grantedActions(policiesOf(account, entity).map(({ policy }) => policy));
    const used = lastAccess(principalsOf(account, entity), call);
    const { items, more } = page(command, account, call, (after) => sortedAfter([...granted.keys()].sort(), (prefix) => prefix, after));
    const services = items.map((prefix) => ({
      ...serviceDetails(account, prefix, used),
      ...(job.granularity === 'ACTION_LEVEL' ? { TrackedActionsLastAccessed: trackedActions(account, prefix, granted.get(prefix)!, used) } : {}), // items are its keys
    }));
    return { ...status, ServicesLastAccessed: services, ...more };
  },
});

function serviceDetails(account: Account, prefix: string, { services }: LastAccess): ServiceLastAccessed {
  const accesses = services.get(prefix) ?? [];
  const last = latest(accesses);
  return {
    ServiceName: serviceOf(prefix)?.name ?? prefix,
    ServiceNamespace: prefix,
    ...(last === undefined
      ? {}
      : {
          LastAuthenticated: last.date,
          LastAuthenticatedEntity: arnOfPrincipal(account, last.principal),
          ...region(last, 'LastAuthenticatedRegion'),
        }),
    TotalAuthenticatedEntities: accesses.length,
  };
}

function trackedActions(account: Account, prefix: string, names: ReadonlySet<string>, { actions }: LastAccess): TrackedActionLastAccessed[] {
  return [...names].sort().map((ActionName) => {
    const last = actions.get(`${prefix}:${ActionName.toLowerCase()}`);
    return last === undefined
      ? { ActionName }
      : {
          ActionName,
          LastAccessedEntity: arnOfPrincipal(account, last.principal),
          LastAccessedTime: last.date,
          ...region(last, 'LastAccessedRegion'),
        };
  });
}

const region = <Member extends string>({ region: name }: Accessed, member: Member) =>
  (name === '' ? {} : { [member]: name }) as Partial<Record<Member, string>>;
