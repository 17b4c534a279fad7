import type { AccessHistory } from './access-history.ts';

/**
 * What sagas ask of the access history: their `AccessUse`. `isComplete`: whether all calls are recorded (`activity.recordReads`); where they are not, nothing can be
 * called unused.
 *
 * `since` is the time of the log's first event, or of the last event that says that decisions went unrecorded: the history is complete from there on.
 */
export function accessUseOf(history: Pick<AccessHistory, 'subject' | 'actions' | 'checkpoint' | 'status'>, isComplete: boolean, now: () => Date) {
  return {
    accessKey: (accessKeyId: string): Date | undefined => dateOf(history.subject('access-key', accessKeyId)?.last),
    accessKeyAttempt: (accessKeyId: string): Date | undefined => dateOf(history.subject('access-key', accessKeyId)?.lastAttempt),
    password: (userId: string): Date | undefined => dateOf(history.subject('password', userId)?.last),
    role: (roleId: string): Date | undefined => dateOf(history.subject('principal', roleId)?.last),
    actions: (principalId: string): ReadonlyMap<string, Date> =>
      new Map(history.actions(principalId).map(({ service, action, last }) => [`${service}:${action}`, new Date(last)])),
    get since(): Date {
      const { since, unrecordedUntil } = history.checkpoint();
      // Behind the log, or stopped, it can not tell what was not used.
      if (!isComplete || since === null || !history.status().ready) return now();
      return new Date(Math.max(since, unrecordedUntil ?? 0));
    },
  };
}

function dateOf(timeMs: number | null | undefined): Date | undefined {
  return timeMs === undefined || timeMs === null || timeMs === 0 ? undefined : new Date(timeMs);
}
