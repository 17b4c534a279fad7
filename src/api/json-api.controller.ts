import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  AwsError,
  InternalFailure,
  MalformedQueryString,
  UnsupportedMediaType,
  ValidationError,
  readJson,
  type JsonValue,
  type RawRequest,
} from '../../libs/aws/index.ts';
import { JsonApiAuthentication } from './json-api-authentication.ts';
import { validate } from '../iam/shape-validation.ts';
import type { Operation } from '../iam/operation.ts';
import { withCall, type Outcome } from '../pipeline/incoming-call.ts';
import { OperationTable } from './aws-services.ts';
import { IncomingCalls } from './incoming-calls.ts';
import { readRawRequest } from './raw-request.ts';

/** Limits of the JSON API. */
export abstract class JsonApiSettings {
  abstract readonly bodyBytesMax: number;
  /** Of the imports, which take whole accounts. */
  abstract readonly importBytesMax: number;
}

export const jsonApiService = 'iam-ledger';
const apiVersion = '1';

/**
 * What goes beyond AWS: `POST /v1/<operation>` with a JSON body, signed like any AWS request (service `iam-ledger`), allowed and refused by the
 * same policies as `iam-ledger:<Operation>`. Errors are `{"__type": "<code>", "message": "…"}`.
 */
@Controller('v1')
export class JsonApiController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(JsonApiAuthentication) private readonly authentication: JsonApiAuthentication,
    @Inject(IncomingCalls) private readonly calls: IncomingCalls,
    @Inject(OperationTable) private readonly operations: OperationTable,
    @Inject(JsonApiSettings) private readonly settings: JsonApiSettings,
  ) {}

  @Post('{*path}')
  async handle(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let raw: RawRequest | undefined;
    try {
      const isImport = request.url?.startsWith('/v1/import-') === true;
      raw = await readRawRequest(request, isImport ? this.settings.importBytesMax : this.settings.bodyBytesMax);
      const { answer, position } = await this.#answer(raw, request, requestId);
      send(response, { status: 200, requestId, position, body: answer ?? {} });
    } catch (error) {
      this.calls.logFailure(error, requestId);
      const declared = error instanceof AwsError ? error : new InternalFailure();
      send(response, { status: declared.httpStatus, requestId, body: { __type: declared.code, message: declared.message } });
      this.calls.noteRefusal(error, this.authentication, { request, raw, requestId, operationName: ({ target }) => operationName(target) });
    }
  }

  async #answer(raw: RawRequest, request: IncomingMessage, requestId: string): Promise<Outcome> {
    const now = new Date();
    const { caller, verified } = this.authentication.authenticate(raw, now);
    const operation = this.operations.find(jsonApiService, operationName(raw.target));
    if (operation === undefined)
      throw new MalformedQueryString(`There is no ${raw.target.slice(0, 128)}; see the list of operations in docs/json-api.md.`);
    const command = readCommand(operation, raw, verified.headers.get('content-type'));
    const incoming = this.calls.from({ request, verified, caller, operation, apiVersion, requestId, now });
    return this.commands.execute<never, Outcome>(withCall(command, incoming) as never);
  }
}

/** `/v1/search-audit` → `SearchAudit`; the path of an operation that exists matches nothing else. */
function operationName(target: string): string {
  return target
    .slice('/v1/'.length)
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** `SearchAudit` → `/v1/search-audit`. */
export const pathOfOperation = (name: string): string => `/v1/${name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase()}`;

/** @throws ValidationError for members the operation does not have: a misspelt filter must not be ignored */
function readCommand(operation: Operation, { body }: RawRequest, contentType: string | undefined) {
  if (contentType !== undefined && !/^application\/json(;.*)?$/i.test(contentType))
    throw new UnsupportedMediaType('The body must be application/json.');
  const input = body.length === 0 ? new Map<string, JsonValue>() : readJson(body);
  if (!(input instanceof Map)) throw new ValidationError('The request must be a JSON object.');
  const command = new operation.command();
  for (const [name, value] of input) {
    if (!Object.hasOwn(command, name))
      throw new ValidationError(`${operation.name} has no member '${name.slice(0, 64)}'; it has ${Object.keys(command).join(', ') || 'none'}.`);
    Object.assign(command, { [name]: plainJson(value) });
  }
  validate(command);
  return command;
}

function plainJson(value: JsonValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, inner]) => [name, plainJson(inner)]));
  return Array.isArray(value) ? value.map(plainJson) : value;
}

function send(
  response: ServerResponse,
  { status, requestId, position, body }: { status: number; requestId: string; position?: number; body: unknown },
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
    'cache-control': 'no-store',
    ...(position === undefined ? {} : { 'x-iam-ledger-position': String(position) }),
  });
  response.end(text);
}
