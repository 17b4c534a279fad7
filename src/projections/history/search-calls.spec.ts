import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { RecordedEvent } from '../../../libs/ledger/ledger.ts';
import { randomNumbers, takeEvents } from '../../../test/support/projections.ts';
import type { CallMetadata } from '../../iam/call-metadata.ts';

import { historyEventOf } from './history-event.ts';
import type { HistoryCursor, HistoryQuery } from './history-query.ts';
import { openHistoryReader, type HistoryReader } from './history-reader.ts';
import { openHistoryWriter, type HistoryWriter } from './history-writer.ts';

/** A call as the oracle sees it: the naive reading of the plain array of events. */
interface PlainCall {
  readonly position: number;
  readonly timeMs: number;
  readonly ids: readonly string[];
  readonly metadata: CallMetadata;
}

function plainCalls(events: readonly RecordedEvent[]): PlainCall[] {
  const calls: PlainCall[] = [];
  let previous: RecordedEvent | undefined;
  for (const event of events) {
    const metadata = event.metadata as CallMetadata;
    if (event.stream.startsWith('saga-')) {
      previous = event;
      continue;
    }
    const current = calls.at(-1);
    if (current !== undefined && previous?.stream === event.stream && previous.metadata === event.metadata) (current.ids as string[]).push(event.id);
    else {
      const timeMs = Date.parse((metadata.importedRecord?.['eventTime'] as string | undefined) ?? event.time);
      calls.push({ position: event.position, timeMs, ids: [event.id], metadata });
    }
    previous = event;
  }
  return calls;
}

const all = <Value>(values: Value | readonly Value[]): readonly Value[] => (Array.isArray(values) ? values : [values]) as readonly Value[];

/** Whether the words in quotes in `metadata` hold `value`: an oracle that knows no field of a resource by name. */
function speaksOf({ metadata }: PlainCall, value: string): boolean {
  const { requestParameters, responseElements, resources } = metadata;
  return JSON.stringify({ requestParameters, responseElements, resources }).includes(JSON.stringify(value));
}

const oracle: { readonly [Filter in keyof HistoryQuery]?: (call: PlainCall, value: never) => boolean } = {
  account: ({ metadata }, value) => all<string>(value).includes(metadata.recipientAccountId),
  actor: ({ metadata: { actor } }, value) =>
    all<string>(value).some((name) => [actor.arn, actor.userName, actor.principalId, actor.sessionContext?.sessionIssuer?.arn].includes(name)),
  accessKeyId: ({ metadata }, value) => all<string>(value).includes(metadata.actor.accessKeyId ?? ''),
  eventName: ({ metadata }, value) => all<string>(value).includes(metadata.eventName),
  eventSource: ({ metadata }, value) => all<string>(value).includes(metadata.eventSource),
  readOnly: ({ metadata }, value) => metadata.readOnly === value,
  errorCode: ({ metadata }, value) => all<string>(value).includes(metadata.errorCode ?? ''),
  outcome: ({ metadata }, value) => (metadata.errorCode === undefined) === (value === 'succeeded'),
  sessionRoot: ({ metadata }, value) => all<string>(value).includes(metadata.actor.sessionContext?.sessionRoot ?? ''),
  sourceIPAddress: ({ metadata }, value) => all<string>(value).includes(metadata.sourceIPAddress),
  resource: (call, value) => all<string>(value).some((name) => speaksOf(call, name)),
  fromTimeMs: ({ timeMs }, value) => timeMs >= value,
  toTimeMs: ({ timeMs }, value) => timeMs <= value,
  fromPosition: ({ position }, value) => position >= value,
  toPosition: ({ position }, value) => position <= value,
  text: ({ metadata }, value) =>
    JSON.stringify(metadata.requestParameters)
      .toLowerCase()
      .includes((value as string).toLowerCase()),
};

function expected(calls: readonly PlainCall[], query: HistoryQuery): number[] {
  const found = calls.filter((call) =>
    Object.entries(query).every(([filter, value]) => oracle[filter as keyof HistoryQuery]?.(call, value as never) ?? true),
  );
  if (query.order !== 'oldest') found.reverse();
  if (query.order === 'latest') found.sort((one, other) => other.timeMs - one.timeMs || other.position - one.position);
  return found.map(({ position }) => position);
}

