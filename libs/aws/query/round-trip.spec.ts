import { describe, expect, it } from '@jest/globals';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { operationsOf, type Plain, type Shape } from '../schema/shapes.ts';
import type { AwsError } from '../errors/declared-error.ts';
import * as wire from '../index.ts';
import { percentEncode } from './encode.ts';
import { createQueryProtocol, iamPercentEncodedMembers } from './protocol.ts';
import { readParameters } from './request.ts';

/** A request as a client hands it to its transport. */
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}
type Client = { send(command: unknown): Promise<Plain> };
type CommandClass = new (input: Plain) => unknown;

type Transport = (sent: Sent) => { statusCode: number; body: string };

/** An SDK client whose transport is a function, set anew for each call: what the SDK writes and reads, without a network. */
function clientOf(Client: new (configuration: never) => unknown): { readonly call: (command: unknown, transport: Transport) => Promise<Plain> } {
  let current: Transport | undefined;
  const requestHandler = {
    async handle(sent: Sent) {
      if (current === undefined) throw new Error('no call is under way');
      const { statusCode, body } = current(sent);
      return { response: { statusCode, headers: { 'content-type': 'text/xml' }, body: new Blob([body]).stream() } };
    },
  };
  const client = new Client({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' },
    maxAttempts: 1,
    requestHandler,
  } as never) as Client;
  return {
    call(command, transport) {
      current = transport;
      return client.send(command);
    },
  };
}

/**
 * What an XML text can carry through the SDK's own reader: it drops white space around a text and reads an empty one as nothing, so texts start and
 * end with a letter; what XML cannot hold has a test of its own.
 */
const text = fc
  .string({
    unit: fc.constantFrom(
      'a',
      'Z',
      '7',
      ' ',
      '<',
      '>',
      '&',
      '"',
      "'",
      ']]>',
      '%',
      '+',
      '=',
      '/',
      '.',
      'ü',
      '€',
      '𝄞',
      '\t',
      '\n',
      '\r',
      '\u0085',
      '\u007f',
    ),
    maxLength: 8,
  })
  .map((middle) => `x${middle}y`);

/** Values of a shape; lists are not empty where the SDK cannot tell an empty list from none. */
function valuesOf(shape: Shape, depth: number, forInput: boolean): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return text;
    case 'boolean':
      return fc.boolean();
    case 'number':
      return fc.integer({ min: -2147483648, max: 2147483647 });
    case 'timestamp':
      return fc
        .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
        .map((date) => new Date(Math.floor(date.getTime() / 1000) * 1000));
    case 'blob':
      return fc.uint8Array({ minLength: 1, maxLength: 9 });
    case 'list':
      return depth > 4 ? fc.constant([]) : fc.array(valuesOf(shape.element(), depth + 1, forInput), { minLength: forInput ? 0 : 1, maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,8}$/), valuesOf(shape.value(), depth + 1, forInput), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      });
    case 'structure': {
      const members = [...shape.members()].filter(([, member]) => depth <= 4 || (member.kind !== 'list' && member.kind !== 'structure'));
      // At least one member is there: a client writes nothing for an empty structure.
      const [first] = members;
      return fc.record(Object.fromEntries(members.map(([name, member]) => [name, valuesOf(member, depth + 1, forInput)])), {
        requiredKeys: first === undefined ? [] : [first[0]],
        noNullPrototype: true,
      });
    }
    case 'unit':
      return fc.constant({});
    default:
      return shape satisfies never;
  }
}

/** The SDK's reader leaves documents percent-encoded. */
function withDocumentsEncoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDocumentsEncoded);
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, of]) => [
      name,
      iamPercentEncodedMembers.has(name) && typeof of === 'string' ? percentEncode(of) : withDocumentsEncoded(of),
    ]),
  );
}

const services = [
  {
    name: 'IAM',
    module: iam as Readonly<Record<string, unknown>>,
    Client: iam.IAMClient,
    protocol: createQueryProtocol({
      version: '2010-05-08',
      namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
      schemas: iam,
      percentEncodedMembers: iamPercentEncodedMembers,
    }),
    operations: 180,
    expected: withDocumentsEncoded,
  },
  {
    name: 'STS',
    module: sts as Readonly<Record<string, unknown>>,
    Client: sts.STSClient,
    protocol: createQueryProtocol({ version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', schemas: sts }),
    operations: 12,
    expected: (value: unknown) => value,
  },
];

describe.each(services)('between the SDK of $name and this codec', ({ module, Client, protocol, operations, expected }) => {
  const shapes = operationsOf(module);
  const client = clientOf(Client as never);

  it('every operation is known to both', () => {
    expect(protocol.operations.size).toBe(operations);
    expect([...protocol.operations].filter((name) => typeof module[`${name}Command`] !== 'function')).toEqual([]);
  });

  it.each([...shapes.values()])('$name goes in and comes out whole', async ({ name, input, output }) => {
    const Command = module[`${name}Command`] as CommandClass;
    const inputs = valuesOf(input, 0, true) as fc.Arbitrary<Plain>;
    const outputs = valuesOf(output, 0, false) as fc.Arbitrary<Plain>;
    await fc.assert(
      fc.asyncProperty(inputs, outputs, async (given, answer) => {
        let received: Plain | undefined;
        const response = await client.call(new Command(given), ({ method, path, headers, body }) => {
          const lower = new Map(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]));
          const parameters = readParameters({ method, target: path, headers: lower, body: Buffer.from(body ?? '') });
          expect(protocol.operationOf(parameters)).toBe(name);
          received = protocol.decodeInput(name, parameters);
          return { statusCode: 200, body: protocol.encodeOutput(name, answer, 'request-id') };
        });
        const { $metadata: metadata, ...got } = response;
        expect(received).toEqual(given);
        expect(got).toEqual(output.kind === 'unit' ? {} : expected(answer));
        expect(metadata).toBeDefined();
      }),
      { numRuns: 12 },
    );
  });

  it('every declared error arrives as its exception, with code, message and fault', async () => {
    const declared = new Map<string, new (message: string) => AwsError>();
    for (const value of Object.values(wire))
      if (typeof value === 'function' && 'httpStatus' in value) declared.set((value as unknown as { code: string }).code, value as never);
    const Command = module[`${[...shapes.keys()][0] ?? ''}Command`] as CommandClass;
    const exceptions = Object.values(module).filter(
      (schema): schema is [number, string, string, { awsQueryError?: [string, number]; httpError: number }] =>
        Array.isArray(schema) && schema[0] === -3 && schema[3] !== 0,
    );
    expect(exceptions.length).toBeGreaterThan(10);
    for (const [, , exceptionName, traits] of exceptions) {
      const [code, httpStatus] = traits.awsQueryError ?? [exceptionName, traits.httpError];
      const ErrorClass = declared.get(code);
      if (ErrorClass === undefined) throw new Error(`${code} is not declared`);
      const error = new ErrorClass('a <message> & more');
      expect(error.httpStatus).toBe(httpStatus);
      const answer = { statusCode: error.httpStatus, body: protocol.encodeError(error, 'request-id') };
      await expect(client.call(new Command({}), () => answer)).rejects.toMatchObject({
        name: exceptionName,
        message: 'a <message> & more',
        Error: { Type: httpStatus >= 500 ? 'Receiver' : 'Sender', Code: code },
      });
    }
  });
});
