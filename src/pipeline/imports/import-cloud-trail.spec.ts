import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openMemoryLedger, type Ledger } from '../../../libs/ledger/index.ts';
import { importHouse, importedEvents, managementAccountId, type ImportHouse, type TrailRecord } from '../../../test/support/imports.ts';
import { dumpAccount } from '../../iam/account-dump.ts';
import { emptyAccount } from '../../iam/account.ts';
import type { CallMetadata } from '../../iam/call-metadata.ts';

const accountId = '111122223333';
const userIdentity = {
  type: 'IAMUser',
  principalId: 'AIDAADMIN',
  arn: `arn:aws:iam::${accountId}:user/admin`,
  accountId,
  userName: 'admin',
  accessKeyId: 'AKIAADMIN',
};
let count = 0;

function trail(eventTime: string, eventName: string, requestParameters: object | null, more: object = {}): TrailRecord {
  const eventID = `${String(++count).padStart(8, '0')}-0000-4000-8000-000000000000`;
  return {
    eventVersion: '1.08',
    userIdentity,
    eventTime,
    eventSource: 'iam.amazonaws.com',
    eventName,
    awsRegion: 'us-east-1',
    sourceIPAddress: '192.0.2.1',
    userAgent: 'test',
    requestParameters,
    responseElements: null,
    requestID: `request-${count}`,
    eventID,
    readOnly: false,
    eventType: 'AwsApiCall',
    recipientAccountId: accountId,
    ...more,
  };
}

const createUser = (eventTime: string, userName: string, more: object = {}): TrailRecord =>
  trail(
    eventTime,
    'CreateUser',
    { userName },
    {
      responseElements: { user: { userName, userId: `AIDA${userName.toUpperCase()}`, arn: `arn:aws:iam::${accountId}:user/${userName}`, path: '/' } },
      ...more,
    },
  );
const tagUser = (eventTime: string, userName: string, value: string): TrailRecord =>
  trail(eventTime, 'TagUser', { userName, tags: [{ key: 'team', value }] });

let house: ImportHouse;
beforeEach(async () => {
  house = await importHouse();
});
afterEach(() => house.close());

describe('records', () => {
  it('that come twice, in one import or in two, are written once', async () => {
    const records = [createUser('2025-01-01T00:00:00Z', 'alice'), trail('2025-01-01T00:00:01Z', 'ListUsers', null, { readOnly: true })];
    expect(await house.importParts([records, records])).toMatchObject({ Imported: 2, Duplicates: 2 });
    expect(await house.importParts([records])).toMatchObject({ Imported: 0, Duplicates: 2, Gaps: [] });
    expect(await importedEvents(house.ledger, accountId)).toHaveLength(2);
  });

  it('of one eventID that contradict each other are told, and the same one is taken in any order', async () => {
    const record = createUser('2025-01-01T00:00:00Z', 'alice');
    const other = { ...record, sourceIPAddress: '198.51.100.1' };
    const twin = await importHouse();
    const [report, reportOfTwin] = [await house.importParts([[record], [other]]), await twin.importParts([[other], [record]])];
    twin.close();
    expect(report.Gaps).toMatchObject([{ EventID: record['eventID'], Missing: expect.stringContaining('different records with this eventID') }]);
    expect(reportOfTwin.Gaps).toEqual(report.Gaps);
    expect(await importedEvents(twin.ledger, accountId)).toEqual(await importedEvents(house.ledger, accountId));
  });

  it('without a requestID, an eventID or a type of the identity are taken, each once', async () => {
    const {
      eventID: _id,
      requestID: _request,
      ...bare
    } = trail('2025-01-01T00:00:00Z', 'Decrypt', null, { eventSource: 'kms.amazonaws.com', userIdentity: { accountId } });
    expect(await house.importParts([[bare]])).toMatchObject({ Imported: 1 });
    expect(await house.importParts([[Object.fromEntries(Object.entries(bare).reverse())]])).toMatchObject({ Imported: 0, Duplicates: 1 });
    const [event] = await importedEvents(house.ledger, accountId);
    expect(event).toMatchObject({
      type: 'ActivityImported',
      stream: `activity-${accountId}`,
      time: '2025-01-01T00:00:00.000Z',
      metadata: { actor: { type: 'Unknown', accountId }, importedRecord: bare },
    });
  });

  it('can not bring in what only this server says of a session', async () => {
    const sessionContext = {
      sessionRoot: 'arn:aws:iam::111122223333:user/innocent',
      sessionChain: ['x'],
      sessionIssuer: { type: 'Role', principalId: 'AROA1', arn: 'arn:aws:iam::111122223333:role/r', accountId, userName: 'r' },
    };
    await house.importParts([[trail('2025-01-01T00:00:00Z', 'ListUsers', null, { userIdentity: { ...userIdentity, sessionContext, arn: 7 } })]]);
    const [event] = await importedEvents(house.ledger, accountId);
    const { actor } = event!.metadata as CallMetadata; // one was imported
    expect(actor).not.toHaveProperty('arn');
    expect(actor.sessionContext).toEqual({ sessionIssuer: sessionContext.sessionIssuer });
  });

  it.each([
    ['is of the future', { eventTime: '2027-01-01T00:00:00Z' }, 'eventTime has not come yet'],
    ['has no time', { eventTime: undefined }, 'eventTime must be a text'],
    ['is larger than the log takes', { requestParameters: { x: 'x'.repeat(400_000) } }, 'it has more than 327680 bytes'],
  ])('are refused with their file and place where one %s, and nothing is imported', async (_what, change, message) => {
    const ImportId = randomUUID();
    const Records = [createUser('2025-01-01T00:00:00Z', 'alice'), { ...createUser('2025-01-01T00:00:00Z', 'bob'), ...change }];
    await expect(house.run({ ImportId, Records, File: 'a.json' })).rejects.toThrow(`Record 1 of a.json can not be imported: ${message}`);
    expect(await house.run({ ImportId, Finish: true })).toMatchObject({ Imported: 0, Accounts: [] });
  });
});

