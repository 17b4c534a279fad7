import { describe, expect, it } from '@jest/globals';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import {
  AccessDenied,
  InvalidClientTokenId,
  SerializationException,
  ServiceUnavailable,
  Throttling,
  UnknownOperation,
  ValidationError,
} from '../errors/common.ts';
import { InvalidLookupAttributes } from '../errors/cloudtrail.ts';
import type { AwsError } from '../errors/declared-error.ts';
import { createJsonProtocol } from './protocol.ts';

const protocol = createJsonProtocol({ targetName: 'CloudTrail_20131101', schemas: cloudtrail });
const decode = (text: string): unknown => protocol.decodeInput('LookupEvents', Buffer.from(text));

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A client of the SDK whose transport is a function. */
function clientOf(
  transport: (sent: Sent) => { readonly statusCode: number; readonly headers?: Readonly<Record<string, string>>; readonly body: string },
): cloudtrail.CloudTrailClient {
  const requestHandler = {
    async handle(sent: Sent) {
      const { statusCode, headers = {}, body } = transport(sent);
      return { response: { statusCode, headers: { ...headers }, body: new Blob([body]).stream() } };
    },
  };
  return new cloudtrail.CloudTrailClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' },
    maxAttempts: 1,
    requestHandler: requestHandler as never,
  });
}

describe('between the SDK of CloudTrail and this codec', () => {
  it('a call goes in and its answer comes out whole', async () => {
    const input = {
      StartTime: new Date('2026-01-02T03:04:05Z'),
      EndTime: new Date('2026-01-03T03:04:05.5Z'),
      MaxResults: 10,
      LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: 'Créate "User"' }],
      NextToken: undefined,
    };
    const event = {
      EventId: 'e',
      EventName: 'CreateUser',
      EventTime: new Date('2026-01-02T03:04:06Z'),
      ReadOnly: 'false',
      Resources: [{ ResourceType: 'AWS::IAM::User', ResourceName: 'bob' }],
      CloudTrailEvent: '{"a":"\\u00fc"}',
    };
    let received: unknown;
    const client = clientOf(({ headers, body }) => {
      const operation = protocol.operationOf(headers['x-amz-target']);
      received = { operation, input: protocol.decodeInput(operation, new Uint8Array(body)) };
      return { statusCode: 200, body: protocol.encodeOutput(operation, { Events: [event, {}], NextToken: undefined }) };
    });
    const { Events } = await client.send(new cloudtrail.LookupEventsCommand(input));
    const { NextToken: _, ...given } = input;
    expect(received).toEqual({ operation: 'LookupEvents', input: given });
    expect(Events).toEqual([event, {}]);
  });

  it.each<[AwsError, string, number]>([
    [new InvalidLookupAttributes('a <message>'), 'InvalidLookupAttributesException', 400],
    [new AccessDenied('a <message>'), 'AccessDeniedException', 400],
    [new InvalidClientTokenId('a <message>'), 'UnrecognizedClientException', 400],
    [new Throttling('a <message>'), 'ThrottlingException', 400],
    [new ValidationError('a <message>'), 'ValidationException', 400],
    [new ServiceUnavailable('a <message>'), 'ServiceUnavailableException', 503],
  ])('%s arrives as %s', async (error, name, status) => {
    const { httpStatus, headers, body } = protocol.encodeError(error);
    expect(httpStatus).toBe(status);
    expect(headers['x-amzn-errortype']).toBe(name);
    const client = clientOf(() => ({ statusCode: httpStatus, headers, body }));
    await expect(client.send(new cloudtrail.LookupEventsCommand({}))).rejects.toMatchObject({ name, message: 'a <message>' });
  });
});

describe('a target', () => {
  it('names its operation with or without a package', () => {
    for (const target of ['CloudTrail_20131101.LookupEvents', 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents'])
      expect(protocol.operationOf(target)).toBe('LookupEvents');
  });

  it.each([
    undefined,
    '',
    '.',
    'LookupEvents',
    '.LookupEvents',
    'Other_20131101.LookupEvents',
    'CloudTrail_20131101.',
    'CloudTrail_20131101.lookupevents',
    'CloudTrail_20131101.constructor',
    'CloudTrail_20131101.LookupEvents.x',
  ])('%j names none', (target) => {
    expect(() => protocol.operationOf(target)).toThrow(UnknownOperation);
  });
});

describe('an input', () => {
  it('may be empty, and may hold null and unknown members', () => {
    expect(decode('')).toEqual({});
    expect(decode('{"NextToken":null,"Unknown":{"a":1}}')).toEqual({});
  });

  it('holds times in seconds, with fractions', () => {
    expect(decode('{"StartTime":1.5,"EndTime":-1}')).toEqual({ StartTime: new Date(1500), EndTime: new Date(-1000) });
  });

  it.each([
    '[]',
    '1',
    'null',
    '{"MaxResults":"1"}',
    '{"NextToken":1}',
    '{"StartTime":"2026-01-01T00:00:00Z"}',
    '{"StartTime":1e300}',
    '{"LookupAttributes":{}}',
    '{"LookupAttributes":[null]}',
    '{"LookupAttributes":[[]]}',
  ])('%s is refused', (text) => {
    expect(() => decode(text)).toThrow(SerializationException);
  });
});
