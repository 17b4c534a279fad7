import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewEvent, RecordedEvent, Upcast } from '../ledger.ts';
import { openSqliteLedger } from './sqlite-ledger.ts';

const directory = mkdtempSync(join(tmpdir(), 'ledger-replay-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Data and metadata that look like members of the event itself. */
const tricky: readonly (readonly [data: unknown, metadata: unknown])[] = [
  [{ name: 'plain' }, { requestId: 'r' }],
  [{ name: 'x', metadata: { deep: [1, { metadata: 2 }] } }, { data: { metadata: 3 } }],
  [{ text: '","metadata":{"a":1},"stream":"b","revision":9}' }, { text: ',"metadata":' }],
  [
    { a: [{ b: 1, metadata: null }], stream: 'c', revision: 7 },
    { stream: 'd', revision: 8, nested: { x: 1, stream: 'e' } },
  ],
  ['text', null],
  [null, 'ü𝄞\ud800'],
];
const streams = ['account-000000000001', 'a "quoted", "stream":"x" \\ name'];

function newEvents(): NewEvent[] {
  return tricky.map(([data, metadata], index) => {
    return {
      id: `019b7cd0-3ae0-7186-ae65-c750ad6550${String(index).padStart(2, '0')}`,
      type: 'Happened',
      schemaVersion: 1,
      time: '2026-01-01T00:00:00.000Z',
      data,
      metadata,
    };
  });
}

const plain = ({ id, type, schemaVersion, time, data, metadata, stream, revision, position }: RecordedEvent): RecordedEvent => ({
  id,
  type,
  schemaVersion,
  time,
  data,
  metadata,
  stream,
  revision,
  position,
});

async function replayed(upcast?: Upcast): Promise<{ readonly fast: RecordedEvent[]; readonly read: RecordedEvent[] }> {
  const ledger = await openSqliteLedger({ directory, ...(upcast === undefined ? {} : { upcast }) });
  try {
    const fast: RecordedEvent[] = [];
    ledger.replay({ onEvents: (events) => fast.push(...events.map(plain)) });
    const read: RecordedEvent[] = [];
    for await (const events of ledger.readAll()) read.push(...events);
    return { fast, read };
  } finally {
    await ledger.close();
  }
}

describe('a replay', () => {
  beforeAll(async () => {
    const ledger = await openSqliteLedger({ directory });
    for (const [index, stream] of streams.entries()) {
      await ledger.append(
        stream,
        'no-stream',
        newEvents().map((event) => ({ ...event, id: event.id.replace('019b', `019${index}`) })),
      );
    }
    await ledger.close();
  });

  it('gives the events that reading gives, also where their data looks like an event', async () => {
    const { fast, read } = await replayed();
    expect(fast).toHaveLength(tricky.length * streams.length);
    expect(fast).toEqual(read);
  });

  it('keeps the metadata of an event that an upcaster has copied', async () => {
    const { fast, read } = await replayed((event) => ({ ...event, data: { was: event.data } }));
    expect(fast).toEqual(read);
    expect(fast[0]!.metadata).toEqual({ requestId: 'r' });
  });
});
