import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteLedger, type RecordedEvent } from '../../libs/ledger/index.ts';
import { createAdministrator, policyOf, allow, temporaryDirectory } from '../support/server.ts';
import { processTestMsMax, startServerProcess, type ServerProcess } from '../support/server-process.ts';
import { SignedClient, credentialsIn, type TestCredentials } from '../support/signed-client.ts';

jest.setTimeout(processTestMsMax);

const directory = temporaryDirectory();
let running: ServerProcess;
let admin: TestCredentials;
afterAll(async () => {
  await running.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

const clientOf = (credentials: TestCredentials): SignedClient => new SignedClient(running.url, credentials);

/** Pulls the plug on the process and starts another on what it left. */
async function killAndRestart(): Promise<void> {
  expect(await running.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  running = await startServerProcess({ directory });
}

/** The events of the log, of a server that has ended. */
async function eventsOnDisk(): Promise<RecordedEvent[]> {
  const ledger = await openSqliteLedger({ directory: join(directory, 'ledger') });
  const found: RecordedEvent[] = [];
  ledger.replay({ onEvents: (events) => void found.push(...events) });
  await ledger.close();
  return found;
}

describe('one operation on its way through the whole house', () => {
  it('starts with root, who makes an administrator', async () => {
    running = await startServerProcess({ directory });
    expect(running.root).toBeDefined();
    admin = await createAdministrator(clientOf(running.root!)); // just seen
    expect((await clientOf(admin).sts('GetCallerIdentity')).value('Arn')).toBe('arn:aws:iam::000000000001:user/admin');
  });

  it('is answered, recorded, looked back at, and still there after a kill -9 and a restart', async () => {
    const client = clientOf(admin);
    const before = Number((await client.mustIam('ListUsers')).headers['x-iam-ledger-position']);
    const created = await client.mustIam('CreateUser', { UserName: 'Alice', Path: '/staff/', Tags: [{ Key: 'team', Value: 'blue' }] });
    const position = Number(created.headers['x-iam-ledger-position']);
    const requestId = created.value('RequestId');
    expect(created.value('Arn')).toBe('arn:aws:iam::000000000001:user/staff/Alice');
    expect(position).toBeGreaterThan(before);

    const looked = (
      await client.cloudTrail('LookupEvents', { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateUser' }], MaxResults: 1 })
    ).json();
    const record = JSON.parse((looked['Events'] as { CloudTrailEvent: string }[])[0]!.CloudTrailEvent) as Record<string, unknown>; // asked for one
    expect(record).toMatchObject({
      eventName: 'CreateUser',
      eventSource: 'iam.amazonaws.com',
      requestID: requestId,
      userIdentity: { type: 'IAMUser', userName: 'admin', accessKeyId: admin.accessKeyId },
      requestParameters: { userName: 'Alice', path: '/staff/' },
      recipientAccountId: '000000000001',
    });
    const searched = (await client.ledger('search-audit', { EventName: ['CreateUser'], Resource: ['Alice'] })).json();
    expect(searched['Events']).toMatchObject([{ Position: position, EventTypes: ['UserCreated'], Record: { requestID: requestId } }]);

    const then = client.with({ headers: { 'x-iam-ledger-as-of': String(position - 1) } });
    expect((await then.iam('GetUser', { UserName: 'Alice' })).code).toBe('NoSuchEntity');
    const now = await client.mustIam('GetUser', { UserName: 'alice' });

    await killAndRestart();
    const again = clientOf(admin);
    expect((await again.mustIam('GetUser', { UserName: 'ALICE' })).values('UserId')).toEqual(now.values('UserId'));
    const thenAgain = again.with({ headers: { 'x-iam-ledger-as-of': String(position) } });
    expect((await thenAgain.mustIam('GetUser', { UserName: 'Alice' })).value('CreateDate')).toBe(now.value('CreateDate'));
    expect((await again.ledger('search-audit', { EventName: ['CreateUser'], Resource: ['Alice'] })).json()['Events']).toEqual(searched['Events']);

    await running.kill('SIGKILL');
    const events = await eventsOnDisk();
    const event = events[position - 1]!; // positions have no gap
    expect(event).toMatchObject({
      type: 'UserCreated',
      position,
      stream: 'account-000000000001',
      data: { userName: 'Alice', path: '/staff/' },
      metadata: { requestId },
    });
    expect(events.map((each) => each.position)).toEqual(events.map((_, index) => index + 1));
    running = await startServerProcess({ directory });
  });
});

describe('a request that is sent twice', () => {
  it('runs once and gets the same answer, the secret of a new key included, also after a kill -9', async () => {
    const client = clientOf(admin);
    const request = client.signedForm('iam', 'CreateAccessKey', { UserName: 'Alice' });
    const first = await client.send(request);
    const second = await client.send(request);
    await killAndRestart();
    const third = await clientOf(admin).send({ ...request, headers: { ...request.headers } });
    expect([first, second, third].map((answer) => [answer.status, answer.value('AccessKeyId'), answer.value('SecretAccessKey')])).toEqual(
      Array.from({ length: 3 }, () => [200, first.value('AccessKeyId'), first.value('SecretAccessKey')]),
    );
    expect((await clientOf(admin).mustIam('ListAccessKeys', { UserName: 'Alice' })).values('AccessKeyId')).toEqual([first.value('AccessKeyId')]);
  });

  it('runs twice where it is two calls: the signed invocation id tells them apart', async () => {
    const client = clientOf(admin);
    expect((await client.iam('CreateUser', { UserName: 'Once' })).status).toBe(200);
    expect((await client.iam('CreateUser', { UserName: 'Once' })).code).toBe('EntityAlreadyExists');
  });

  it('runs once where both are under way at the same time', async () => {
    const client = clientOf(admin);
    const request = client.signedForm('iam', 'CreateUser', { UserName: 'Twin' });
    const answers = await Promise.all([client.send(request), client.send(request), client.send(request)]);
    expect(new Set(answers.map((answer) => answer.value('UserId'))).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe('two who want the same name', () => {
  it('are told apart: one has it, the other is refused, whatever the case of its letters', async () => {
    const client = clientOf(admin);
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all([
        client.iam('CreateUser', { UserName: `Bob${round}` }),
        client.iam('CreateUser', { UserName: `bob${round}` }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)?.code).toBe('EntityAlreadyExists');
    }
  });
});

describe('a key that was revoked', () => {
  it('is refused from the next request on, 200 times in a row', async () => {
    const client = clientOf(admin);
    await client.mustIam('CreateUser', { UserName: 'Fleeting' });
    const outcomes = new Set<string>();
    for (let round = 0; round < 200; round += 1) {
      const key = credentialsIn(await client.mustIam('CreateAccessKey', { UserName: 'Fleeting' }));
      const owner = clientOf(key);
      const before = await owner.sts('GetCallerIdentity');
      await client.mustIam('DeleteAccessKey', { UserName: 'Fleeting', AccessKeyId: key.accessKeyId });
      const after = await owner.sts('GetCallerIdentity');
      owner.close();
      outcomes.add(`${before.status} ${after.status} ${after.code}`);
    }
    expect([...outcomes]).toEqual(['200 403 InvalidClientTokenId']);
  });

  it('stays refused after a restart, deleted or inactive; and its owner’s session ends with him', async () => {
    const client = clientOf(admin);
    await client.mustIam('CreateUser', { UserName: 'Gone' });
    await client.mustIam('PutUserPolicy', { UserName: 'Gone', PolicyName: 'all', PolicyDocument: policyOf(allow('*')) });
    const [deleted, inactive] = [
      credentialsIn(await client.mustIam('CreateAccessKey', { UserName: 'Gone' })),
      credentialsIn(await client.mustIam('CreateAccessKey', { UserName: 'Gone' })),
    ];
    const session = credentialsIn(await clientOf(inactive).sts('GetSessionToken'));
    expect((await clientOf(session).sts('GetCallerIdentity')).status).toBe(200);
    await client.mustIam('DeleteAccessKey', { UserName: 'Gone', AccessKeyId: deleted.accessKeyId });
    await client.mustIam('UpdateAccessKey', { UserName: 'Gone', AccessKeyId: inactive.accessKeyId, Status: 'Inactive' });
    await killAndRestart();
    for (const key of [deleted, inactive]) expect((await clientOf(key).sts('GetCallerIdentity')).code).toBe('InvalidClientTokenId');
    const again = clientOf(admin);
    await again.mustIam('DeleteAccessKey', { UserName: 'Gone', AccessKeyId: inactive.accessKeyId });
    await again.mustIam('DeleteUserPolicy', { UserName: 'Gone', PolicyName: 'all' });
    await again.mustIam('DeleteUser', { UserName: 'Gone' });
    expect((await clientOf(session).sts('GetCallerIdentity')).code).toBe('InvalidClientTokenId');
    await again.mustIam('CreateUser', { UserName: 'Gone' });
    expect((await clientOf(session).sts('GetCallerIdentity')).code).toBe('InvalidClientTokenId');
  });
});
