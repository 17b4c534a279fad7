/** The AWS JSON 1.1 protocol of one service: CloudTrail, Organizations. Driven by the SDK's own schemas. */
import type { AwsError } from '../errors/declared-error.ts';
import { SerializationException, UnknownOperation } from '../errors/common.ts';
import { operationsOf, type OperationShape, type Plain } from '../schema/shapes.ts';
import { decodeJson } from './decode.ts';
import { encodeJson } from './encode.ts';
import { readJson } from './reader.ts';

export interface JsonProtocolOptions {
  /** What stands before the operation in `X-Amz-Target`, after its last dot: `CloudTrail_20131101`. */
  readonly targetName: string;
  /** The client package: `import * as cloudtrail from '@aws-sdk/client-cloudtrail'`. */
  readonly schemas: Readonly<Record<string, unknown>>;
}

/** An error on the wire. */
export interface JsonErrorAnswer {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface JsonProtocol {
  readonly targetName: string;
  readonly operations: ReadonlySet<string>;
  /**
   * The operation that an `X-Amz-Target` header names. SDKs put `CloudTrail_20131101` before it, botocore that and a package name; both count.
   * Throws `UnknownOperation`.
   */
  operationOf(target: string | undefined): string;
  /** The operation's input. An empty body is an empty input. Throws `SerializationException`. Lengths, patterns and what is required are not looked at. */
  decodeInput(operation: string, body: Uint8Array): Plain;
  /** The JSON of an answer; `output` is in the SDK's form. */
  encodeOutput(operation: string, output: Plain | undefined): string;
  /** A refusal or failure, with its code in the body's `__type` and in a header. */
  encodeError(error: AwsError): JsonErrorAnswer;
}

/** The content type of every answer of this protocol. */
export const jsonContentType = 'application/x-amz-json-1.1';

/** Errors that JSON services name otherwise than Query services do (AWS: "Common Errors" of the CloudTrail API reference). */
const jsonCodes: ReadonlyMap<string, string> = new Map([
  ['AccessDenied', 'AccessDeniedException'],
  ['ConcurrentModification', 'ConcurrentModificationException'],
  ['ExpiredToken', 'ExpiredTokenException'],
  ['IncompleteSignature', 'IncompleteSignatureException'],
  ['InvalidAction', 'UnknownOperationException'],
  ['InvalidClientTokenId', 'UnrecognizedClientException'],
  ['InvalidInput', 'InvalidInputException'],
  ['InvalidParameterCombination', 'InvalidParameterCombinationException'],
  ['MalformedPolicyDocument', 'MalformedPolicyDocumentException'],
  ['MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
  ['RequestEntityTooLarge', 'RequestEntityTooLargeException'],
  ['ServiceUnavailable', 'ServiceUnavailableException'],
  ['SignatureDoesNotMatch', 'InvalidSignatureException'],
  ['Throttling', 'ThrottlingException'],
  ['ValidationError', 'ValidationException'],
]);

/** The code of an error as JSON services write it. */
export function jsonErrorCode(code: string): string {
  return jsonCodes.get(code) ?? code;
}

/** Makes the protocol of a service. */
export function createJsonProtocol({ targetName, schemas }: JsonProtocolOptions): JsonProtocol {
  const operations = operationsOf(schemas);
  const shapeOf = (name: string): OperationShape => {
    const operation = operations.get(name);
    if (operation === undefined) throw new TypeError(`not an operation of ${targetName}: ${name}`);
    return operation;
  };
  return {
    targetName,
    operations: new Set(operations.keys()),
    operationOf(target) {
      const parsed = target === undefined ? undefined : parseTarget(target);
      if (parsed?.targetName !== targetName || !operations.has(parsed.operation)) throw new UnknownOperation();
      return parsed.operation;
    },
    decodeInput(operation, body) {
      const { input } = shapeOf(operation);
      const value = body.length === 0 ? new Map() : readJson(body);
      if (!(value instanceof Map)) throw new SerializationException('The request must be a JSON object.');
      return decodeJson(input, value);
    },
    encodeOutput: (operation, output) => encodeJson(shapeOf(operation).output, output),
    encodeError({ code, httpStatus, message }) {
      const type = jsonErrorCode(code);
      return {
        // JSON services answer a refusal of whatever kind with 400.
        httpStatus: httpStatus === 403 || httpStatus === 404 || httpStatus === 409 ? 400 : httpStatus,
        headers: { 'content-type': jsonContentType, 'x-amzn-errortype': type },
        body: JSON.stringify({ __type: type, message }),
      };
    },
  };
}

/** `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents` → target name `CloudTrail_20131101`, operation `LookupEvents`. */
export function parseTarget(target: string): { readonly targetName: string; readonly operation: string } {
  const dot = target.lastIndexOf('.');
  return { targetName: target.slice(target.lastIndexOf('.', dot - 1) + 1, Math.max(dot, 0)), operation: target.slice(dot + 1) };
}
