/** The shapes of inputs and outputs, as the AWS SDK publishes them: one static schema per operation, exported from each client package's root. */
import { NormalizedSchema } from '@smithy/core/schema';

/** One operation of a service. */
export interface OperationShape {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
}

/**
 * A shape. Members are behind functions because shapes may hold themselves; each shape is one object, however often it is used,
 * so a codec can keep what it compiled by identity.
 */
export type Shape =
  | { readonly kind: 'unit' | 'string' | 'boolean' | 'number' | 'timestamp' | 'blob' }
  | { readonly kind: 'list'; readonly element: () => Shape }
  | { readonly kind: 'map'; readonly value: () => Shape }
  | { readonly kind: 'structure'; readonly name: string; readonly members: () => ReadonlyMap<string, Shape> };

/** An input or output in the SDK's form: member names as on the wire, timestamps as `Date`, blobs as `Uint8Array`. */
export type Plain = Readonly<Record<string, unknown>>;

const operationTag = 9;

/**
 * The operations of a client package. `schemas` is the module itself (`import * as iam from '@aws-sdk/client-iam'`): every export that is an
 * operation's schema is taken, the rest is passed over.
 */
export function operationsOf(schemas: Readonly<Record<string, unknown>>): ReadonlyMap<string, OperationShape> {
  const operations = new Map<string, OperationShape>();
  const shapes = new Map<unknown, Shape>();
  for (const schema of Object.values(schemas)) {
    if (!Array.isArray(schema) || schema[0] !== operationTag) continue;
    const [, , name, , input, output] = schema as [number, string, string, unknown, SchemaRef, SchemaRef];
    operations.set(name, { name, input: shapeOf(NormalizedSchema.of(input), shapes), output: shapeOf(NormalizedSchema.of(output), shapes) });
  }
  return operations;
}
type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

const leaves = {
  unit: { kind: 'unit' },
  string: { kind: 'string' },
  boolean: { kind: 'boolean' },
  number: { kind: 'number' },
  timestamp: { kind: 'timestamp' },
  blob: { kind: 'blob' },
} as const satisfies Record<string, Shape>;

function shapeOf(schema: NormalizedSchema, shapes: Map<unknown, Shape>): Shape {
  if (schema.isUnitSchema()) return leaves.unit;
  if (schema.isStringSchema()) return leaves.string;
  if (schema.isBooleanSchema()) return leaves.boolean;
  if (schema.isNumericSchema()) return leaves.number;
  if (schema.isTimestampSchema()) return leaves.timestamp;
  if (schema.isBlobSchema()) return leaves.blob;
  const key = schema.getSchema();
  const known = shapes.get(key);
  if (known !== undefined) return known;
  const shape = compositeOf(schema, shapes);
  shapes.set(key, shape);
  return shape;
}

function compositeOf(schema: NormalizedSchema, shapes: Map<unknown, Shape>): Shape {
  if (schema.isListSchema()) return { kind: 'list', element: () => shapeOf(schema.getValueSchema(), shapes) };
  if (schema.isMapSchema()) return { kind: 'map', value: () => shapeOf(schema.getValueSchema(), shapes) };
  if (schema.isStructSchema()) {
    let members: ReadonlyMap<string, Shape> | undefined;
    return {
      kind: 'structure',
      name: schema.getName() ?? '',
      members: () => (members ??= new Map([...schema.structIterator()].map(([name, member]) => [name, shapeOf(member, shapes)]))),
    };
  }
  throw new TypeError(`a schema of a kind that no codec here knows: ${schema.getName(true)}`);
}
