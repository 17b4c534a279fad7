/** The AWS Query protocol of one service: form parameters in, XML out, both driven by the SDK's own schemas. */
import type { AwsError } from '../errors/declared-error.ts';
import { InvalidAction, MissingAction, MissingParameter } from '../errors/common.ts';
import { operationsOf, type Plain } from '../schema/shapes.ts';
import { inputDecoder } from './decode.ts';
import { escapeXml, outputEncoder } from './encode.ts';
import type { Parameters } from './form.ts';

export interface QueryProtocolOptions {
  /** The API version that a request must name: `2010-05-08`. */
  readonly version: string;
  /** The XML namespace of every answer: `https://iam.amazonaws.com/doc/2010-05-08/`. */
  readonly namespace: string;
  /** The client package: `import * as iam from '@aws-sdk/client-iam'`. */
  readonly schemas: Readonly<Record<string, unknown>>;
  /** Names of string members that answers carry percent-encoded (see `iamPercentEncodedMembers`). None by default. */
  readonly percentEncodedMembers?: ReadonlySet<string>;
}

export interface QueryProtocol {
  readonly version: string;
  readonly namespace: string;
  readonly operations: ReadonlySet<string>;
  /**
   * The operation that the parameters name. Throws `MissingAction`, `MissingParameter` (no Version), `InvalidAction` (not an operation of this
   * service and version; names are case-sensitive).
   */
  operationOf(parameters: Parameters): string;
  /** The operation's input: members typed by their shapes, others passed over. Throws `ValidationError`. Lengths, patterns and what is required are not looked at. */
  decodeInput(operation: string, parameters: Parameters): Plain;
  /** The XML of an answer. `output` is in the SDK's form; of an operation without output it is not looked at. */
  encodeOutput(operation: string, output: Plain | undefined, requestId: string): string;
  /** The XML of a refusal or failure. */
  encodeError(error: AwsError, requestId: string): string;
}

/** The members of IAM's answers that hold policy documents: percent-encoded by RFC 3986 (IAM API reference, e.g. GetUserPolicy). */
export const iamPercentEncodedMembers: ReadonlySet<string> = new Set(['PolicyDocument', 'AssumeRolePolicyDocument', 'Document']);

/** The content type of every answer of this protocol. */
export const queryContentType = 'text/xml';

interface CompiledOperation {
  readonly decode: (parameters: Parameters) => Plain;
  readonly encode: (output: Plain | undefined) => string;
  readonly start: string;
  readonly end: string;
}

/** Makes the protocol of a service. Readers and writers of an operation are made once, at its first call. */
export function createQueryProtocol({ version, namespace, schemas, percentEncodedMembers = new Set() }: QueryProtocolOptions): QueryProtocol {
  const operations = operationsOf(schemas);
  const decoderOf = inputDecoder();
  const encoderOf = outputEncoder(percentEncodedMembers);
  const compiled = new Map<string, CompiledOperation>();

  const compile = (name: string): CompiledOperation => {
    const operation = operations.get(name);
    if (operation === undefined) throw new TypeError(`not an operation of ${namespace}: ${name}`);
    const isVoid = operation.output.kind === 'unit';
    const encode = encoderOf(operation.output);
    return {
      decode: decoderOf(operation.input),
      encode: isVoid ? () => '' : (output) => encode(output ?? {}),
      start: `<${name}Response xmlns="${escapeXml(namespace)}">${isVoid ? '' : `<${name}Result>`}`,
      end: `${isVoid ? '' : `</${name}Result>`}<ResponseMetadata><RequestId>`,
    };
  };
  const compiledOf = (name: string): CompiledOperation => {
    let operation = compiled.get(name);
    if (operation === undefined) compiled.set(name, (operation = compile(name)));
    return operation;
  };

  return {
    version,
    namespace,
    operations: new Set(operations.keys()),
    operationOf(parameters) {
      const action = parameters.get('Action');
      if (action === undefined || action === '') throw new MissingAction();
      const given = parameters.get('Version');
      if (given === undefined || given === '') throw new MissingParameter('The request must contain the parameter Version.');
      if (given !== version || !operations.has(action))
        throw new InvalidAction(`Could not find operation ${action.slice(0, 128)} for version ${given.slice(0, 32)}`);
      return action;
    },
    decodeInput: (operation, parameters) => compiledOf(operation).decode(parameters),
    encodeOutput(operation, output, requestId) {
      const { encode, start, end } = compiledOf(operation);
      return `${start}${encode(output)}${end}${escapeXml(requestId)}</RequestId></ResponseMetadata></${operation}Response>`;
    },
    encodeError: ({ fault, code, message }, requestId) =>
      `<ErrorResponse xmlns="${escapeXml(namespace)}"><Error><Type>${fault}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message></Error>` +
      `<RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`,
  };
}
