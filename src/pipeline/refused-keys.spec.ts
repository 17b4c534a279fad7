import { describe, expect, it } from '@jest/globals';
import type { NewEvent } from '../../libs/ledger/index.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';
import { RefusedKeys, type RefusedCall } from './refused-keys.ts';

const accountId = '123456789012';
const call = (accessKeyId: string, second: number, operationName = 'GetUser'): RefusedCall => ({
  caller: {
    type: 'IAMUser',
    accountId,
    partition: 'aws',
    arn: `arn:aws:iam::${accountId}:user/bob`,
    principalId: 'AIDABOB',
    userName: 'bob',
    accessKeyId,
  },
  requestId: `r-${second}`,
  receivedAt: new Date(second * 1000),
  service: 'iam',
  region: 'us-east-1',
  operationName,
  sourceIPAddress: '192.0.2.1',
  userAgent: 'test',
});

function recorded(...calls: readonly RefusedCall[]): CallMetadata[] {
  const noted: NewEvent[] = [];
  const keys = new RefusedKeys({ note: (_account, event) => noted.push(event) });
  for (const each of calls) keys.note(each);
  return noted.map(({ metadata }) => metadata as CallMetadata);
}

describe('calls with an inactive access key', () => {
  it('are recorded as failed calls of its owner', () => {
    expect(recorded(call('AKIAONE', 100))).toMatchObject([
      {
        actor: { type: 'IAMUser', principalId: 'AIDABOB', accessKeyId: 'AKIAONE', userName: 'bob' },
        eventSource: 'iam.amazonaws.com',
        eventName: 'GetUser',
        errorCode: 'InvalidClientTokenId',
        recipientAccountId: accountId,
        requestParameters: null,
      },
    ]);
  });

  it('are recorded once a minute for each key', () => {
    const calls = [call('AKIAONE', 100), call('AKIAONE', 130), call('AKIATWO', 131), call('AKIAONE', 159), call('AKIAONE', 160)];
    expect(recorded(...calls).map(({ requestId }) => requestId)).toEqual(['r-100', 'r-131', 'r-160']);
  });

  it('that name no operation, or what can be none, are recorded without one', () => {
    expect(recorded(call('AKIAONE', 100, ''), call('AKIATWO', 100, 'Get\nUser')).map(({ eventName }) => eventName)).toEqual([
      'UnknownOperation',
      'UnknownOperation',
    ]);
  });
});
