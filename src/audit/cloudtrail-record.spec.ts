import { describe, expect, it } from '@jest/globals';

import type { CallMetadata } from '../iam/call-metadata.ts';
import type { Call } from '../projections/history/call.ts';

import { cloudTrailRecord } from './cloudtrail-record.ts';

const metadata: CallMetadata = {
  requestId: '0a6c1b9e-7a35-4a3c-9a5d-1c9f9b3a2d10',
  correlationId: '0a6c1b9e-7a35-4a3c-9a5d-1c9f9b3a2d10',
  causationId: null,
  actor: {
    type: 'IAMUser',
    principalId: 'AIDAALICE',
    arn: 'arn:aws:iam::100000000000:user/alice',
    accountId: '100000000000',
    accessKeyId: 'AKIAALICE',
    userName: 'alice',
  },
  sourceIPAddress: '203.0.113.7',
  userAgent: 'aws-cli/2.31.0',
  eventSource: 'iam.amazonaws.com',
  eventName: 'CreateUser',
  awsRegion: 'us-east-1',
  apiVersion: '2010-05-08',
  readOnly: false,
  requestParameters: { userName: 'bob' },
  responseElements: { user: { userName: 'bob', userId: 'AIDABOB', arn: 'arn:aws:iam::100000000000:user/bob', path: '/' } },
  resources: [{ ARN: 'arn:aws:iam::100000000000:user/bob', accountId: '100000000000', type: 'AWS::IAM::User' }],
  recipientAccountId: '100000000000',
  tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader: 'iam.example.com' },
  idempotencyKey: 'digest',
};

function recordOf(changes: Partial<CallMetadata> = {}): Readonly<Record<string, unknown>> {
  const call: Call = {
    position: 7,
    lastPosition: 8,
    stream: 'account-100000000000',
    timeMs: Date.parse('2026-01-31T23:59:59.999Z'),
    events: [
      { id: '019bdb8f-0000-7000-8000-000000000001', type: 'UserCreated' },
      { id: '019bdb8f-0000-7000-8000-000000000002', type: 'UserTagged' },
    ],
    metadata: { ...metadata, ...changes },
  };
  return cloudTrailRecord(call) as unknown as Readonly<Record<string, unknown>>;
}

describe('a CloudTrail record', () => {
  it('has the members of version 1.11, and none of ours', () => {
    expect(JSON.parse(JSON.stringify(recordOf()))).toEqual({
      eventVersion: '1.11',
      userIdentity: metadata.actor,
      eventTime: '2026-01-31T23:59:59Z',
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateUser',
      awsRegion: 'us-east-1',
      sourceIPAddress: '203.0.113.7',
      userAgent: 'aws-cli/2.31.0',
      requestParameters: { userName: 'bob' },
      responseElements: metadata.responseElements,
      requestID: metadata.requestId,
      eventID: '019bdb8f-0000-7000-8000-000000000001',
      readOnly: false,
      eventType: 'AwsApiCall',
      apiVersion: '2010-05-08',
      managementEvent: true,
      recipientAccountId: '100000000000',
      eventCategory: 'Management',
      tlsDetails: metadata.tlsDetails,
    });
  });

  it('names a refusal as CloudTrail does', () => {
    const refused = recordOf({ errorCode: 'NoSuchEntity', errorMessage: 'The user with name bob cannot be found.', responseElements: null });
    expect(refused).toMatchObject({
      errorCode: 'NoSuchEntityException',
      errorMessage: 'The user with name bob cannot be found.',
      responseElements: null,
    });
    expect(recordOf({ errorCode: 'AccessDenied' })).toMatchObject({ errorCode: 'AccessDenied' });
  });

  it('has the role among the resources of an AssumeRole', () => {
    const resources = [{ ARN: 'arn:aws:iam::100000000000:role/deploy', accountId: '100000000000', type: 'AWS::IAM::Role' }];
    expect(recordOf({ eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole', resources })).toMatchObject({ resources });
  });

  it('keeps CloudTrail’s part of a session and drops the chain that only we know', () => {
    const sessionIssuer = {
      type: 'Role',
      principalId: 'AROADEPLOY',
      arn: 'arn:aws:iam::100000000000:role/deploy',
      accountId: '100000000000',
      userName: 'deploy',
    };
    const attributes = { creationDate: '2026-01-31T23:00:00Z', mfaAuthenticated: 'false' } as const;
    const sessionContext = {
      attributes,
      sessionIssuer,
      sourceIdentity: 'alice',
      sessionRoot: 'arn:aws:iam::100000000000:user/alice',
      sessionChain: ['e'],
    };
    const actor = { type: 'AssumedRole', principalId: 'AROADEPLOY:ci', accountId: '100000000000', sessionContext } as const;
    expect(recordOf({ actor })).toMatchObject({ userIdentity: { sessionContext: { attributes, sessionIssuer, sourceIdentity: 'alice' } } });
    expect(JSON.stringify(recordOf({ actor }))).not.toMatch(/sessionRoot|sessionChain/);
    const foreign = { type: 'AWSAccount', principalId: 'AIDAEVE', accountId: '200000000000', sessionContext: { sessionRoot: 'arn' } } as const;
    expect(recordOf({ actor: foreign })['userIdentity']).toEqual({ type: 'AWSAccount', principalId: 'AIDAEVE', accountId: '200000000000' });
  });

  it('of an imported call is the record that was imported', () => {
    const importedRecord = { eventVersion: '1.08', eventID: 'e', eventTime: '2023-07-10T12:09:21Z', sessionCredentialFromConsole: 'true' };
    expect(recordOf({ importedRecord })).toEqual(importedRecord);
  });

  it('keeps CloudTrail’s limits: texts are cut at whole characters, large elements left out', () => {
    const cut = recordOf({ userAgent: `a${'é'.repeat(600)}`, errorCode: 'AccessDenied', errorMessage: 'x'.repeat(1_025) });
    expect(cut['userAgent']).toBe(`a${'é'.repeat(511)}`);
    expect(cut['errorMessage']).toHaveLength(1_024);
    const large = recordOf({ requestParameters: { policyDocument: 'p'.repeat(102_400) } });
    expect(large['requestParameters']).toEqual({ omitted: true, originalSize: 102_421, reason: 'requestParameters too large' });
  });
});
