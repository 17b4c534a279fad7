import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  AwsError,
  InternalFailure,
  MethodNotAllowed,
  locationXml,
  objectListXml,
  s3ContentType,
  s3ErrorXml,
  type RawRequest,
} from '../../libs/aws/index.ts';
import { GetBucketLocation, GetObject, ListBucket } from '../audit/log-files/bucket-operations.ts';
import { trailBucket } from '../audit/log-files/log-file-names.ts';
import type { ObjectFacts, StoredObject } from '../audit/log-files/object-store.ts';
import type { AwsCommand } from '../iam/operation.ts';
import { withCall, type Outcome } from '../pipeline/incoming-call.ts';
import { OperationTable } from './aws-services.ts';
import { BucketAuthentication } from './bucket-authentication.ts';
import { IncomingCalls } from './incoming-calls.ts';
import { readRawRequest } from './raw-request.ts';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const apiVersion = '2006-03-01';
/** What reads need has no body. */
const bodyBytesMax = 1_024;

export const bucketService = 's3';
/** Whether a path is the bucket or an object in it. */
export const isBucketPath = (path: string): boolean => path === `/${trailBucket}` || path.startsWith(`/${trailBucket}/`);

/** The bucket of the log files, as far as S3's own clients read it to check them: GetBucketLocation, ListObjects, GetObject, in the path style. */
@Controller(trailBucket)
export class BucketController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(BucketAuthentication) private readonly authentication: BucketAuthentication,
    @Inject(IncomingCalls) private readonly calls: IncomingCalls,
    @Inject(OperationTable) private readonly operations: OperationTable,
  ) {}

  @All(['', '{*path}'])
  async handle(@Req() request: IncomingMessage, @Res() response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    try {
      const raw = await readRawRequest(request, bodyBytesMax);
      send(response, requestId, await this.#answer(raw, request, requestId));
    } catch (error) {
      this.calls.logFailure(error, requestId);
      const { code, message, httpStatus } = error instanceof AwsError ? error : new InternalFailure();
      send(response, requestId, { status: httpStatus, headers: { 'content-type': s3ContentType }, body: s3ErrorXml(code, message, requestId) });
    }
  }

  async #answer(raw: RawRequest, request: IncomingMessage, requestId: string): Promise<Answer> {
    const now = new Date();
    const { caller, verified } = this.authentication.authenticate(raw, now);
    if (raw.method !== 'GET') throw new MethodNotAllowed(`The method ${raw.method.slice(0, 16)} is not served here.`);
    const { command, encode } = readCall(raw.target);
    const operation = this.operations.find(bucketService, command.constructor.name)!; // the module registers the three
    const incoming = this.calls.from({ request, verified, caller, operation, apiVersion, requestId, now });
    const { answer } = await this.commands.execute<never, Outcome>(withCall(command, incoming) as never);
    return { status: 200, ...encode(answer) };
  }
}

interface BucketCall {
  readonly command: AwsCommand<unknown>;
  readonly encode: (answer: unknown) => Omit<Answer, 'status'>;
}

/** Which of the three reads a target means. */
function readCall(target: string): BucketCall {
  const { pathname, searchParams } = new URL(target, 'http://bucket');
  const key = decodeURIComponent(pathname.slice(`/${trailBucket}/`.length));
  if (key !== '') return { command: Object.assign(new GetObject(), { Key: key }), encode: (answer) => objectAnswer(answer as StoredObject) };
  if (searchParams.has('location')) {
    return { command: new GetBucketLocation(), encode: (answer) => xml(locationXml((answer as { region: string }).region)) };
  }
  const [prefix, marker] = [searchParams.get('prefix') ?? '', searchParams.get('marker') ?? ''];
  const command = Object.assign(new ListBucket(), { Prefix: prefix, Marker: marker, MaxKeys: Number(searchParams.get('max-keys') ?? 1_000) });
  const urlEncoded = searchParams.get('encoding-type') === 'url';
  return {
    command,
    encode: (answer) => {
      const listed = answer as { objects: readonly ObjectFacts[]; isTruncated: boolean; keysMax: number };
      return xml(objectListXml({ bucket: trailBucket, prefix, marker, urlEncoded, ...listed }));
    },
  };
}

const xml = (body: string): Omit<Answer, 'status'> => ({ headers: { 'content-type': s3ContentType }, body });

function objectAnswer({ content, metadata, lastModified, etag }: StoredObject): Omit<Answer, 'status'> {
  const told = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return {
    headers: {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'last-modified': lastModified.toUTCString(),
      etag: `"${etag}"`,
      ...Object.fromEntries(told),
    },
    body: content,
  };
}

function send(response: ServerResponse, requestId: string, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body), 'x-amz-request-id': requestId });
  response.end(body);
}
