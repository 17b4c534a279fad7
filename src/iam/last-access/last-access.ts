import type { Account } from '../account.ts';
import type { Call } from '../call.ts';
import { noSuchJob, openJob, type AccessJob } from './job-id.ts';
import { entityOfId, type ReportEntity, type ReportPrincipal } from './report-entity.ts';

/** A use of a service, or of one of its actions, by somebody. */
export interface Accessed {
  readonly principal: ReportPrincipal;
  readonly date: Date;
  readonly region: string;
}

/** The report that a job id stands for. @throws NoSuchEntity it stands for none, or what it was about is gone */
export function reportOf(jobId: string, account: Account, call: Call): { readonly job: AccessJob; readonly entity: ReportEntity } {
  const job = openJob(jobId, account, call);
  const entity = entityOfId(account, job.kind, job.idTail);
  if (entity === undefined) throw noSuchJob(jobId);
  return { job, entity };
}

/** What every report says of its job. It is complete at once, but while the access history is being folded for the first time. */
export function jobStatus({ createdAt }: AccessJob, call: Call) {
  const date = new Date(createdAt * 1000);
  return call.lastUsed.complete
    ? { JobStatus: 'COMPLETED' as const, JobCreationDate: date, JobCompletionDate: date }
    : { JobStatus: 'IN_PROGRESS' as const, JobCreationDate: date, JobCompletionDate: undefined };
}

/** The last uses of some principals, by service and by action, names in lower case. */
export interface LastAccess {
  /** Every principal that used the service, each with its last use. */
  readonly services: ReadonlyMap<string, readonly Accessed[]>;
  /** `s3:getobject`: the last use of all. */
  readonly actions: ReadonlyMap<string, Accessed>;
}

export function lastAccess(principals: readonly ReportPrincipal[], call: Call): LastAccess {
  const services = new Map<string, Accessed[]>();
  const actions = new Map<string, Accessed>();
  for (const principal of principals) {
    const own = new Map<string, Accessed>();
    for (const { service, action, date, region } of call.lastUsed.actions(principal.id)) {
      const accessed = { principal, date, region };
      const prefix = service.toLowerCase();
      keepLater(own, prefix, accessed);
      keepLater(actions, `${prefix}:${action.toLowerCase()}`, accessed);
    }
    for (const [service, accessed] of own) {
      const others = services.get(service);
      if (others === undefined) services.set(service, [accessed]);
      else others.push(accessed);
    }
  }
  return { services, actions };
}

export function latest(accesses: readonly Accessed[]): Accessed | undefined {
  return accesses.reduce<Accessed | undefined>((last, next) => (last === undefined || next.date > last.date ? next : last), undefined);
}

function keepLater(kept: Map<string, Accessed>, key: string, next: Accessed): void {
  const last = kept.get(key);
  if (last === undefined || next.date > last.date) kept.set(key, next);
}
