import { describe, expect, it } from '@jest/globals';
import * as accessAnalyzer from '@aws-sdk/client-accessanalyzer';
import { AccessDenied, SerializationException, Throttling, UnknownOperation, ValidationError } from '../errors/common.ts';
import { createRestJsonProtocol } from './protocol.ts';

const protocol = createRestJsonProtocol({ schemas: accessAnalyzer });
const decode = (operation: string, target: string, body = '{}'): unknown =>
  protocol.decodeInput(operation, { method: 'POST', target, body: Buffer.from(body) });

describe('the operation of a REST request', () => {
  it.each([
    ['POST', '/policy/validation', 'ValidatePolicy'],
    ['POST', '/policy/validation?maxResults=5', 'ValidatePolicy'],
    ['POST', '/policy/check-no-new-access', 'CheckNoNewAccess'],
    ['GET', '/analyzer/a%20b', 'GetAnalyzer'],
    ['DELETE', '/analyzer/a', 'DeleteAnalyzer'],
  ])('%s %s is %s', (method, target, operation) => {
    expect(protocol.operationOf({ method, target })).toBe(operation);
  });

  it.each([
    ['GET', '/policy/validation'],
    ['POST', '/'],
    ['POST', '/policy/validation/'],
    ['POST', '//policy/validation'],
    ['GET', '/analyzer/'],
  ])('%s %s is none', (method, target) => {
    expect(() => protocol.operationOf({ method, target })).toThrow(UnknownOperation);
  });

  it('is told apart from other paths', () => {
    expect(['/policy/validation', '/analyzer/a', '/', '/v1/get-status', '/policy'].map((path) => protocol.isPath(path))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('the input of a REST request', () => {
  it('comes from body and query', () => {
    expect(
      decode(
        'ValidatePolicy',
        '/policy/validation?maxResults=5&nextToken=a%2Fb',
        '{"policyDocument":"{}","policyType":"IDENTITY_POLICY","unknown":1}',
      ),
    ).toEqual({
      policyDocument: '{}',
      policyType: 'IDENTITY_POLICY',
      maxResults: 5,
      nextToken: 'a/b',
    });
  });

  it('comes from the path', () => {
    expect(decode('GetAnalyzer', '/analyzer/a%20b', '')).toEqual({ analyzerName: 'a b' });
  });

  it('takes what belongs into the query from nowhere else', () => {
    expect(decode('ValidatePolicy', '/policy/validation', '{"policyDocument":"{}","maxResults":5}')).toEqual({ policyDocument: '{}' });
  });

  it.each([
    ['/policy/validation?maxResults=many', '{}'],
    ['/policy/validation?maxResults=1&maxResults=2', '{}'],
    ['/policy/validation?nextToken=%ff', '{}'],
    ['/policy/validation', '[]'],
    ['/policy/validation', '{'],
    ['/policy/validation', '{"policyDocument":7}'],
  ])('%s with %s is refused', (target, body) => {
    expect(() => decode('ValidatePolicy', target, body)).toThrow(SerializationException);
  });
});

describe('a REST answer', () => {
  it('is the JSON of the output, unions and nested lists included', () => {
    const findings = [
      {
        findingType: 'ERROR',
        issueCode: 'A',
        findingDetails: 'b',
        learnMoreLink: 'c',
        locations: [
          { path: [{ index: 0 }, { value: 'Action' }], span: { start: { line: 1, column: 0, offset: 0 }, end: { line: 1, column: 1, offset: 1 } } },
        ],
      },
    ];
    expect(JSON.parse(protocol.encodeOutput('ValidatePolicy', { findings }))).toEqual({ findings });
  });

  it.each([
    [new AccessDenied('no'), 403, 'AccessDeniedException'],
    [new ValidationError('no'), 400, 'ValidationException'],
    [new Throttling('no'), 429, 'ThrottlingException'],
    [new UnknownOperation('no'), 404, 'UnknownOperationException'],
  ])('for %s has status %d and type %s', (error, status, type) => {
    const { httpStatus, headers, body } = protocol.encodeError(error);
    expect([httpStatus, headers['x-amzn-errortype'], JSON.parse(body)]).toEqual([status, type, { __type: type, message: 'no' }]);
  });
});
