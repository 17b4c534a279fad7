/** The REST-JSON protocol of one service: Access Analyzer. Driven by the SDK's own schemas (Smithy: "AWS restJson1 protocol", "HTTP binding traits"). */
import { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../errors/declared-error.ts';
import { SerializationException, UnknownOperation } from '../errors/common.ts';
import { decodeJson } from '../json/decode.ts';
import { encodeJson } from '../json/encode.ts';
import { jsonErrorCode, type JsonErrorAnswer } from '../json/protocol.ts';
import { readJson } from '../json/reader.ts';
import { operationsOf, type OperationShape, type Plain, type Shape } from '../schema/shapes.ts';
import { queryParts } from '../sigv4/canonical.ts';

export interface RestJsonProtocolOptions {
  /** The client package: `import * as accessAnalyzer from '@aws-sdk/client-accessanalyzer'`. */
  readonly schemas: Readonly<Record<string, unknown>>;
}

/** What the protocol reads of a request; `target` is the request target, untouched. */
export interface RestRequest {
  readonly method: string;
  readonly target: string;
  readonly body: Uint8Array;
}

export interface RestJsonProtocol {
  readonly operations: ReadonlySet<string>;
  /** Whether some operation of the service is at a path, by whatever method. */
  isPath(path: string): boolean;
  /** The operation at a method and path. Throws `UnknownOperation`. */
  operationOf(request: Pick<RestRequest, 'method' | 'target'>): string;
  /** The operation's input from path, query and body. Throws `SerializationException`. Lengths, patterns and what is required are not looked at. */
  decodeInput(operation: string, request: RestRequest): Plain;
  /** The JSON of an answer; `output` is in the SDK's form. */
  encodeOutput(operation: string, output: Plain | undefined): string;
  /** A refusal or failure, with its code in a header and in the body. */
  encodeError(error: AwsError): JsonErrorAnswer;
}

/** The content type of every answer of this protocol. */
export const restJsonContentType = 'application/json';

/** Statuses that REST services use where Query services answer 400. */
const restStatuses: ReadonlyMap<string, number> = new Map([
  ['Throttling', 429],
  ['UnknownOperationException', 404],
]);

interface Route {
  readonly method: string;
  /** Segments of the path; one in braces takes any text. */
  readonly segments: readonly string[];
  readonly shape: OperationShape;
  /** Members that stand in the query: name there → member. */
  readonly query: ReadonlyMap<string, string>;
  readonly labels: ReadonlySet<string>;
}

/** Makes the protocol of a service. */
export function createRestJsonProtocol({ schemas }: RestJsonProtocolOptions): RestJsonProtocol {
  const routes = routesOf(schemas);
  const routeOf = (operation: string): Route => {
    const route = routes.get(operation);
    if (route === undefined) throw new TypeError(`not an operation of the service: ${operation}`);
    return route;
  };
  return {
    operations: new Set(routes.keys()),
    isPath: (path) => [...routes.values()].some(({ segments }) => matches(segments, path)),
    operationOf({ method, target }) {
      const path = pathOf(target);
      for (const [name, route] of routes) if (route.method === method && matches(route.segments, path)) return name;
      throw new UnknownOperation();
    },
    decodeInput(operation, { target, body }) {
      const route = routeOf(operation);
      return { ...readBody(route, body), ...readQuery(route, target), ...readLabels(route, target) };
    },
    encodeOutput: (operation, output) => encodeJson(routeOf(operation).shape.output, output),
    encodeError({ code, httpStatus, message }) {
      const type = jsonErrorCode(code);
      return {
        httpStatus: restStatuses.get(code) ?? httpStatus,
        headers: { 'content-type': restJsonContentType, 'x-amzn-errortype': type },
        body: JSON.stringify({ __type: type, message }),
      };
    },
  };
}

type OperationSchema = readonly [
  tag: number,
  namespace: string,
  name: string,
  traits: unknown,
  input: Parameters<typeof NormalizedSchema.of>[0],
  output: unknown,
];

function routesOf(schemas: Readonly<Record<string, unknown>>): ReadonlyMap<string, Route> {
  const shapes = operationsOf(schemas);
  const routes = new Map<string, Route>();
  for (const schema of Object.values(schemas) as OperationSchema[]) {
    const shape = Array.isArray(schema) ? shapes.get(schema[2]) : undefined;
    if (shape === undefined || routes.has(shape.name)) continue;
    const http = (schema[3] as { http?: readonly [string, string, number] } | undefined)?.http;
    if (http === undefined) continue;
    const query = new Map<string, string>();
    const labels = new Set<string>();
    const input = NormalizedSchema.of(schema[4]);
    for (const [member, of] of input.isStructSchema() ? input.structIterator() : []) {
      const { httpQuery, httpLabel } = of.getMergedTraits();
      if (httpQuery !== undefined) query.set(httpQuery, member);
      if (httpLabel) labels.add(member);
    }
    routes.set(shape.name, { method: http[0], segments: http[1].split('/').slice(1), shape, query, labels });
  }
  return routes;
}

const pathOf = (target: string): string => target.split('?', 1)[0] ?? '';

function matches(segments: readonly string[], path: string): boolean {
  const parts = path.split('/').slice(1);
  return parts.length === segments.length && segments.every((segment, at) => (segment.startsWith('{') ? parts[at] !== '' : parts[at] === segment));
}

function readBody({ shape, query, labels }: Route, body: Uint8Array): Plain {
  if (body.length === 0) return {};
  const value = readJson(body);
  if (!(value instanceof Map)) throw new SerializationException('The request must be a JSON object.');
  const bound = new Set([...query.values(), ...labels]);
  // What belongs into the query is not taken from the body.
  return decodeJson(shape.input, new Map([...value].filter(([name]) => !bound.has(name))));
}

function readQuery({ shape, query }: Route, target: string): Plain {
  const input: Record<string, unknown> = {};
  const question = target.indexOf('?');
  for (const part of question === -1 ? [] : queryParts(target.slice(question + 1))) {
    const [name, value] = [decoded(part.name), decoded(part.value)];
    const member = query.get(name);
    if (member === undefined) continue;
    if (Object.hasOwn(input, member)) throw new SerializationException(`${name.slice(0, 64)} must not be given twice.`);
    input[member] = readScalar(membersOf(shape).get(member), value, name);
  }
  return input;
}

function readLabels({ shape, segments }: Route, target: string): Plain {
  const parts = pathOf(target).split('/').slice(1);
  const input: Record<string, unknown> = {};
  for (const [at, segment] of segments.entries()) {
    if (!segment.startsWith('{')) continue;
    const member = segment.replace(/^\{|\+?\}$/g, '');
    input[member] = readScalar(membersOf(shape).get(member), decoded(parts[at] ?? ''), member);
  }
  return input;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SerializationException('The path or query is not valid UTF-8 in percent encoding.');
  }
}

function membersOf({ input }: OperationShape): ReadonlyMap<string, Shape> {
  return input.kind === 'structure' ? input.members() : new Map();
}

/** A text of the query or the path as what the shape says it is. */
function readScalar(shape: Shape | undefined, text: string, name: string): unknown {
  switch (shape?.kind) {
    case 'number':
      if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) throw new SerializationException(`${name.slice(0, 64)} must be a number.`);
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw new SerializationException(`${name.slice(0, 64)} must be true or false.`);
      return text === 'true';
    case 'string':
      return text;
    default:
      throw new SerializationException(`${name.slice(0, 64)} can not be read from the request's path.`);
  }
}
