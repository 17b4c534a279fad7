import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { RecordedEvent } from '../../libs/ledger/index.ts';
import { arrayLedger, takeEvents } from '../../test/support/projections.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { openHistory, type History } from '../projections/history/history.ts';

import { lookupEvents, type LookupEvent, type LookupEventsInput, type LookupEventsOutput } from './lookup-events.ts';

const account = '100000000000';
const tokenKey = Buffer.alloc(32, 7);

describe('LookupEvents', () => {
  const sample = takeEvents(3_500, { seed: 4, users: 10, resources: 20 });
  const template = sample[0] as RecordedEvent;
  /** Recorded calls whose answer is known from AWS, appended to the sample. */
  const known: Partial<CallMetadata>[] = [
    {
      eventName: 'CreateUser',
      requestParameters: { userName: 'zoe' },
      responseElements: { user: { userName: 'zoe', arn: `arn:aws:iam::${account}:user/zoe`, userId: 'AIDAZOE', path: '/' } },
    },
    {
      eventName: 'CreateAccessKey',
      requestParameters: { userName: 'zoe' },
      responseElements: { accessKey: { accessKeyId: 'AKIAZOE', userName: 'zoe' } },
    },
    { eventName: 'UpdateAccessKey', requestParameters: { userName: 'zoe', accessKeyId: 'AKIAZOE', status: 'Inactive' } },
    { eventName: 'DeleteUser', requestParameters: { userName: 'zoe' } },
    { eventName: 'GetUser', requestParameters: { userName: 'zoe' }, readOnly: true, errorCode: 'NoSuchEntity', errorMessage: 'no zoe' },
  ];
  const events = [
    ...sample,
    ...known.map((call, index): RecordedEvent => {
      const base = { ...(template.metadata as CallMetadata), recipientAccountId: account, eventSource: 'iam.amazonaws.com', readOnly: false };
      const metadata = { ...base, responseElements: null, requestId: `known-${index}`, ...call };
      const time = new Date(Date.parse(sample.at(-1)?.time as string) + 60_000 + index * 1_000).toISOString();
      const id = `01a00000-0000-7000-8000-00000000000${index}`;
      return { ...template, stream: `account-${account}`, id, time, position: sample.length + index + 1, metadata };
    }),
  ];
  let directory = '';
  let history: History;
  /** Every event of the account, as the pages of one lookup give them. */
  let all: LookupEvent[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'history-'));
    history = await openHistory({ directory, ledger: arrayLedger(events).ledger, segmentCallsMax: 1_000 });
    await history.waitFor(events.length);
    all = await lookupAll({});
  });
  afterAll(async () => {
    await history.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const lookup = (input: LookupEventsInput, scope: object = {}): Promise<LookupEventsOutput> =>
    lookupEvents({ history, account, tokenKey, ...scope }, input);

  async function lookupAll(input: LookupEventsInput): Promise<LookupEvent[]> {
    const found: LookupEvent[] = [];
    let NextToken: string | undefined;
    do {
      const page = await lookup({ ...input, ...(NextToken !== undefined && { NextToken }) });
      found.push(...page.Events);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return found;
  }

  const attribute = (AttributeKey: string, AttributeValue: string): LookupEventsInput => ({ LookupAttributes: [{ AttributeKey, AttributeValue }] });

  it('answers the resources that AWS lists for what was done to one user', async () => {
    const found = await lookupAll(attribute('ResourceName', 'zoe'));
    const user = { ResourceType: 'AWS::IAM::User', ResourceName: 'zoe' };
    const key = { ResourceType: 'AWS::IAM::AccessKey', ResourceName: 'AKIAZOE' };
    expect(found.map(({ EventName, Resources }) => [EventName, Resources])).toEqual([
      ['DeleteUser', [user]],
      ['UpdateAccessKey', [key, user]],
      ['CreateAccessKey', [key, user]],
      [
        'CreateUser',
        [
          user,
          { ResourceType: 'AWS::IAM::User', ResourceName: `arn:aws:iam::${account}:user/zoe` },
          { ResourceType: 'AWS::IAM::User', ResourceName: 'AIDAZOE' },
        ],
      ],
    ]);
  });

  it('answers an event with the record as text, and none of a read’s resources', async () => {
    const [event] = (await lookup({ MaxResults: 1 })).Events;
    const { actor } = template.metadata as CallMetadata;
    expect(event).toMatchObject({
      EventName: 'GetUser',
      ReadOnly: 'true',
      EventSource: 'iam.amazonaws.com',
      Resources: [],
      AccessKeyId: actor.accessKeyId,
    });
    const record = JSON.parse(event?.CloudTrailEvent as string) as Record<string, unknown>;
    expect(record).toMatchObject({ eventID: event?.EventId, errorCode: 'NoSuchEntityException', eventVersion: '1.11' });
    expect(Date.parse(record['eventTime'] as string)).toBe(event?.EventTime.getTime());
  });

  it('answers all of the account’s calls, the latest first, page by page', () => {
    const times = all.map(({ EventTime }) => EventTime.getTime());
    expect(times).toEqual([...times].sort((one, other) => other - one));
    const requests = new Set(
      events
        .filter(({ metadata }) => (metadata as CallMetadata).recipientAccountId === account)
        .map(({ metadata }) => (metadata as CallMetadata).requestId),
    );
    expect(all).toHaveLength(requests.size);
    expect(new Set(all.map(({ EventId }) => EventId)).size).toBe(all.length);
  });

  it.each<[string, string, (event: LookupEvent) => boolean]>([
    ['EventName', 'PutUserPolicy', ({ EventName }) => EventName === 'PutUserPolicy'],
    ['ReadOnly', 'false', ({ ReadOnly }) => ReadOnly === 'false'],
    ['Username', 'user-1', ({ Username }) => Username === 'user-1'],
    ['Username', 'session-3', ({ Username }) => Username === 'session-3'],
    ['Username', 'root', ({ Username }) => Username === 'root'],
    ['ResourceType', 'AWS::IAM::Policy', ({ Resources }) => Resources.some(({ ResourceType }) => ResourceType === 'AWS::IAM::Policy')],
    ['ResourceName', 'target-3', ({ Resources }) => Resources.some(({ ResourceName }) => ResourceName === 'target-3')],
    ['EventSource', 'sts.amazonaws.com', ({ EventSource }) => EventSource === 'sts.amazonaws.com'],
    ['AccessKeyId', `AKIA1X${account}`, ({ AccessKeyId }) => AccessKeyId === `AKIA1X${account}`],
    ['EventId', '01a00000-0000-7000-8000-000000000003', ({ EventId }) => EventId === '01a00000-0000-7000-8000-000000000003'],
  ])('looks up by %s: %s', async (key, value, fulfils) => {
    const wanted = all.filter(fulfils);
    expect(wanted.length).toBeGreaterThan(0);
    expect(await lookupAll(attribute(key, value))).toEqual(wanted);
    expect(await lookupAll(attribute(key, `${value}x`))).toEqual([]);
  });

  it('is case-sensitive, and a ReadOnly that is neither true nor false is nothing', async () => {
    expect(await lookupAll(attribute('EventName', 'putuserpolicy'))).toEqual([]);
    expect(await lookupAll(attribute('ReadOnly', 'yes'))).toEqual([]);
  });

  it('takes both ends of the time range in, by the second', async () => {
    const at = (all[100] as LookupEvent).EventTime;
    const same = all.filter(({ EventTime }) => EventTime.getTime() === at.getTime());
    expect(await lookupAll({ StartTime: at, EndTime: at })).toEqual(same);
    const later = await lookupAll({ StartTime: new Date(at.getTime() + 1) });
    expect(later).toEqual(all.filter(({ EventTime }) => EventTime.getTime() > at.getTime()));
  });

  it.each<[string, LookupEventsInput, string]>([
    [
      'two attributes',
      { LookupAttributes: [...(attribute('EventName', 'a').LookupAttributes ?? []), ...(attribute('EventName', 'b').LookupAttributes ?? [])] },
      'InvalidLookupAttributesException',
    ],
    ['an unknown attribute', attribute('Colour', 'red'), 'InvalidLookupAttributesException'],
    ['an empty value', attribute('EventName', ''), 'InvalidLookupAttributesException'],
    ['MaxResults 0', { MaxResults: 0 }, 'InvalidMaxResultsException'],
    ['MaxResults 51', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    ['a start after the end', { StartTime: new Date(2_000), EndTime: new Date(1_000) }, 'InvalidTimeRangeException'],
    ['a category that is not insight', { EventCategory: 'management' }, 'InvalidEventCategoryException'],
    ['a token that is not ours', { NextToken: 'AAAA' }, 'InvalidNextTokenException'],
    ['a token that is no token', { NextToken: '%%%' }, 'InvalidNextTokenException'],
  ])('refuses %s', async (_what, input, code) => {
    await expect(lookup(input)).rejects.toMatchObject({ code, httpStatus: 400 });
  });

  it('refuses a token that was made for other parameters, another account or by another key, or that was changed', async () => {
    const { NextToken } = await lookup({ ...attribute('ReadOnly', 'true'), MaxResults: 5 });
    const token = NextToken as string;
    const invalid = { code: 'InvalidNextTokenException' };
    await expect(lookup({ ...attribute('ReadOnly', 'true'), MaxResults: 50, NextToken: token })).resolves.toMatchObject({
      Events: expect.any(Array),
    });
    await expect(lookup({ ...attribute('ReadOnly', 'false'), NextToken: token })).rejects.toMatchObject(invalid);
    await expect(lookup({ ...attribute('ReadOnly', 'true'), EndTime: new Date(), NextToken: token })).rejects.toMatchObject(invalid);
    await expect(lookup({ ...attribute('ReadOnly', 'true'), NextToken: token }, { account: '100000000001' })).rejects.toMatchObject(invalid);
    await expect(lookup({ ...attribute('ReadOnly', 'true'), NextToken: token }, { tokenKey: Buffer.alloc(32, 8) })).rejects.toMatchObject(invalid);
    for (let index = 0; index < token.length; index++) {
      const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
      await expect(lookup({ ...attribute('ReadOnly', 'true'), NextToken: changed })).rejects.toMatchObject(invalid);
    }
  });

  it('answers nothing for insight events, of which there are none', async () => {
    expect(await lookup({ EventCategory: 'insight' })).toEqual({ Events: [] });
  });
});
