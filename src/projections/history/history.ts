import { openProjection, type Projection, type ProjectionOptions } from '../follow/projection.ts';

import { historyEventOf } from './history-event.ts';
import { openHistoryFiles, type HistoryFiles } from './history-files.ts';
import type { HistoryPage, HistoryQuery, RowPage } from './history-query.ts';
import type { LastUsed, LastUsedKind } from './last-used.ts';
import { callOfRow, historyVersion } from './segment-file.ts';

/**
 * The history of all calls, folded from the log: a read model that can be thrown away and rebuilt. One row for each call, found by who,
 * what, whence and when. Eventually consistent; `waitFor` makes it as consistent as an answer that carries its position needs.
 *
 * Rows hold all that an audit record shows, so no question goes back to the log: at about 0.8 kB a call this doubles the disk, and in return
 * the history works on every store alike and a search costs neither the log's reader nor a message for each row.
 */
export interface History extends Omit<Projection<HistoryFiles>, 'files' | 'present'> {
  /** One page of the calls that fulfil `query`. @throws HistoryBusy */
  search(query: HistoryQuery): Promise<HistoryPage>;
  /** The last use of each id that has one; the others are missing from the map. */
  lastUsed(kind: LastUsedKind, ids: readonly string[]): Promise<ReadonlyMap<string, LastUsed>>;
  lastUsedAccessKey(accessKeyId: string): Promise<LastUsed | undefined>;
  lastUsedUser(userId: string): Promise<LastUsed | undefined>;
  lastUsedRole(roleId: string): Promise<LastUsed | undefined>;
  /** `id`: the user's unique id, or the account id for root. */
  passwordLastUsed(id: string): Promise<LastUsed | undefined>;
}

export interface HistoryOptions extends ProjectionOptions {
  /** Calls after which a new segment begins. */
  readonly segmentCallsMax?: number;
}

const segmentCallsMaxDefault = 1_000_000;

export async function openHistory({ segmentCallsMax = segmentCallsMaxDefault, ...options }: HistoryOptions): Promise<History> {
  const {
    files,
    present: _present,
    ...projection
  } = await openProjection(
    {
      name: 'history',
      version: historyVersion,
      eventOf: historyEventOf,
      open: (directory) => openHistoryFiles({ directory, segmentCallsMax }),
    },
    options,
  );

  async function lastUsed(kind: LastUsedKind, ids: readonly string[]): Promise<ReadonlyMap<string, LastUsed>> {
    return (await (await files()).ask({ kind: 'last-used', of: kind, ids })) as ReadonlyMap<string, LastUsed>;
  }

  async function lastUsedOf(kind: LastUsedKind, id: string): Promise<LastUsed | undefined> {
    return (await lastUsed(kind, [id])).get(id);
  }

  return {
    ...projection,
    async search(query) {
      const { rows, ...page } = (await (await files()).ask({ kind: 'search', query })) as RowPage;
      return { ...page, calls: rows.map(callOfRow) };
    },
    lastUsed,
    lastUsedAccessKey: (accessKeyId) => lastUsedOf('access-key', accessKeyId),
    lastUsedUser: (userId) => lastUsedOf('user', userId),
    lastUsedRole: (roleId) => lastUsedOf('role', roleId),
    passwordLastUsed: (id) => lastUsedOf('password', id),
  };
}
