import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { arrayLedger, takeEvents } from '../../test/support/projections.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { openHistory, type History } from '../projections/history/history.ts';

import { allEntries, searchAudit, type AuditEntry, type AuditQuery } from './search.ts';

describe('the audit search', () => {
  const events = takeEvents(4_000, { seed: 6, users: 8 });
  const source = arrayLedger(events);
  const tokenKey = Buffer.alloc(32, 3);
  let directory = '';
  let history: History;

  beforeAll(async () => {
    source.show(3_000);
    directory = mkdtempSync(join(tmpdir(), 'history-'));
    history = await openHistory({ directory, ledger: source.ledger, segmentCallsMax: 900 });
    await history.waitFor(3_000);
  });
  afterAll(async () => {
    await history.close();
    rmSync(directory, { recursive: true, force: true });
  });

  async function entriesOf(query: AuditQuery, entriesMax?: number): Promise<AuditEntry[]> {
    const entries: AuditEntry[] = [];
    for await (const entry of allEntries({ history, tokenKey }, query, entriesMax)) entries.push(entry);
    return entries;
  }

  it('combines filters and says which events a call made and from whom the session comes', async () => {
    const sessionRoot = 'arn:aws:iam::100000000000:user/user-2';
    const found = await entriesOf({ sessionRoot, outcome: 'succeeded', readOnly: false, order: 'oldest', toPosition: 3_000 });
    const made = events.slice(0, 3_000).filter(({ metadata }) => {
      const { actor, readOnly, errorCode } = metadata as CallMetadata;
      return actor?.sessionContext?.sessionRoot === sessionRoot && !readOnly && errorCode === undefined;
    });
    expect(made.length).toBeGreaterThan(5);
    expect(found.flatMap(({ eventIds }) => eventIds)).toEqual(made.map(({ id }) => id));
    for (const entry of found) {
      expect(entry).toMatchObject({ sessionRoot, record: { recipientAccountId: expect.stringMatching(/^\d{12}$/) } });
      expect(entry.lastPosition - entry.position + 1).toBe(entry.eventIds.length);
    }
  });

  it.each(['NoSuchEntity', 'NoSuchEntityException'])('finds an error by its code and by CloudTrail’s: %s', async (errorCode) => {
    const found = await entriesOf({ errorCode, toPosition: 3_000 });
    const failed = events.slice(0, 3_000).filter(({ metadata }) => (metadata as CallMetadata).errorCode === 'NoSuchEntity');
    expect(found).toHaveLength(failed.length);
    expect(found[0]?.record['errorCode'] ?? 'NoSuchEntityException').toBe('NoSuchEntityException');
  });

  it('pages by position, unmoved by what arrives meanwhile', async () => {
    const query: AuditQuery = { readOnly: true, pageSize: 40 };
    const before = await entriesOf({ ...query, toPosition: 3_000 });
    const first = await searchAudit({ history, tokenKey }, query);
    source.show(4_000);
    await history.waitFor(4_000);
    const rest = await entriesOf({ ...query, cursor: first.nextCursor as string });
    expect([...first.entries, ...rest]).toEqual(before);
    expect((await searchAudit({ history, tokenKey }, query)).entries[0]?.position).toBeGreaterThan(3_000);
  });

  it('refuses a cursor that was made for other filters', async () => {
    const { nextCursor } = await searchAudit({ history, tokenKey }, { readOnly: true });
    const cursor = nextCursor as string;
    await expect(searchAudit({ history, tokenKey }, { readOnly: false, cursor })).rejects.toMatchObject({ code: 'InvalidNextTokenException' });
    await expect(searchAudit({ history, tokenKey }, { readOnly: true, order: 'oldest', cursor })).rejects.toMatchObject({
      code: 'InvalidNextTokenException',
    });
    await expect(searchAudit({ history, tokenKey }, { readOnly: true, pageSize: 7, cursor })).resolves.toMatchObject({ entries: { length: 7 } });
  });

  it('ends an export where it is told to', async () => {
    expect(await entriesOf({ pageSize: 30 }, 100)).toHaveLength(100);
  });
});
