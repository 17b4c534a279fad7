import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { rmSync } from 'node:fs';
import { enableDevice, type EnabledDevice } from '../support/mfa.ts';
import { accountId, allow, createAdministrator, createUser, startServer, temporaryDirectory, trust, type TestServer } from '../support/server.ts';
import { processTestMsMax, startServerProcess } from '../support/server-process.ts';
import { SignedClient, credentialsIn, type Answer } from '../support/signed-client.ts';

jest.setTimeout(processTestMsMax);

let server: TestServer;
let admin: SignedClient;
let bob: SignedClient;
let devices = 0;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  const present = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  const young = { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } };
  bob = await createUser(admin, 'Bob', allow('iam:ListUsers', '*', present), allow('iam:ListRoles', '*', young), allow('sts:AssumeRole'));
});
afterAll(() => server.stop());

/** A device of Bob's with a code that is left: the quota is eight, so the one before is taken away. */
let before: EnabledDevice | undefined;
async function newDevice(): Promise<EnabledDevice> {
  if (before !== undefined) await admin.iam('DeactivateMFADevice', { UserName: 'Bob', SerialNumber: before.SerialNumber });
  before = await enableDevice(admin, 'Bob', `phone-${++devices}`);
  return before;
}

const sessionIn = (answer: Answer): SignedClient => bob.as(credentialsIn(answer));
const wrongCode = 'MultiFactorAuthentication failed with invalid MFA one time pass code.';

