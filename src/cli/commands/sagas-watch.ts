import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../client.ts';
import type { Invocation } from '../invocation.ts';
import { listSagas } from '../operations.ts';

/** How often a command that watches asks. */
const watchMilliseconds = 1_000;

/** All pages. */
export async function allSagas(
  client: Client,
  filter: { Kind?: string | undefined; Show?: 'UnderWay' | 'Over' | 'All'; RunId?: string | undefined },
) {
  const page = await listSagas(client, filter);
  const all = [...page.Sagas];
  for (let cursor = page.NextCursor; cursor !== undefined;) {
    const further = await listSagas(client, { ...filter, Cursor: cursor });
    all.push(...further.Sagas);
    cursor = further.NextCursor;
  }
  return { ...page, Sagas: all };
}

/** Shows how many of a set of instances are over until all are, or none that is left has anything to do but wait for its time. */
export async function untilAllAreOver(
  run: Invocation,
  client: Client,
  filter: { Kind?: string | undefined; RunId?: string | undefined },
): Promise<void> {
  const progress = run.progress('sagas over');
  for (;;) {
    const { Sagas } = await allSagas(client, { ...filter, Show: 'All' });
    const over = Sagas.filter(({ Status }) => Status === 'Over').length;
    progress.update(over, Sagas.length);
    const isMoving = Sagas.some(({ Status, DueAt }) => Status === 'Working' || (Status === 'Failing' && DueAt !== undefined));
    const isFresh = Sagas.some(({ ChangedAt, Status }) => Status !== 'Over' && Date.now() - Date.parse(ChangedAt) < 3 * watchMilliseconds);
    if (over === Sagas.length || (!isMoving && !isFresh)) break;
    await sleep(watchMilliseconds);
  }
  progress.finish();
}
