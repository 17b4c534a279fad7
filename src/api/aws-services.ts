import * as accessAnalyzerClient from '@aws-sdk/client-accessanalyzer';
import * as cloudTrailClient from '@aws-sdk/client-cloudtrail';
import * as iamClient from '@aws-sdk/client-iam';
import * as stsClient from '@aws-sdk/client-sts';
import {
  InternalFailure,
  InvalidAction,
  SignatureDoesNotMatch,
  UnknownOperation,
  createJsonProtocol,
  createQueryProtocol,
  createRestJsonProtocol,
  iamPercentEncodedMembers,
  jsonContentType,
  queryContentType,
  readParameters,
  restJsonContentType,
  routeOf,
  type AwsError,
  type JsonProtocol,
  type QueryProtocol,
  type RawRequest,
  type VerifiedRequest,
} from '../../libs/aws/index.ts';
import { AwsError as AwsErrorClass } from '../../libs/aws/index.ts';
import type { Operation } from '../iam/operation.ts';

/** An answer, ready to be sent. */
export interface WireAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call as the wire named it. */
export interface WireCall {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
  readonly apiVersion: string;
  encodeAnswer(answer: unknown, requestId: string): WireAnswer;
}

type Service =
  | { readonly name: string; readonly protocol: 'query'; readonly version: string; readonly codec: QueryProtocol }
  | { readonly name: string; readonly protocol: 'json'; readonly targetName: string; readonly version: string; readonly codec: JsonProtocol };

