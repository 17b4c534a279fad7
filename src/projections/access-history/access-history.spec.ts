import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { Ledger, RecordedEvent } from '../../../libs/ledger/index.ts';
import { arrayLedger, takeEvents } from '../../../test/support/projections.ts';
import type { ProjectionOptions } from '../follow/projection.ts';

import { openAccessHistory, type AccessHistory } from './access-history.ts';
import { accessUseOf } from './access-use.ts';
import { dumpAccess } from './dump-access.ts';
import { LastUse } from './last-use.ts';

const account = '100000000000';

describe('the access history', () => {
  let directory = '';
  const opened: AccessHistory[] = [];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'access-'));
  });
  afterEach(async () => {
    for (const history of opened.splice(0)) await history.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function open(ledger: Ledger, options: Partial<ProjectionOptions> = {}): Promise<AccessHistory> {
    const history = await openAccessHistory({ directory, ledger, ...options });
    opened.push(history);
    return history;
  }

  it('follows the log, goes on where it stood, and says the same after its file was deleted', async () => {
    const { ledger, show } = arrayLedger(takeEvents(4_000, { seed: 8 }), () => 333);
    show(1_234);
    const before = await open(ledger);
    await before.waitFor(1_234);
    const [used] = before.uses({ account, limit: 1 });
    show(2_000);
    await before.waitFor(2_000);
    expect(before.uses({ account, limit: 1 })[0]!.last).toBeGreaterThanOrEqual(used!.last);
    await before.close();
    show(4_000);
    const after = await open(ledger);
    await after.waitFor(4_000);
    await after.close();
    const continued = [...dumpAccess(join(directory, 'access-history-v1'))];
    rmSync(join(directory, 'access-history-v1'), { recursive: true });
    const again = await open(ledger);
    await again.waitFor(4_000);
    await again.close();
    expect([...dumpAccess(join(directory, 'access-history-v1'))]).toEqual(continued);
  });

  it('answers while it is rebuilt, and the same afterwards', async () => {
    const history = await open(arrayLedger(takeEvents(2_000)).ledger);
    await history.waitFor(2_000);
    const uses = history.uses({ account, limit: 1_000 });
    let isDone = false;
    const rebuilt = history.rebuild().finally(() => (isDone = true));
    // Also while the files are swapped: nothing that was used may seem unused for a moment.
    while (!isDone) {
      expect(history.uses({ account, limit: 1_000 })).toEqual(uses);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await rebuilt;
    expect(history.uses({ account, limit: 1_000 })).toEqual(uses);
  });

  it('stops at an event that it cannot apply and says so, but still answers', async () => {
    const events = takeEvents(50);
    events[30] = { ...(events[30] as RecordedEvent), stream: 'account-100000000000', metadata: {} };
    const history = await open(arrayLedger(events).ledger);
    await expect(history.waitFor(50)).rejects.toThrow(/event 31 .* cannot be applied to the access history: its metadata has no actor/);
    expect(history.status()).toMatchObject({ position: 30, lag: 20, ready: false, error: expect.stringContaining('event 31') });
    expect(history.uses({ account, limit: 10 }).length).toBeGreaterThan(0);
  });

  it('is not continued on another log', async () => {
    const before = await open(arrayLedger(takeEvents(40)).ledger);
    await before.waitFor(40);
    await before.close();
    const after = await open(arrayLedger([...takeEvents(40, { seed: 77 }), ...takeEvents(60).slice(40)]).ledger);
    await expect(after.waitFor(41)).rejects.toThrow(/not made from this log: at position 40/);
  });

  it('removes the files of another version only when it has caught up', async () => {
    const older = join(directory, 'access-history-v0');
    mkdirSync(older);
    const history = await open(arrayLedger(takeEvents(20)).ledger, { begin: new Promise((resolve) => setTimeout(resolve, 100)) });
    expect(existsSync(older)).toBe(true);
    await history.waitFor(20);
    expect(existsSync(older)).toBe(false);
  });

  it('tells sagas of uses and attempts, from the start of the log on', async () => {
    const events = takeEvents(400);
    const history = await open(arrayLedger(events).ledger);
    const now = new Date('2030-01-01T00:00:00Z');
    await history.waitFor(400);
    const use = accessUseOf(history, true, () => now);
    const [one] = history.uses({ account, limit: 1000 }).filter(({ principalType }) => principalType === 'User');
    expect(use.actions(one!.principalId).get(`${one!.service}:${one!.action}`)).toEqual(new Date(one!.last));
    expect(use.actions('AIDANOBODY').size).toBe(0);
    expect(use.since).toEqual(new Date(events[0]!.time));
    expect(use.role(one!.principalId)).toBeInstanceOf(Date);
    expect(use.accessKey('AKIANONE')).toBeUndefined();
    // Where reads are not recorded, nothing can be called unused.
    expect(accessUseOf(history, false, () => now).since).toEqual(now);
  });

  it('shows the latest verified calls at once, and keeps what is later of both', () => {
    const told = { firstUse: 0, lastUse: 5_900, uses: 1, firstAttempt: null, lastAttempt: null, attempts: 0, last: 5_900 };
    const lastUse = new LastUse({
      subject: (_kind, id) => (id === 'AKIAKNOWN' ? { ...told, region: 'us-east-1', source: '', serviceOfLast: 's3' } : undefined),
      actions: () => [],
      status: () => ({ position: 0, lag: 0, ready: true }),
    });
    const caller = { type: 'IAMUser', accountId: account, partition: 'aws', arn: '', principalId: 'AIDA' } as const;
    lastUse.noteUse({ ...caller, accessKeyId: 'AKIANEW' }, 'iam', 'eu-west-1', new Date(7_300));
    lastUse.noteUse({ ...caller, accessKeyId: 'AKIAKNOWN' }, 'iam', 'eu-west-1', new Date(4_000));
    expect(lastUse.accessKey('AKIANEW')).toEqual({ date: new Date(7_000), region: 'eu-west-1', serviceName: 'iam' });
    expect(lastUse.accessKey('AKIAKNOWN')).toEqual({ date: new Date(5_000), region: 'us-east-1', serviceName: 's3' });
    lastUse.noteUse({ ...caller, accessKeyId: 'AKIAKNOWN' }, 'iam', 'eu-west-1', new Date(5_950));
    expect(lastUse.accessKey('AKIAKNOWN')).toMatchObject({ region: 'eu-west-1' });
  });
});
