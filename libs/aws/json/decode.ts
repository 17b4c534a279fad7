/** From a JSON body to an operation's input, by its shape (AWS: Smithy's "AWS JSON 1.1 protocol"). */
import { SerializationException } from '../errors/common.ts';
import type { Plain, Shape } from '../schema/shapes.ts';
import type { JsonValue } from './reader.ts';

/**
 * The input of an operation. `null` members are as absent; members that the shape does not know are passed over. Timestamps are epoch seconds.
 * Throws `SerializationException` for a value of another kind than the shape's.
 */
export function decodeJson(shape: Shape, value: JsonValue): Plain {
  if (shape.kind === 'unit') return {};
  return read(shape, value, 'The request') as Plain;
}

function read(shape: Shape, value: JsonValue, path: string): unknown {
  switch (shape.kind) {
    case 'string':
    case 'boolean':
    case 'number':
      if (typeof value !== shape.kind) throw wrong(path, `a ${shape.kind}`);
      return value;
    case 'timestamp':
      return readTimestamp(value, path);
    case 'blob':
      return readBlob(value, path);
    case 'list':
      if (!Array.isArray(value)) throw wrong(path, 'a list');
      return value.map((element: JsonValue, at) => read(shape.element(), element, `${path}.${at}`));
    case 'map':
      return Object.fromEntries(
        [...membersOf(value, path)].filter(([, of]) => of !== null).map(([key, of]) => [key, read(shape.value(), of, `${path}.${key}`)]),
      );
    case 'structure': {
      const structure: Record<string, unknown> = {};
      const members = membersOf(value, path);
      for (const [name, member] of shape.members()) {
        const of = members.get(name);
        if (of !== undefined && of !== null) structure[name] = read(member, of, path === 'The request' ? name : `${path}.${name}`);
      }
      return structure;
    }
    case 'unit':
      return {};
    default:
      return shape satisfies never;
  }
}

function membersOf(value: JsonValue, path: string): ReadonlyMap<string, JsonValue> {
  if (!(value instanceof Map)) throw wrong(path, 'an object');
  return value;
}

/** The moments a `Date` can hold, in seconds. */
const secondsMax = 8_640_000_000_000;

function readTimestamp(value: JsonValue, path: string): Date {
  if (typeof value !== 'number' || Math.abs(value) > secondsMax) throw wrong(path, 'a time in seconds since 1970');
  return new Date(Math.round(value * 1000));
}

function readBlob(value: JsonValue, path: string): Uint8Array {
  if (typeof value !== 'string' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value)) throw wrong(path, 'base64');
  return new Uint8Array(Buffer.from(value, 'base64'));
}

function wrong(path: string, kind: string): SerializationException {
  return new SerializationException(`${path.slice(0, 128)} must be ${kind}.`);
}
