import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  MethodNotAllowed,
  MissingAuthenticationToken,
  RequestEntityTooLarge,
  readHeaders,
  type RawRequest,
  type VerifiedRequest,
} from '../../libs/aws/index.ts';
import { Authentication } from '../authentication/authenticate.ts';
import type { AwsCommand, Operation } from '../iam/operation.ts';
import { validate } from '../iam/shape-validation.ts';
import { withCall, type IncomingCall, type Outcome } from '../pipeline/incoming-call.ts';
import { OperationTable, encodeError, readWireCall, unsignedOperation, type WireAnswer, type WireCall } from './aws-services.ts';
import { IncomingCalls } from './incoming-calls.ts';
import { readRawRequest } from './raw-request.ts';

/** Limits of the AWS endpoint. */
export abstract class AwsEndpointSettings {
  abstract readonly bodyBytesMax: number;
}

/**
 * The AWS endpoint: IAM and STS (Query protocol), CloudTrail (JSON 1.1). One method, whatever the operation:
 * raw request → who → which operation → its input → the pipeline → the answer in the form of its protocol.
 */
@Controller()
export class AwsEndpointController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(Authentication) private readonly authentication: Authentication,
    @Inject(IncomingCalls) private readonly calls: IncomingCalls,
    @Inject(OperationTable) private readonly operations: OperationTable,
    @Inject(AwsEndpointSettings) private readonly settings: AwsEndpointSettings,
  ) {}

  @All('{*path}')
  async handle(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let raw: RawRequest | undefined;
    try {
      raw = await readRawRequest(request, this.settings.bodyBytesMax);
      const { answer, position } = await this.#answer(raw, request, requestId);
      send(response, requestId, answer, position);
    } catch (error) {
      if (error instanceof RequestEntityTooLarge) response.setHeader('connection', 'close');
      this.calls.logFailure(error, requestId);
      send(response, requestId, encodeError(error, raw, requestId));
      this.calls.noteRefusal(error, this.authentication, { request, raw, requestId, operationName: namedOperation });
    }
  }

  async #answer(raw: RawRequest, request: IncomingMessage, requestId: string): Promise<{ answer: WireAnswer; position: number }> {
    if (raw.method !== 'POST' && raw.method !== 'GET') throw new MethodNotAllowed(`The method ${raw.method.slice(0, 16)} is not served here.`);
    const { command, incoming, encodeAnswer } = this.#read(raw, request, requestId);
    const { answer, position } = await this.commands.execute<never, Outcome>(withCall(command, incoming) as never);
    return { answer: encodeAnswer(answer, requestId), position };
  }

  #read(raw: RawRequest, request: IncomingMessage, requestId: string): ReadCall {
    const now = new Date();
    const authenticated = this.#authenticate(raw, now);
    if (authenticated === undefined) return this.#readUnsigned(raw, request, requestId, now);
    const { caller, verified } = authenticated;
    const { operation, input, apiVersion, encodeAnswer } = readWireCall(raw, verified, this.operations);
    const incoming = this.calls.from({ request, verified, caller, operation, apiVersion, requestId, now });
    return { command: commandOf(operation, input), incoming, encodeAnswer };
  }

  /** Who signed; `undefined` where nobody did and the operation needs no signature. @throws AWS's errors of signature, clock, token and key */
  #authenticate(raw: RawRequest, now: Date) {
    try {
      return this.authentication.authenticate(raw, now);
    } catch (error) {
      if (error instanceof MissingAuthenticationToken && unsignedOperation(raw, readHeaders(raw.rawHeaders), this.operations) !== undefined)
        return undefined;
      throw error;
    }
  }

  #readUnsigned(raw: RawRequest, request: IncomingMessage, requestId: string, now: Date): ReadCall {
    const headers = readHeaders(raw.rawHeaders);
    const { operation, input, apiVersion, encodeAnswer } = readWireCall(raw, { headers, service: undefined }, this.operations);
    const command = commandOf(operation, input);
    const incoming = this.calls.fromUnsigned({ request, headers, operation, command, apiVersion, requestId, now });
    return { command, incoming, encodeAnswer };
  }
}

interface ReadCall extends Pick<WireCall, 'encodeAnswer'> {
  readonly command: AwsCommand<unknown>;
  readonly incoming: IncomingCall;
}

function commandOf(operation: Operation, input: WireCall['input']): AwsCommand<unknown> {
  const command = Object.assign(new operation.command(), input);
  validate(command);
  return command;
}

/** The operation of a request whose signature holds: `Action` of the Query protocol, what stands last in `X-Amz-Target` of the JSON protocols. */
function namedOperation({ target, body }: RawRequest, { headers }: VerifiedRequest): string {
  const named = headers.get('x-amz-target');
  if (named !== undefined) return named.slice(named.lastIndexOf('.') + 1);
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  return new URLSearchParams(query).get('Action') ?? new URLSearchParams(Buffer.from(body).toString()).get('Action') ?? '';
}

function send(response: ServerResponse, requestId: string, { status, contentType, body, headers = {} }: WireAnswer, position?: number): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': requestId,
    'cache-control': 'no-store',
    ...(position === undefined ? {} : { 'x-iam-ledger-position': String(position) }),
    ...headers,
  });
  response.end(body);
}