describe('the state', () => {
  it('takes no change that failed, and of what is not part of it only a note in the report', async () => {
    const records = [
      createUser('2025-01-01T00:00:00Z', 'alice', { errorCode: 'AccessDenied', responseElements: null }),
      trail('2025-01-01T00:00:01Z', 'CreateVirtualMFADevice', { virtualMFADeviceName: 'm' }),
    ];
    expect(await house.importParts([records])).toMatchObject({
      Imported: 2,
      Gaps: [],
      NotFolded: [{ EventName: 'CreateVirtualMFADevice', Reason: 'not part of the state', Records: 1 }],
    });
    expect(house.account(accountId).users.size).toBe(0);
  });

  it('is not touched by a record that lacks what came before; the record stands in the history', async () => {
    const { Gaps } = await house.importParts([[trail('2025-01-01T00:00:00Z', 'DeleteUser', { userName: 'ghost' })]]);
    expect(Gaps).toMatchObject([{ EventName: 'DeleteUser', EventTime: '2025-01-01T00:00:00Z', Missing: 'CreateUser of user ghost' }]);
    expect(await importedEvents(house.ledger, accountId)).toMatchObject([
      { type: 'ActivityImported', metadata: { importedGaps: ['CreateUser of user ghost'] } },
    ]);
  });

  it('is not set back by a record that arrives after a later change of the same user', async () => {
    await house.importParts([[createUser('2025-01-01T00:00:00Z', 'alice'), tagUser('2025-01-03T00:00:00Z', 'alice', 'new')]]);
    expect(await house.importParts([[tagUser('2025-01-02T00:00:00Z', 'alice', 'old')]])).toMatchObject({
      Imported: 1,
      NotFolded: [{ EventName: 'TagUser', Reason: 'older than a change that is known', Records: 1 }],
    });
    expect(house.account(accountId).users.get('alice')?.tags).toEqual([{ Key: 'team', Value: 'new' }]);
  });

  it('goes on in time where the account is older than the records: times never go back', async () => {
    const before = house.account(managementAccountId).time;
    await house.importParts([[createUser('2025-01-01T00:00:00Z', 'alice')]], { AccountId: managementAccountId });
    const { time, users } = house.account(managementAccountId);
    expect([time, users.get('alice')?.importedArn]).toEqual([before, `arn:aws:iam::${accountId}:user/alice`]);
  });
});

