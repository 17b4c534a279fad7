import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { RecordedEvent } from '../../../libs/ledger/ledger.ts';
import type { CallMetadata, UserIdentity } from '../../iam/call-metadata.ts';

import { accessEventOf } from './access-event.ts';
import { resourcesOfUseMax } from './access-file.ts';
import { openAccessReader, type AccessReader } from './access-reader.ts';
import { openAccessWriter } from './access-writer.ts';

const account = '100000000000';
const alice: UserIdentity = {
  type: 'IAMUser',
  principalId: 'AIDAALICE',
  arn: `arn:aws:iam::${account}:user/alice`,
  accountId: account,
  accessKeyId: 'AKIAALICE',
  userName: 'alice',
};
const issuer = { type: 'Role', principalId: 'AROADEPLOY', arn: `arn:aws:iam::${account}:role/deploy`, accountId: account };
const session: UserIdentity = {
  type: 'AssumedRole',
  principalId: 'AROADEPLOY:ci',
  accessKeyId: 'ASIADEPLOY',
  sessionContext: { sessionIssuer: issuer },
};
const root: UserIdentity = { type: 'Root', principalId: account, accountId: account, arn: `arn:aws:iam::${account}:root` };

interface Given {
  readonly actor: UserIdentity;
  readonly time: string;
  readonly metadata?: Partial<CallMetadata>;
  readonly data?: unknown;
}

