/** From an operation's output to JSON, by its shape. */
import type { Plain, Shape } from '../schema/shapes.ts';

/** The JSON text of an output in the SDK's form: timestamps as epoch seconds, blobs as base64, absent members left out. */
export function encodeJson(shape: Shape, output: Plain | undefined): string {
  return shape.kind === 'unit' ? '{}' : JSON.stringify(write(shape, output ?? {}));
}

function write(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'string':
    case 'boolean':
    case 'number':
      if (typeof value !== shape.kind) throw new TypeError(`not a ${shape.kind}`);
      return value;
    case 'timestamp':
      if (!(value instanceof Date)) throw new TypeError('not a Date');
      return value.getTime() / 1000;
    case 'blob':
      if (!(value instanceof Uint8Array)) throw new TypeError('not a Uint8Array');
      return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
    case 'list':
      if (!Array.isArray(value)) throw new TypeError('not an array');
      return value.map((element) => write(shape.element(), element));
    case 'map':
      return Object.fromEntries(Object.entries(value as object).map(([key, of]) => [key, write(shape.value(), of)]));
    case 'structure': {
      if (typeof value !== 'object' || value === null) throw new TypeError(`not an object for ${shape.name}`);
      const written: Record<string, unknown> = {};
      for (const [name, member] of shape.members()) {
        const of = (value as Plain)[name];
        if (of !== undefined && of !== null) written[name] = write(member, of);
      }
      return written;
    }
    case 'unit':
      return {};
    default:
      return shape satisfies never;
  }
}