describe('accounts', () => {
  const elsewhere = { recipientAccountId: '444455556666' };

  it('get the records that are theirs, and are made where they are not here yet', async () => {
    const report = await house.importParts([[createUser('2025-01-01T00:00:00Z', 'alice'), createUser('2025-01-02T00:00:00Z', 'bob', elsewhere)]]);
    expect(report.Accounts).toMatchObject([
      { AccountId: accountId, Imported: 1, RootAccessKey: { AccessKeyId: expect.stringMatching(/^AKIA/) } },
      { AccountId: '444455556666', Imported: 1 },
    ]);
    expect([house.account(accountId), house.account('444455556666')].map(({ openedAt, users }) => [openedAt, [...users.keys()]])).toEqual([
      ['2024-12-31T23:59:59.000Z', ['alice']],
      ['2025-01-01T23:59:59.000Z', ['bob']],
    ]);
  });

  it('are open to nobody but themselves and the management account, and a refusal writes nothing', async () => {
    await house.importParts([[createUser('2025-01-01T00:00:00Z', 'alice')]]);
    const before = house.ledger.head();
    const parts = [[createUser('2025-01-01T00:00:00Z', 'carol'), createUser('2025-01-02T00:00:00Z', 'bob', elsewhere)]];
    await expect(house.importParts(parts, { callerAccountId: accountId })).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(house.ledger.head()).toBe(before);
  });
});

it('keeps the parts of a caller from the others, and no parts once an import is finished', async () => {
  await house.importParts([[createUser('2025-01-01T00:00:00Z', 'alice')]]);
  const ImportId = randomUUID();
  await house.run({ ImportId, Records: [tagUser('2025-01-02T00:00:00Z', 'alice', 'a')] });
  expect(await house.run({ ImportId, Finish: true }, accountId)).toMatchObject({ Imported: 0 });
  expect(await house.run({ ImportId, Finish: true })).toMatchObject({ Imported: 1 });
  expect(readdirSync(`${house.directory}/${managementAccountId}`)).toEqual([]);
});

it('takes a part that was received before a restart of the server', async () => {
  const ImportId = randomUUID();
  await house.run({ ImportId, Records: [createUser('2025-01-01T00:00:00Z', 'alice')], File: 'a' });
  const restarted = await importHouse(house.ledger, { directory: house.directory });
  await restarted.run({ ImportId, Records: [tagUser('2025-01-01T00:00:00Z', 'alice', 'a')], File: 'b' });
  expect(await restarted.run({ ImportId, Finish: true })).toMatchObject({ Imported: 2, Gaps: [] });
});

describe('an import that ended in the middle', () => {
  const records = (): TrailRecord[] => {
    count = 5000;
    return [
      createUser('2025-01-01T00:00:00Z', 'alice'),
      trail('2025-01-01T00:00:01Z', 'DeleteUser', { userName: 'ghost' }),
      trail('2025-01-01T00:00:02Z', 'ListUsers', null, { readOnly: true }),
      tagUser('2025-01-01T00:00:03Z', 'alice', 'one'),
      createUser('2025-01-01T00:00:03Z', 'bob'),
      trail('2025-01-01T00:00:04Z', 'DeleteUser', { userName: 'alice' }),
    ];
  };

  it.each([1, 2, 3, 4])('is completed by running it again, with the report of the whole (append %i fails)', async (fails) => {
    const whole = await house.importParts([records()]);
    const ledger = openMemoryLedger();
    const broken = await importHouse(failingAt(ledger, fails));
    await expect(broken.importParts([records()])).rejects.toThrow('power cut');
    broken.close();
    const again = await importHouse(ledger);
    const report = await again.importParts([records()]);
    again.close();
    expect(report.Imported + report.Duplicates).toBe(6);
    expect(report.Gaps).toEqual(whole.Gaps);
    const [given, expected] = await Promise.all([ledger, house.ledger].map((each) => importedEvents(each, accountId)));
    expect(given!.map(({ id, type, time }) => [id, type, time])).toEqual(expected!.map(({ id, type, time }) => [id, type, time]));
    expect(usersOf(again)).toBe(usersOf(house));
  });
});

const usersOf = (of: ImportHouse): string => dumpAccount({ ...emptyAccount(accountId), users: of.account(accountId).users });

/** The ledger, whose `fails`-th append of imported events is the last thing that never happened. */
function failingAt(ledger: Ledger, fails: number): Ledger {
  let appends = 0;
  return new Proxy(ledger, {
    get(target, name) {
      if (name !== 'append') return Reflect.get(target, name) as unknown;
      return async (...args: Parameters<Ledger['append']>) => {
        const isImported = args[2].some((event) => (event.metadata as CallMetadata).importedRecord !== undefined);
        if (isImported && ++appends >= fails) throw new Error('power cut');
        return target.append(...args);
      };
    },
  });
}