describe('the access history', () => {
  let directory = '';
  let reader: AccessReader | undefined;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'access-'));
  });
  afterEach(() => {
    reader?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  function after(...calls: readonly Given[]): AccessReader {
    const writer = openAccessWriter(directory);
    writer.apply(
      calls.map(({ actor, time, metadata, data = {} }, index) => {
        const call: CallMetadata = {
          requestId: `r-${index}`,
          correlationId: '',
          causationId: null,
          actor,
          sourceIPAddress: `10.0.0.${index + 1}`,
          userAgent: '',
          eventSource: 'iam.amazonaws.com',
          eventName: 'GetUser',
          awsRegion: 'us-east-1',
          readOnly: true,
          requestParameters: null,
          responseElements: null,
          recipientAccountId: account,
          ...metadata,
        };
        const event: RecordedEvent = {
          position: index + 1,
          id: `e-${index}`,
          type: 'ApiCallSucceeded',
          schemaVersion: 1,
          time,
          stream: `activity-${account}`,
          revision: index,
          data,
          metadata: call,
        };
        return accessEventOf(event);
      }),
    );
    writer.close();
    return (reader = openAccessReader(directory));
  }

  const denied = { errorCode: 'AccessDenied' };

  it('keeps uses and refused attempts apart, for the principal and for its key, and says where the last of both came from', () => {
    const history = after(
      { actor: alice, time: '2026-01-01T10:00:00.000Z' },
      { actor: alice, time: '2026-01-02T10:00:00.000Z' },
      { actor: alice, time: '2026-01-03T10:00:00.000Z', metadata: { ...denied, awsRegion: 'eu-west-1', eventSource: 'sts.amazonaws.com' } },
    );
    const expected = {
      firstUse: Date.parse('2026-01-01T10:00:00Z'),
      lastUse: Date.parse('2026-01-02T10:00:00Z'),
      uses: 2,
      firstAttempt: Date.parse('2026-01-03T10:00:00Z'),
      lastAttempt: Date.parse('2026-01-03T10:00:00Z'),
      attempts: 1,
      last: Date.parse('2026-01-03T10:00:00Z'),
      region: 'eu-west-1',
      source: '10.0.0.3',
      serviceOfLast: 'sts',
    };
    expect(history.subject('access-key', 'AKIAALICE')).toEqual(expected);
    expect(history.subject('principal', 'AIDAALICE')).toEqual(expected);
    expect(history.subject('password', 'AIDAALICE')).toBeUndefined();
    expect(history.subjectDays('access-key', 'AKIAALICE')).toEqual([
      { date: '2026-01-01', uses: 1, attempts: 0 },
      { date: '2026-01-02', uses: 1, attempts: 0 },
      { date: '2026-01-03', uses: 0, attempts: 1 },
    ]);
  });

  it('of a key that was made inactive keeps the attempts, which are neither a use of the key nor anything that its owner did', () => {
    const history = after(
      { actor: alice, time: '2026-01-01T00:00:00.000Z' },
      { actor: alice, time: '2026-01-02T00:00:00.000Z', metadata: { errorCode: 'InvalidClientTokenId' } },
      { actor: { ...alice, accessKeyId: 'AKIAOTHER' }, time: '2026-01-03T00:00:00.000Z', metadata: { errorCode: 'InvalidClientTokenId' } },
    );
    const [used, tried] = [Date.parse('2026-01-01'), Date.parse('2026-01-02')];
    expect(history.subject('access-key', 'AKIAALICE')).toMatchObject({ last: used, lastUse: used, lastAttempt: tried, attempts: 1 });
    expect(history.subject('access-key', 'AKIAOTHER')).toMatchObject({ last: 0, lastUse: null, attempts: 1 });
    expect(history.subject('principal', 'AIDAALICE')).toMatchObject({ last: used, attempts: 0 });
  });

  it('counts a session for its role, a session key for nobody, and a caller from another account for itself', () => {
    const foreign: UserIdentity = { type: 'AWSAccount', principalId: 'AROAFOREIGN:s', accountId: '200000000000' };
    const history = after({ actor: session, time: '2026-01-03T00:00:00.000Z' }, { actor: foreign, time: '2026-01-04T00:00:00.000Z' });
    expect(history.subject('principal', 'AROADEPLOY')).toMatchObject({ uses: 1, serviceOfLast: 'iam' });
    expect(history.subject('access-key', 'ASIADEPLOY')).toBeUndefined();
    expect(history.uses({ account: '200000000000', limit: 10 })).toMatchObject([
      { principalId: 'AROAFOREIGN', principalType: 'Role', principalAccount: '200000000000', account, service: 'iam', action: 'GetUser' },
    ]);
    expect(history.uses({ account, limit: 10 })).toHaveLength(2);
    expect(history.uses({ account: '300000000000', limit: 10 })).toEqual([]);
  });

  it('goes by the time of the call, not by its place: an import of old records takes nothing back', () => {
    const importedRecord = { eventID: 'e', eventTime: '2020-01-01T00:00:00Z' };
    const history = after(
      { actor: alice, time: '2026-01-02T00:00:00.000Z' },
      { actor: alice, time: '2026-01-05T00:00:00.000Z', metadata: { importedRecord, awsRegion: 'eu-west-1' } },
    );
    expect(history.subject('access-key', 'AKIAALICE')).toMatchObject({
      firstUse: Date.parse('2020-01-01'),
      lastUse: Date.parse('2026-01-02'),
      region: 'us-east-1',
    });
  });

  it('of a password knows sign-ins that succeeded as uses, others as attempts', () => {
    const signIn = { eventName: 'ConsoleLogin', eventSource: 'signin.amazonaws.com' };
    const history = after(
      { actor: alice, time: '2026-01-01T00:00:00.000Z', metadata: { ...signIn, responseElements: { ConsoleLogin: 'Success' } } },
      { actor: alice, time: '2026-01-02T00:00:00.000Z', metadata: { ...signIn, responseElements: { ConsoleLogin: 'Failure' } } },
      { actor: root, time: '2026-01-03T00:00:00.000Z', metadata: { ...signIn, responseElements: { ConsoleLogin: 'Success' } } },
    );
    expect(history.subject('password', 'AIDAALICE')).toMatchObject({ lastUse: Date.parse('2026-01-01'), lastAttempt: Date.parse('2026-01-02') });
    expect(history.subject('password', account)).toMatchObject({ lastUse: Date.parse('2026-01-03'), attempts: 0 });
  });

  it('counts what was decided for applications for whom they asked about, and a verified signature for its key', () => {
    const application: UserIdentity = { ...alice, principalId: 'AIDAAPP', accessKeyId: 'AKIAAPP', arn: `arn:aws:iam::${account}:user/app` };
    const asked = {
      principalArn: `arn:aws:sts::${account}:assumed-role/deploy/ci`,
      principalId: 'AROADEPLOY',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::bucket/a',
    };
    const data = {
      decisions: [
        { ...asked, decision: 'Allowed' },
        { ...asked, resource: 'arn:aws:s3:::bucket/b', decision: 'ImplicitDeny' },
        { principalArn: alice.arn, principalId: 'AIDAALICE', accessKeyId: 'AKIAALICE', action: 's3:PutObject', resource: '*', decision: 'Allowed' },
      ],
      unrecorded: 3,
    };
    const own = { eventSource: 'iam-ledger.amazonaws.com' };
    const signed = { verified: true, principalArn: alice.arn, principalId: 'AIDAALICE', accessKeyId: 'AKIAALICE2' };
    const history = after(
      { actor: application, time: '2026-01-01T00:00:00.000Z', metadata: { ...own, eventName: 'Authorize' }, data },
      {
        actor: application,
        time: '2026-01-02T00:00:00.000Z',
        metadata: { ...own, eventName: 'VerifySignature', requestParameters: { service: 'sqs' } },
        data: signed,
      },
    );
    expect(history.actions('AROADEPLOY')).toMatchObject([{ service: 's3', action: 'GetObject', uses: 1, attempts: 1 }]);
    const [use] = history.uses({ account, principals: [issuer.arn], limit: 10 });
    expect(use).toMatchObject({ principalId: 'AROADEPLOY', principalArn: issuer.arn, source: '' });
    expect(history.resources(use!.id, 10)).toMatchObject([
      { resource: 'arn:aws:s3:::bucket/a', uses: 1, attempts: 0 },
      { resource: 'arn:aws:s3:::bucket/b', uses: 0, attempts: 1 },
    ]);
    expect(history.days(use!.id, 10)).toEqual([{ date: '2026-01-01', uses: 1, attempts: 1 }]);
    expect(history.subject('access-key', 'AKIAALICE')).toMatchObject({ uses: 1, serviceOfLast: 's3' });
    expect(history.subject('access-key', 'AKIAALICE2')).toMatchObject({ uses: 1, serviceOfLast: 'sqs' });
    expect(history.actions('AIDAALICE').map(({ action }) => action)).toEqual(['PutObject']);
    expect(history.checkpoint()).toMatchObject({ since: Date.parse('2026-01-01'), unrecordedUntil: Date.parse('2026-01-01') });
  });

  it('finds who used an action, in any case, on a resource, page by page', () => {
    const resources = [{ ARN: `arn:aws:iam::${account}:role/deploy`, accountId: account, type: 'AWS::IAM::Role' }];
    const calls = Array.from({ length: 7 }, (_, number) => ({
      actor: { ...alice, principalId: `AIDA${number}`, arn: `arn:aws:iam::${account}:user/u${6 - number}` },
      time: `2026-01-0${number + 1}T00:00:00.000Z`,
      metadata: { eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', ...(number % 2 === 0 ? { resources } : {}) },
    }));
    const history = after(...calls);
    const found: string[] = [];
    let last: number | undefined;
    do {
      const page = history.uses({ account, service: 'STS', action: 'assumerole', limit: 3, ...(last === undefined ? {} : { after: last }) });
      found.push(...page.map(({ principalArn }) => principalArn.slice(-2)));
      last = page.length === 3 ? page.at(-1)!.id : undefined;
    } while (last !== undefined);
    expect(found).toEqual(['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6']);
    expect(history.uses({ account, action: 'AssumeRole', resource: resources[0]!.ARN, limit: 10 })).toHaveLength(4);
  });

  it('tells a limited number of resources apart, the first ones, and counts the rest together', () => {
    const accesses = Array.from({ length: resourcesOfUseMax + 5 }, (_, number) => `arn:aws:s3:::bucket/${number}`);
    const data = {
      decisions: accesses.map((resource) => ({
        principalArn: alice.arn,
        principalId: 'AIDAALICE',
        action: 's3:GetObject',
        resource,
        decision: 'Allowed',
      })),
    };
    const history = after({
      actor: root,
      time: '2026-01-01T00:00:00.000Z',
      metadata: { eventSource: 'iam-ledger.amazonaws.com', eventName: 'Authorize' },
      data,
    });
    const [use] = history.uses({ account, service: 's3', limit: 10 });
    expect(use).toMatchObject({ uses: resourcesOfUseMax + 5, further: 5 });
    expect(history.resources(use!.id, 10_000)).toHaveLength(resourcesOfUseMax);
  });

  it.each([
    ['s3.amazonaws.com', 'ListObjects', 's3', 'ListBucket'],
    ['lambda.amazonaws.com', 'ListFunctions20150331', 'lambda', 'ListFunctions'],
    ['lambda.amazonaws.com', 'GetFunction20150331v2', 'lambda', 'GetFunction'],
    ['cloudfront.amazonaws.com', 'GetDistribution2020_05_31', 'cloudfront', 'GetDistribution'],
    ['monitoring.amazonaws.com', 'PutMetricData', 'cloudwatch', 'PutMetricData'],
  ])('names %s %s as policies do', (eventSource, eventName, service, action) => {
    expect(after({ actor: alice, time: '2026-01-01T00:00:00.000Z', metadata: { eventSource, eventName } }).actions('AIDAALICE')).toMatchObject([
      { service, action },
    ]);
  });
});
