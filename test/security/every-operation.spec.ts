import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '../../libs/ledger/index.ts';
import type { Operation } from '../../src/iam/operation.ts';
import { offeredOperations, signedCall } from '../support/offered-operations.ts';
import { sampleCommand } from '../support/sample-call.ts';
import { createUser, startServer, type TestServer } from '../support/server.ts';
import type { RawHttpRequest, SignedClient } from '../support/signed-client.ts';

/** The sample calls are about this account. */
const accountId = '123456789012';

/** Inputs of the operations whose members have no AWS shapes. */
const inputs: Readonly<Record<string, object>> = {
  CreateAccount: { AccountName: 'sample' },
  CloseAccount: { AccountId: accountId },
  ImportAuthorizationDetails: { Document: { UserDetailList: [], GroupDetailList: [], RoleDetailList: [], Policies: [] } },
  ImportCloudTrail: { ImportId: '01234567-89ab-4cde-8f01-23456789abcd', Records: [] },
  ValidatePolicy: { policyDocument: '{}', policyType: 'IDENTITY_POLICY' },
  CheckNoNewAccess: { newPolicyDocument: '{}', existingPolicyDocument: '{}', policyType: 'IDENTITY_POLICY' },
  CheckAccessNotGranted: { policyDocument: '{}', access: [{ actions: ['s3:GetObject'] }], policyType: 'IDENTITY_POLICY' },
  CheckNoPublicAccess: { policyDocument: '{}', resourceType: 'AWS::S3::Bucket' },
  WhoCan: { Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/key' },
  WhatCan: { PrincipalArn: `arn:aws:iam::${accountId}:user/Bob` },
  PolicyDiff: { Before: '{}', After: '{}' },
  DiffAccount: { From: 1 },
  WhatIf: { Commands: [{ Operation: 'DeleteUser', Input: { UserName: 'Bob' } }] },
  GetBucketLocation: {},
  ListBucket: {},
  GetObject: { Key: `AWSLogs/${accountId}/CloudTrail/us-east-1/none.json.gz` },
  ExplainAccess: { PrincipalArn: `arn:aws:iam::${accountId}:user/Bob`, Action: 's3:GetObject' },
  LookupEvents: { MaxResults: 1 },
  UsedBy: { Principal: 'Bob' },
  WhoUsed: { Action: 's3:GetObject' },
  SearchAudit: { EventName: ['CreateUser'] },
  SetQuota: { QuotaName: 'users', Value: 10 },
  Authorize: { Requests: [{ Principal: `arn:aws:iam::${accountId}:user/Bob`, Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/key' }] },
  DescribeSaga: { Kind: 'sample', Instance: 'sample' },
  PlanSagaRun: { Kind: 'sample' },
  StartSagaRun: { Kind: 'sample' },
  DescribeSagaRun: { Kind: 'sample', RunId: '01234567-89ab-4cde-8f01-23456789abcd' },
  PauseSagas: { Reason: 'sample' },
  ResumeSagas: { Reason: 'sample' },
  CancelSaga: { Kind: 'sample', Instance: 'sample', Reason: 'sample' },
  RestoreSaga: { Kind: 'sample', Instance: 'sample', Reason: 'sample' },
  ApproveSaga: { Kind: 'sample', Instance: 'sample', Reason: 'sample' },
  GetSagaSettings: { Name: 'exemptions' },
  PutSagaSettings: { Name: 'exemptions', Settings: [], Reason: 'sample' },
  VerifySignature: { Method: 'GET', Target: '/', Headers: {}, BodySha256: '0'.repeat(64), Service: 's3' },
};

let server: TestServer;
let admin: SignedClient;
let stranger: SignedClient;
let operations: Operation[];
beforeAll(async () => {
  server = await startServer({ settings: { IAM_LEDGER_ACCOUNT_ID: accountId } });
  admin = await server.admin();
  stranger = await createUser(admin, 'Stranger');
  operations = offeredOperations(server);
});
afterAll(() => server.stop());

function sampleInput(operation: Operation): object {
  return inputs[operation.name] ?? sampleCommand(operation);
}

/** What a request leaves in the log. */
async function eventsOf(request: () => Promise<unknown>): Promise<RecordedEvent[]> {
  const { activity, ledger } = server.parts;
  await activity.flush();
  const after = ledger.head();
  await request();
  await activity.flush();
  const found: RecordedEvent[] = [];
  for await (const events of ledger.readAll({ after })) found.push(...events);
  return found;
}

/** Refusals in the words of each protocol: those that speak JSON have other codes, and CloudTrail's answers every client's fault with 400. */
const refusals = {
  signature: { query: '403 SignatureDoesNotMatch', json: 'InvalidSignatureException' },
  token: { query: '403 MissingAuthenticationToken', json: 'MissingAuthenticationTokenException' },
  access: { query: '403 AccessDenied', json: 'AccessDeniedException' },
} as const;

function refusalOf(kind: keyof typeof refusals, { service }: Operation): string {
  const { query, json } = refusals[kind];
  if (service === 'cloudtrail') return `400 ${json}`;
  return service === 'access-analyzer' ? `403 ${json}` : query;
}

/** Sends a changed form of a call of every operation. What each was answered, if it is not what should be answered, or if it left something in the log. */
async function failuresOf(
  kind: keyof typeof refusals,
  change: (call: RawHttpRequest) => RawHttpRequest,
  concerned: readonly Operation[] = operations,
): Promise<string[]> {
  const failures: string[] = [];
  for (const operation of concerned) {
    const call = change(signedCall(admin, operation, sampleInput(operation)));
    let answered = '';
    const events = await eventsOf(async () => {
      const { status, code } = await admin.send(call);
      answered = `${status} ${code}`;
    });
    if (answered !== refusalOf(kind, operation) || events.length > 0)
      failures.push(`${operation.action}: ${answered}, ${events.map(({ type }) => type).join(' ') || 'no event'}`);
  }
  return failures;
}

const withHeaders = (call: RawHttpRequest, headers: Record<string, string>): RawHttpRequest => ({
  ...call,
  headers: { ...call.headers, ...headers },
});

describe('every operation, called by the administrator', () => {
  it('is one of more than a hundred, of every service', () => {
    expect(operations.length).toBeGreaterThan(100);
    expect([...new Set(operations.map(({ service }) => service))]).toEqual(expect.arrayContaining(['cloudtrail', 'iam', 'iam-ledger', 'sts']));
  });

  it('is refused and leaves nothing where the signature is false in one digit', async () => {
    const changed = (text: string): string => text.replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0'));
    expect(await failuresOf('signature', (call) => withHeaders(call, { authorization: changed(call.headers['authorization']!) }))).toEqual([]); // it is signed
  });

  it('is refused and leaves nothing where the body is not the one that was signed', async () => {
    expect(await failuresOf('signature', (call) => ({ ...call, body: Buffer.concat([call.body, Buffer.from(' ')]) }))).toEqual([]);
  });

  it('is refused and leaves nothing without a signature', async () => {
    const unsigned = ({ headers: { authorization: _authorization, 'x-amz-date': _date, ...headers }, ...call }: RawHttpRequest): RawHttpRequest => ({
      ...call,
      headers,
    });
    const signed = operations.filter(({ declaration }) => declaration.unsigned === undefined);
    expect(await failuresOf('token', unsigned, signed)).toEqual([]);
  });
});

describe('every operation, called by a user whom no policy allows anything', () => {
  it('is refused, and all it leaves is the record of that', async () => {
    const failures: string[] = [];
    for (const operation of operations.filter(({ declaration }) => declaration.unconditional !== true && declaration.unsigned === undefined)) {
      let answered = '';
      const events = await eventsOf(async () => {
        const { status, code, message } = await stranger.send(signedCall(stranger, operation, sampleInput(operation)));
        answered = `${status} ${code}`;
        if (code === 'ValidationError') answered += ` ${message}`;
      });
      const left = events.map(
        ({ type, stream, metadata }) =>
          `${type} ${stream} ${(metadata as { errorCode?: string }).errorCode} ${(metadata as { eventName: string }).eventName}`,
      );
      if (answered !== refusalOf('access', operation)) failures.push(`${operation.action}: ${answered}`);
      else if (left.join() !== `ApiCallFailed activity-${accountId} AccessDenied ${operation.name}`)
        failures.push(`${operation.action}: ${left.join()}`);
    }
    expect(failures).toEqual([]);
  });

  it('is allowed only where AWS allows it to everybody', () => {
    expect(
      operations
        .filter(({ declaration }) => declaration.unconditional === true)
        .map(({ action }) => action)
        .sort(),
    ).toEqual(['sts:GetCallerIdentity', 'sts:GetSessionToken']);
  });
});

describe('an operation whose input proves who asks', () => {
  it('is refused for its proof, whoever signs or nobody, and all it leaves is the record of that', async () => {
    const concerned = operations.filter(({ declaration }) => declaration.unsigned !== undefined);
    expect(concerned.map(({ action }) => action).sort()).toEqual(['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity']);
    for (const operation of concerned) {
      const call = signedCall(admin, operation, sampleInput(operation));
      const { authorization: _authorization, 'x-amz-date': _date, ...headers } = call.headers;
      for (const sent of [call, { ...call, headers }]) {
        let answered = '';
        const events = await eventsOf(async () => {
          const { status, code } = await admin.send(sent);
          answered = `${status} ${code}`;
        });
        expect(answered).toBe('400 InvalidIdentityToken');
        expect(events.map(({ type, stream, metadata }) => [type, stream, (metadata as { eventName: string }).eventName])).toEqual([
          ['ApiCallFailed', `activity-${accountId}`, operation.name],
        ]);
      }
    }
  });

  it('is refused without a trace where it names an account that is not here', async () => {
    const RoleArn = 'arn:aws:iam::999999999999:role/Deploy';
    const input = { RoleArn, RoleSessionName: 'session', WebIdentityToken: 'no.web.token' };
    const call = signedCall(admin, { service: 'sts', name: 'AssumeRoleWithWebIdentity' }, input);
    const { authorization: _authorization, 'x-amz-date': _date, ...headers } = call.headers;
    let answered = '';
    const events = await eventsOf(async () => {
      const { status, code } = await admin.send({ ...call, headers });
      answered = `${status} ${code}`;
    });
    expect([answered, events]).toEqual(['403 AccessDenied', []]);
  });
});

describe('this test itself', () => {
  it('sees an operation that runs: a call that is rightly signed leaves an event', async () => {
    const events = await eventsOf(() => admin.iam('CreateUser', { UserName: 'Seen' }));
    expect(events.map(({ type }) => type)).toEqual(['UserCreated']);
  });
});