/** A role that everybody in the account may assume who gives a code. */
async function guardedRole(RoleName: string, ...actions: string[]): Promise<string> {
  const condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
  await admin.mustIam('CreateRole', { RoleName, AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:root`, { condition }) });
  const statements = [allow(actions), allow('iam:ListGroups', '*', condition)];
  await admin.mustIam('PutRolePolicy', {
    RoleName,
    PolicyName: 'own',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  });
  return `arn:aws:iam::${accountId}:role/${RoleName}`;
}

describe('a session of GetSessionToken', () => {
  it('has proven presence where a code came with the call, and not otherwise', async () => {
    const device = await newDevice();
    expect((await bob.iam('ListUsers')).code).toBe('AccessDenied');
    const without = sessionIn(await bob.sts('GetSessionToken'));
    expect(await without.iam('ListUsers')).toMatchObject({ code: 'AccessDenied', message: expect.stringContaining('without MFA') });
    const issued = await bob.sts('GetSessionToken', device.code());
    expect(issued.status).toBe(200);
    expect((await sessionIn(issued).iam('ListUsers')).status).toBe(200);
    expect((await sessionIn(issued).iam('ListRoles')).status).toBe(200);
  });

  it('is given for a code once, also when two ask at the same time', async () => {
    const device = await newDevice();
    const answers = await Promise.all(Array.from({ length: 4 }, () => bob.sts('GetSessionToken', device.code())));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403]);
    expect(answers.filter(({ status }) => status === 403).map(({ code, message }) => [code, message])).toEqual(
      Array(3).fill(['AccessDenied', wrongCode]),
    );
    expect(await bob.sts('GetSessionToken', device.code())).toMatchObject({ status: 403, message: wrongCode });
  });

  it('ends with the device that it was proven with', async () => {
    const device = await newDevice();
    const session = sessionIn(await bob.sts('GetSessionToken', device.code()));
    expect((await session.iam('ListUsers')).status).toBe(200);
    await admin.mustIam('DeactivateMFADevice', { UserName: 'Bob', SerialNumber: device.SerialNumber });
    expect(await session.iam('ListUsers')).toMatchObject({ status: 403, code: 'InvalidClientTokenId' });
    expect((await session.sts('GetCallerIdentity')).code).toBe('InvalidClientTokenId');
  });

  it('is recorded as proven, without the code', async () => {
    const device = await newDevice();
    const given = device.code();
    await sessionIn(await bob.sts('GetSessionToken', given)).iam('ListUsers');
    const records = async (AttributeValue: string) => {
      const { Events } = (await admin.cloudTrail('LookupEvents', { LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue }] })).json();
      return (Events as { CloudTrailEvent: string }[]).map(({ CloudTrailEvent }) => JSON.parse(CloudTrailEvent) as Record<string, never>);
    };
    const [issued] = await records('GetSessionToken');
    expect(issued).toMatchObject({ requestParameters: { serialNumber: device.SerialNumber, tokenCode: 'HIDDEN_DUE_TO_SECURITY_REASONS' } });
    expect((await records('ListUsers'))[0]).toMatchObject({ userIdentity: { sessionContext: { attributes: { mfaAuthenticated: 'true' } } } });
    expect((await records('MFACodeUsed'))[0]).toMatchObject({
      eventType: 'AwsServiceEvent',
      requestParameters: { serialNumber: device.SerialNumber },
    });
    expect(JSON.stringify(await records('EnableMFADevice'))).toContain('HIDDEN_DUE_TO_SECURITY_REASONS');
  });

  it('is refused for five minutes after five wrong codes', async () => {
    const device = await newDevice();
    const { SerialNumber, TokenCode } = device.code();
    const wrong = { SerialNumber, TokenCode: String((Number(TokenCode) + 1) % 1_000_000).padStart(6, '0') };
    for (let time = 0; time < 5; time++) expect(await bob.sts('GetSessionToken', wrong)).toMatchObject({ code: 'AccessDenied', message: wrongCode });
    expect(await bob.sts('GetSessionToken', device.code())).toMatchObject({ code: 'AccessDenied', message: expect.stringContaining('too many') });
  });

  it('can be root’s', async () => {
    const root = server.client(server.root);
    const made = await enableDevice(root, accountId, 'root');
    const session = await root.sts('GetSessionToken', made.code());
    expect(session.status).toBe(200);
    const signed = root.as(credentialsIn(session));
    expect((await signed.iam('ListMFADevices')).value('SerialNumber')).toBe(made.SerialNumber);
    expect((await root.mustIam('GetAccountSummary')).body).toMatch(/AccountMFAEnabled<\/key>\s*<value>1</);
    await root.mustIam('DeactivateMFADevice', { SerialNumber: made.SerialNumber });
    expect((await signed.iam('ListMFADevices')).code).toBe('InvalidClientTokenId');
  });
});

describe('a role whose trust policy asks for MFA', () => {
  it('is assumed with a code; its session does not tell of it', async () => {
    const RoleArn = await guardedRole('Guarded', 'iam:ListRoles');
    const device = await newDevice();
    const call = { RoleArn, RoleSessionName: 'bob' };
    expect((await bob.sts('AssumeRole', call)).code).toBe('AccessDenied');
    const session = sessionIn(await bob.sts('AssumeRole', { ...call, ...device.code() }));
    expect((await session.iam('ListRoles')).status).toBe(200);
    expect((await session.iam('ListGroups')).code).toBe('AccessDenied');
    await admin.mustIam('DeactivateMFADevice', { UserName: 'Bob', SerialNumber: device.SerialNumber });
    expect((await session.iam('ListRoles')).code).toBe('InvalidClientTokenId');
  });

  it('is assumed by a session that has proven presence', async () => {
    const RoleArn = await guardedRole('AlsoGuarded', 'iam:ListRoles');
    const device = await newDevice();
    const session = sessionIn(await bob.sts('GetSessionToken', device.code()));
    const role = sessionIn(await session.sts('AssumeRole', { RoleArn, RoleSessionName: 'bob' }));
    expect((await role.iam('ListRoles')).status).toBe(200);
    await admin.mustIam('DeactivateMFADevice', { UserName: 'Bob', SerialNumber: device.SerialNumber });
    expect((await role.iam('ListRoles')).code).toBe('InvalidClientTokenId');
  });

  it('costs who may not assume it no code', async () => {
    await guardedRole('Other', 'iam:ListRoles');
    await admin.mustIam('CreateRole', { RoleName: 'Closed', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:user/admin`) });
    const device = await newDevice();
    const call = { RoleSessionName: 'bob', ...device.code() };
    expect((await bob.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/Closed`, ...call })).code).toBe('AccessDenied');
    expect((await bob.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/Other`, ...call })).status).toBe(200);
  });

  it('can be in another account; the code is spent where the device is', async () => {
    const { AccountId, RootAccessKey } = (await admin.ledger('create-account', { AccountName: 'other' })).json() as {
      AccountId?: string;
      Account?: { AccountId: string };
      RootAccessKey: { AccessKeyId: string; SecretAccessKey: string };
    };
    const there = server.client({ accessKeyId: RootAccessKey.AccessKeyId, secretAccessKey: RootAccessKey.SecretAccessKey });
    const other = (await there.sts('GetCallerIdentity')).value('Account') ?? AccountId!;
    const condition = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    await there.mustIam('CreateRole', { RoleName: 'Far', AssumeRolePolicyDocument: trust(`arn:aws:iam::${accountId}:user/Bob`, { condition }) });
    await there.mustIam('PutRolePolicy', {
      RoleName: 'Far',
      PolicyName: 'own',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [allow('iam:ListRoles')] }),
    });
    const device = await newDevice();
    const call = { RoleArn: `arn:aws:iam::${other}:role/Far`, RoleSessionName: 'bob' };
    expect((await bob.sts('AssumeRole', call)).code).toBe('AccessDenied');
    const session = sessionIn(await bob.sts('AssumeRole', { ...call, ...device.code() }));
    expect((await session.iam('ListRoles')).status).toBe(200);
    expect(await bob.sts('AssumeRole', { ...call, ...device.code() })).toMatchObject({ code: 'AccessDenied', message: wrongCode });
    await admin.mustIam('DeactivateMFADevice', { UserName: 'Bob', SerialNumber: device.SerialNumber });
    expect((await session.iam('ListRoles')).code).toBe('InvalidClientTokenId');
  });
});

it('a used code stays used, and a session of a removed device stays refused, after a kill -9 and a restart', async () => {
  const directory = temporaryDirectory();
  let running = await startServerProcess({ directory });
  try {
    const administrator = await createAdministrator(new SignedClient(running.url, running.root!)); // the first start
    const client = new SignedClient(running.url, administrator);
    const eve = (await createUser(client, 'Eve', allow('iam:ListUsers'))).credentials;
    const [first, second] = [await enableDevice(client, 'Eve', 'first'), await enableDevice(client, 'Eve', 'second')];
    const issued = await Promise.all([first, second].map((device) => new SignedClient(running.url, eve).sts('GetSessionToken', device.code())));
    const [kept, ended] = issued.map(credentialsIn);
    await client.mustIam('DeactivateMFADevice', { UserName: 'Eve', SerialNumber: second.SerialNumber });
    await running.kill('SIGKILL');
    running = await startServerProcess({ directory });
    expect(await new SignedClient(running.url, eve).sts('GetSessionToken', first.code())).toMatchObject({ code: 'AccessDenied', message: wrongCode });
    expect((await new SignedClient(running.url, kept!).iam('ListUsers')).status).toBe(200);
    expect((await new SignedClient(running.url, ended!).iam('ListUsers')).code).toBe('InvalidClientTokenId');
  } finally {
    await running.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
});