describe('the search over several segments', () => {
  const events = takeEvents(9_000, { seed: 11, users: 12, resources: 25 });
  const calls = plainCalls(events);
  let directory = '';
  let writer: HistoryWriter;
  let reader: HistoryReader;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'history-'));
    writer = openHistoryWriter(directory, 2_000);
    // Large batches, as in a replay, then single events, as when caught up: the index looks different, the answers must not.
    for (let start = 0; start < 5_000; start += 1_250) writer.apply(events.slice(start, start + 1_250).map(historyEventOf));
    for (let start = 5_000; start < events.length; start += 3) writer.apply(events.slice(start, start + 3).map(historyEventOf));
    reader = openHistoryReader(directory);
  });
  afterAll(() => {
    reader.close();
    writer.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function found(query: HistoryQuery): number[] {
    const positions: number[] = [];
    let after: HistoryCursor | undefined;
    do {
      const page = reader.search({ ...query, ...(after && { after }) }, writer.checkpoint().segments);
      expect(page.rows.length).toBeLessThanOrEqual(query.limit ?? 50);
      positions.push(...page.rows.map(({ position }) => position));
      after = page.next;
    } while (after !== undefined);
    return positions;
  }

  const middle = calls[Math.floor(calls.length / 2)] as PlainCall;
  const single: [string, HistoryQuery][] = [
    ['nothing', {}],
    ['an actor by name', { actor: 'user-3' }],
    ['an actor by ARN', { actor: 'arn:aws:iam::100000000000:user/user-1' }],
    ['a role by ARN', { actor: 'arn:aws:iam::100000000000:role/role-2' }],
    ['an access key', { accessKeyId: 'AKIA2X100000000001' }],
    ['one of two names', { eventName: ['CreateUser', 'AssumeRole'] }],
    ['a source', { eventSource: 'sts.amazonaws.com' }],
    ['a resource by name', { resource: 'target-4' }],
    ['a resource by ARN', { resource: 'arn:aws:iam::100000000001:user/target-4' }],
    ['a resource by id', { resource: 'AIDATARGET4' }],
    ['an error', { errorCode: 'NoSuchEntity' }],
    ['all failures', { outcome: 'failed' }],
    ['changes', { readOnly: false }],
    ['an account', { account: '100000000001' }],
    ['a session root', { sessionRoot: 'arn:aws:iam::100000000000:user/user-2' }],
    ['an address', { sourceIPAddress: '10.0.0.7' }],
    ['a time range', { fromTimeMs: middle.timeMs - 60_000, toTimeMs: middle.timeMs + 60_000 }],
    ['the time before the first call', { toTimeMs: Date.parse('2025-12-31T23:59:59Z') }],
    ['a position range', { fromPosition: 1_990, toPosition: 2_020 }],
    ['a text in the parameters', { text: 'S3:get', readOnly: false }],
    ['what nobody did', { actor: 'nobody' }],
  ];
  it.each(single)('finds what the naive filter finds: %s', (_what, query) => {
    for (const order of ['newest', 'oldest', 'latest'] as const) {
      const positions = found({ ...query, order, limit: 400 });
      expect(positions).toEqual(expected(calls, { ...query, order }));
    }
  });

  it('finds what the naive filter finds with several filters at once, in every order and page size', () => {
    const random = randomNumbers(3);
    let hits = 0;
    for (let round = 0; round < 60; round++) {
      let query: HistoryQuery = {
        order: (['newest', 'oldest', 'latest'] as const)[round % 3] as 'newest',
        limit: [1, 7, 50, 300][round % 4] as number,
      };
      for (let filter = 0; filter < 3; filter++) query = { ...query, ...single[Math.floor(random() * single.length)]?.[1] };
      const positions = expected(calls, query);
      if (positions.length > 400 && query.limit === 1) query = { ...query, limit: 100 };
      expect(found(query)).toEqual(positions);
      hits += positions.length;
    }
    expect(hits).toBeGreaterThan(1_000);
  });

  it('finds a call by the id of any of its events, and an imported one by its own eventID', () => {
    const several = calls.find(({ ids }) => ids.length > 2) as PlainCall;
    for (const eventId of several.ids) expect(found({ eventId })).toEqual([several.position]);
    const imported = calls.find(({ metadata }) => metadata.importedRecord !== undefined) as PlainCall;
    expect(found({ eventId: imported.metadata.importedRecord?.['eventID'] as string })).toEqual([imported.position]);
    expect(found({ eventId: '00000000-0000-7000-8000-000000000000' })).toEqual([]);
  });
});

describe('paging while events arrive', () => {
  it('neither repeats nor skips a call that was there at the first page', () => {
    const directory = mkdtempSync(join(tmpdir(), 'history-'));
    const events = takeEvents(6_000, { seed: 2, users: 3 });
    const writer = openHistoryWriter(directory, 1_500);
    const reader = openHistoryReader(directory);
    const paged = { newest: [] as number[], latest: [] as number[] };
    writer.apply(events.slice(0, 2_500).map(historyEventOf));
    const first = plainCalls(events.slice(0, 2_500));
    const next: { newest?: HistoryCursor | undefined; latest?: HistoryCursor | undefined } = {};
    let arrived = 2_500;
    do {
      for (const order of ['newest', 'latest'] as const) {
        if (paged[order].length > 0 && next[order] === undefined) continue;
        const after = next[order];
        const page = reader.search({ order, limit: 100, actor: 'user-0', ...(after && { after }) }, writer.checkpoint().segments);
        paged[order].push(...page.rows.map(({ position }) => position));
        next[order] = page.next;
      }
      writer.apply(events.slice(arrived, arrived + 60).map(historyEventOf));
      arrived += Math.min(60, events.length - arrived);
    } while (next.newest !== undefined || next.latest !== undefined);
    expect(arrived).toBeGreaterThan(2_700);
    expect(paged.newest).toEqual(expected(first, { actor: 'user-0' }));
    const old = new Set(first.map(({ position }) => position));
    expect(paged.latest.filter((position) => old.has(position))).toEqual(expected(first, { actor: 'user-0', order: 'latest' }));
    reader.close();
    writer.close();
    rmSync(directory, { recursive: true, force: true });
  });
});
