import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, allow, createUser, startServer, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';

/** The policy for auditors in the documentation: it reads everything and changes nothing. */
const documentation = readFileSync(new URL('../../docs/json-api.md', import.meta.url), 'utf8');
const { Statement } = JSON.parse(/```json\n([^]*?)```/.exec(documentation.slice(documentation.indexOf('## An auditor')))![1]!) as {
  Statement: object[];
}; // it is there

let server: TestServer;
let admin: SignedClient;
let auditor: SignedClient;
beforeAll(async () => {
  server = await startServer({ settings: { IAM_LEDGER_ACTIVITY_RECORD_READS: 'false' } });
  admin = await server.admin();
  auditor = await createUser(admin, 'auditor', ...Statement);
  await createUser(admin, 'alice');
});
afterAll(() => server.stop());

interface Found {
  readonly Events: readonly {
    readonly EventTypes: readonly string[];
    readonly Record?: { readonly eventName: string; readonly requestParameters: Record<string, unknown> | null };
    readonly Ocsf?: Record<string, unknown>;
  }[];
}
const searched = async (input: object): Promise<Found['Events']> => {
  const { status, body } = await auditor.ledger('search-audit', input as Record<string, unknown>);
  expect([status, body.slice(0, 200)]).toEqual([200, expect.any(String)]);
  return (JSON.parse(body) as Found).Events;
};

describe('an auditor', () => {
  it('may read everything and change nothing', async () => {
    const alice = `arn:aws:iam::${accountId}:user/alice`;
    for (const [operation, input] of [
      ['get-state', {}],
      ['search-audit', {}],
      ['explain-access', { PrincipalArn: alice, Action: 'iam:GetUser' }],
      ['diff-account', { From: 0 }],
      ['report-credentials', {}],
      ['who-can', { Action: 'iam:CreateUser' }],
    ] as const) {
      expect([operation, (await auditor.ledger(operation, input)).status]).toEqual([operation, 200]);
    }
    expect((await auditor.iam('GetAccountAuthorizationDetails')).status).toBe(200);
    expect((await auditor.cloudTrail('LookupEvents', {})).status).toBe(200);
    for (const [action, input] of [
      ['CreateUser', { UserName: 'mallory' }],
      ['DeleteUser', { UserName: 'alice' }],
      ['AttachUserPolicy', { UserName: 'auditor', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }],
    ] as const) {
      expect(await auditor.iam(action, input)).toMatchObject({ status: 403, code: 'AccessDenied' });
    }
  });

  it('leaves a trace of every look into the history, also where reads are not recorded', async () => {
    await searched({ EventName: ['DeleteUser'], Text: 'trace' });
    await auditor.iam('ListUsers');
    await server.parts.activity.flush();
    const own = await searched({ Actor: ['auditor'] });
    expect(own.map(({ Record }) => Record?.eventName)).toContain('SearchAudit');
    expect(own.map(({ Record }) => Record?.eventName)).not.toContain('ListUsers');
    expect(own.find(({ Record }) => Record?.requestParameters?.['text'] === 'trace')?.Record?.requestParameters).toMatchObject({
      eventName: ['DeleteUser'],
    });
    expect(own.map(({ Record }) => Record?.eventName)).toEqual(
      expect.arrayContaining(['LookupEvents', 'ExplainAccess', 'DiffAccount', 'ReportCredentials']),
    );
  });

  it('finds calls by the field that they changed', async () => {
    await admin.mustIam('TagUser', { UserName: 'alice', Tags: [{ Key: 'team', Value: 'blue' }] });
    const found = await searched({ ChangedField: ['tags'], Resource: ['alice'] });
    expect(found.map(({ EventTypes }) => EventTypes)).toEqual([['UserTagged']]);
    expect(await searched({ ChangedField: ['permissionsBoundary'] })).toEqual([]);
    expect(await auditor.ledger('search-audit', { ChangedField: ['shoeSize'] })).toMatchObject({ status: 400, code: 'ValidationError' });
  });

  it('may take the history as OCSF events', async () => {
    const [event] = await searched({ EventName: ['TagUser'], Form: 'ocsf' });
    expect(event?.Record).toBeUndefined();
    expect(event?.Ocsf).toMatchObject({ class_uid: 3004, activity_id: 3, entity: { type: 'User', name: 'alice' } });
  });
});

describe('a chain of sessions', () => {
  it('resolves to the user who began it, whatever role a call was made in', async () => {
    const user = await createUser(admin, 'carol', allow('sts:AssumeRole'));
    const trusting = (arn: string): string =>
      JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: arn }, Action: 'sts:AssumeRole' }] });
    await admin.mustIam('CreateRole', { RoleName: 'first', AssumeRolePolicyDocument: trusting(`arn:aws:iam::${accountId}:user/carol`) });
    await admin.mustIam('PutRolePolicy', {
      RoleName: 'first',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [allow('sts:AssumeRole')] }),
    });
    await admin.mustIam('CreateRole', { RoleName: 'second', AssumeRolePolicyDocument: trusting(`arn:aws:iam::${accountId}:role/first`) });
    await admin.mustIam('PutRolePolicy', {
      RoleName: 'second',
      PolicyName: 'p',
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [allow('iam:*')] }),
    });
    const assume = async (client: SignedClient, role: string): Promise<SignedClient> => {
      const answer = await client.sts('AssumeRole', { RoleArn: `arn:aws:iam::${accountId}:role/${role}`, RoleSessionName: 'run' });
      expect([role, answer.status]).toEqual([role, 200]);
      return client.as({
        accessKeyId: answer.value('AccessKeyId')!, // a success has them
        secretAccessKey: answer.value('SecretAccessKey')!,
        sessionToken: answer.value('SessionToken')!,
      });
    };
    const session = await assume(await assume(user, 'first'), 'second');
    await session.mustIam('TagUser', { UserName: 'alice', Tags: [{ Key: 'by', Value: 'session' }] });
    const found = await searched({ SessionRoot: [`arn:aws:iam::${accountId}:user/carol`], EventName: ['TagUser'] });
    expect(found).toMatchObject([{ SessionRoot: `arn:aws:iam::${accountId}:user/carol`, SessionChain: [expect.any(String), expect.any(String)] }]);
    const { Changes } = (await auditor.ledger('diff-account', { From: 0, Entity: 'user/alice', Levels: ['entity'] })).json() as {
      Changes: { Item: string; Event: { SessionRoot: string; Actor: string } }[];
    };
    expect(Changes.find(({ Item }) => Item === 'tag/by')?.Event).toMatchObject({
      Actor: `arn:aws:sts::${accountId}:assumed-role/second/run`,
      SessionRoot: `arn:aws:iam::${accountId}:user/carol`,
    });
  });
});