const iam = createQueryProtocol({
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  schemas: iamClient,
  percentEncodedMembers: iamPercentEncodedMembers,
});
const sts = createQueryProtocol({ version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', schemas: stsClient });
const cloudTrail = createJsonProtocol({ targetName: 'CloudTrail_20131101', schemas: cloudTrailClient });

/** The services behind the one AWS endpoint. */
const services: readonly Service[] = [
  { name: 'iam', protocol: 'query', version: iam.version, codec: iam },
  { name: 'sts', protocol: 'query', version: sts.version, codec: sts },
  { name: 'cloudtrail', protocol: 'json', targetName: 'CloudTrail_20131101', version: '2013-11-01', codec: cloudTrail },
];

/** Access Analyzer is told from the others by its paths. */
const accessAnalyzer = { name: 'access-analyzer', version: '2019-11-01', codec: createRestJsonProtocol({ schemas: accessAnalyzerClient }) };

/** Names of the services a signature may be scoped to at the AWS endpoint. */
export const awsServiceNames: readonly string[] = [...services.map(({ name }) => name), accessAnalyzer.name];

/** Whether something is served at a path of the AWS endpoint: all of Query and JSON services at the root, REST services at their operations' paths. */
export function isAwsPath(path: string): boolean {
  return path === '/' || accessAnalyzer.codec.isPath(path);
}

/** The operations that are offered, found by service and name. */
export class OperationTable {
  readonly #byName: ReadonlyMap<string, Operation>;

  constructor(operations: readonly Operation[]) {
    this.#byName = new Map(operations.map((operation) => [`${operation.service}:${operation.name}`, operation]));
  }

  find(service: string, name: string): Operation | undefined {
    return this.#byName.get(`${service}:${name}`);
  }

  /** All of them, in the order in which they were registered. */
  all(): Operation[] {
    return [...this.#byName.values()];
  }
}

/** What is known of a request before its input is read: its headers, and the service that its signature is for; `undefined` where it has none. */
export interface WireFacts {
  readonly headers: VerifiedRequest['headers'];
  readonly service: string | undefined;
}

/**
 * The operation that a request without a signature is for, if it is one that needs none; `undefined` for any other request. Nothing of its input is
 * looked at but its name.
 */
export function unsignedOperation(request: RawRequest, headers: WireFacts['headers'], table: OperationTable): Operation | undefined {
  if (headers.has('x-amz-target') || (request.target.split('?', 1)[0] ?? '') !== '/') return undefined;
  try {
    const parameters = readParameters({ method: request.method, target: request.target, headers, body: request.body });
    if (parameters.get('Version') !== sts.version) return undefined;
    const operation = table.find('sts', sts.operationOf(parameters));
    return operation?.declaration.unsigned === undefined ? undefined : operation;
  } catch {
    return undefined; // what can not be read is no such call: it lacks a signature
  }
}

/**
 * Reads which operation a verified request is for, and its input.
 *
 * @throws AWS's errors of routing and parsing; `InvalidAction` for an operation that AWS has and this server does not offer
 */
export function readWireCall(request: RawRequest, verified: WireFacts, table: OperationTable): WireCall {
  if (isRest(request)) return readRestCall(request, verified, table);
  const target = verified.headers.get('x-amz-target');
  const parameters =
    target === undefined
      ? readParameters({ method: request.method, target: request.target, headers: verified.headers, body: request.body })
      : undefined;
  const service = routeOf(services, { scope: verified.service, version: parameters?.get('Version'), target });
  if (service.protocol === 'json') {
    const name = service.codec.operationOf(target);
    const operation = offered(table, service.name, name, () => new UnknownOperation());
    const input = service.codec.decodeInput(name, request.body);
    return {
      operation,
      input,
      apiVersion: service.version,
      encodeAnswer: (answer) => ({
        status: 200,
        contentType: jsonContentType,
        body: service.codec.encodeOutput(name, answer as Record<string, unknown>),
      }),
    };
  }
  const name = service.codec.operationOf(parameters!); // a service of the Query protocol is not reached by a target
  const operation = offered(
    table,
    service.name,
    name,
    () => new InvalidAction(`${name} is an operation of AWS that this server does not offer; see docs/operations.md.`),
  );
  return {
    operation,
    input: service.codec.decodeInput(name, parameters!),
    apiVersion: service.version,
    encodeAnswer: (answer, requestId) => ({
      status: 200,
      contentType: queryContentType,
      body: service.codec.encodeOutput(name, answer as Record<string, unknown>, requestId),
    }),
  };
}

const isRest = ({ target }: Pick<RawRequest, 'target'>): boolean => accessAnalyzer.codec.isPath(target.split('?', 1)[0] ?? '');

function readRestCall(request: RawRequest, verified: WireFacts, table: OperationTable): WireCall {
  const { name: service, version, codec } = accessAnalyzer;
  // A signature made for one service must not serve another.
  if (verified.service !== service) throw new SignatureDoesNotMatch(`Credential should be scoped to correct service: '${service}'.`);
  const name = codec.operationOf(request);
  return {
    operation: offered(table, service, name, () => new UnknownOperation()),
    input: codec.decodeInput(name, request),
    apiVersion: version,
    encodeAnswer: (answer) => ({ status: 200, contentType: restJsonContentType, body: codec.encodeOutput(name, answer as Record<string, unknown>) }),
  };
}

function offered(table: OperationTable, service: string, name: string, refusal: () => AwsError): Operation {
  const operation = table.find(service, name);
  if (operation === undefined) throw refusal();
  return operation;
}

/** An error in the form that the client of this request can read, also where the request itself could not be. */
export function encodeError(error: unknown, request: Pick<RawRequest, 'target' | 'rawHeaders' | 'body'> | undefined, requestId: string): WireAnswer {
  const declared = error instanceof AwsErrorClass ? error : new InternalFailure();
  if (request !== undefined && isRest(request)) {
    const { httpStatus, headers: errorHeaders, body } = accessAnalyzer.codec.encodeError(declared);
    return { status: httpStatus, contentType: restJsonContentType, body, headers: errorHeaders };
  }
  const headers = request?.rawHeaders ?? [];
  const target = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'x-amz-target');
  if (target >= 0) {
    const { httpStatus, headers: errorHeaders, body } = cloudTrail.encodeError(declared);
    return { status: httpStatus, contentType: jsonContentType, body, headers: errorHeaders };
  }
  const isSts = request !== undefined && Buffer.from(request.body).subarray(0, 4096).includes(`Version=${sts.version}`);
  return { status: declared.httpStatus, contentType: queryContentType, body: (isSts ? sts : iam).encodeError(declared, requestId) };
}
