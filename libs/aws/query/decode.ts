/** From form parameters to an operation's input, by its shape (AWS: Smithy's "AWS Query protocol", request serialization). */
import { ValidationError } from '../errors/common.ts';
import type { Plain, Shape } from '../schema/shapes.ts';
import type { Parameters } from './form.ts';

/** `a.b.c=v` as a tree: a node has the value of its own name, and the nodes below it. */
interface FormNode {
  value: string | undefined;
  children: Map<string, FormNode> | undefined;
}

type Read = (node: FormNode, name: string) => unknown;

/** Makes the reader of an input shape. It throws `ValidationError` for what the shape cannot hold; members it does not know are passed over. */
export function inputDecoder(): (shape: Shape) => (parameters: Parameters) => Plain {
  const compiled = new Map<Shape, Read>();
  return (shape) => {
    if (shape.kind === 'unit') return () => ({});
    const read = compile(shape, compiled);
    return (parameters) => read(treeOf(parameters), '') as Plain;
  };
}

function treeOf(parameters: Parameters): FormNode {
  const root: FormNode = { value: undefined, children: new Map() };
  for (const [name, value] of parameters) {
    let node = root;
    for (let start = 0; ;) {
      const dot = name.indexOf('.', start);
      node = childOf(node, dot < 0 ? name.slice(start) : name.slice(start, dot));
      if (dot < 0) break;
      start = dot + 1;
    }
    node.value = value;
  }
  return root;
}

function childOf(node: FormNode, name: string): FormNode {
  node.children ??= new Map();
  let child = node.children.get(name);
  if (child === undefined) {
    child = { value: undefined, children: undefined };
    node.children.set(name, child);
  }
  return child;
}

function compile(shape: Shape, compiled: Map<Shape, Read>): Read {
  const known = compiled.get(shape);
  if (known !== undefined) return known;
  // A shape that holds itself finds this entry while it is still being made.
  let read: Read | undefined;
  compiled.set(shape, (node, name) => (read as Read)(node, name));
  read = readerOf(shape, compiled);
  compiled.set(shape, read);
  return read;
}

function readerOf(shape: Shape, compiled: Map<Shape, Read>): Read {
  switch (shape.kind) {
    case 'string':
      return (node, name) => textOf(node, name);
    case 'boolean':
      return (node, name) => readBoolean(textOf(node, name), name);
    case 'number':
      return (node, name) => readInteger(textOf(node, name), name);
    case 'timestamp':
      return (node, name) => readTimestamp(textOf(node, name), name);
    case 'blob':
      return (node, name) => readBlob(textOf(node, name), name);
    case 'list':
      return listReader(compile(shape.element(), compiled));
    case 'map':
      return mapReader(compile(shape.value(), compiled));
    case 'structure':
      return structureReader(shape.members(), compiled);
    case 'unit':
      return () => ({});
    default:
      return shape satisfies never;
  }
}

function structureReader(shapes: ReadonlyMap<string, Shape>, compiled: Map<Shape, Read>): Read {
  const members = new Map([...shapes].map(([name, shape]) => [name, compile(shape, compiled)]));
  const spelling = new Map([...members.keys(), 'Action', 'Version'].map((name) => [name.toLowerCase(), name]));
  return (node, path) => {
    const structure: Record<string, unknown> = {};
    for (const [name, child] of childrenOf(node, path)) {
      const read = members.get(name);
      if (read !== undefined) structure[name] = read(child, path === '' ? name : `${path}.${name}`);
      else {
        const right = spelling.get(name.toLowerCase());
        if (right !== undefined && right !== name) throw new ValidationError(`The parameter ${quote(name)} must be spelled ${right}.`);
      }
    }
    return structure;
  };
}

function listReader(element: Read): Read {
  return (node, path) => indexed(node, path, 'member').map(([child, name]) => element(child, name));
}

function mapReader(value: Read): Read {
  return (node, path) => {
    const entries = indexed(node, path, 'entry').map(([child, name]) => {
      const key = child.children?.get('key');
      const of = child.children?.get('value');
      if (key === undefined || of === undefined || child.children?.size !== 2)
        throw new ValidationError(`${quote(name)} must have a key and a value.`);
      return [textOf(key, `${name}.key`), value(of, `${name}.value`)] as const;
    });
    if (new Set(entries.map(([key]) => key)).size !== entries.length) throw new ValidationError(`${quote(path)} must not have a key twice.`);
    return Object.fromEntries(entries);
  };
}

/** The nodes of `X.member.1` … `X.member.n`, without a gap. `X=` alone is the empty list. */
function indexed(node: FormNode, path: string, word: 'member' | 'entry'): (readonly [FormNode, string])[] {
  const children = childrenOf(node, path);
  if (children.size === 0) return [];
  const list = children.get(word);
  if (list === undefined || children.size > 1)
    throw new ValidationError(`The elements of ${quote(path)} must be named ${quote(path)}.${word}.1, .2 and so on.`);
  const elements = childrenOf(list, `${path}.${word}`);
  for (const index of elements.keys())
    if (!indexForm.test(index)) throw new ValidationError(`${quote(`${path}.${word}.${index}`)} does not end in a number from 1 to 9999.`);
  return Array.from({ length: elements.size }, (_, at) => {
    const name = `${path}.${word}.${at + 1}`;
    const element = elements.get(String(at + 1));
    if (element === undefined) throw new ValidationError(`${quote(name)} is missing: elements are numbered from 1 without a gap.`);
    return [element, name] as const;
  });
}
const indexForm = /^[1-9][0-9]{0,3}$/;

function childrenOf(node: FormNode, path: string): Map<string, FormNode> {
  if (node.value !== undefined && node.value !== '') throw new ValidationError(`${quote(path)} is not a single value.`);
  return node.children ?? noChildren;
}
const noChildren: Map<string, FormNode> = new Map();

function textOf(node: FormNode, name: string): string {
  if (node.value === undefined || node.children !== undefined) throw new ValidationError(`${quote(name)} must be a single value.`);
  return node.value;
}

function readBoolean(text: string, name: string): boolean {
  if (text !== 'true' && text !== 'false') throw new ValidationError(`${quote(name)} must be true or false.`);
  return text === 'true';
}

function readInteger(text: string, name: string): number {
  const value = /^-?[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new ValidationError(`${quote(name)} must be an integer.`);
  return value;
}

/** ISO 8601 as Smithy's `date-time`: seconds, perhaps a fraction, `Z` or an offset. Days that do not exist are refused. */
function readTimestamp(text: string, name: string): Date {
  const parts = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/.exec(text);
  const day = parts?.[1] ?? '';
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const value = parts === null ? Number.NaN : Date.parse(text);
  if (Number.isNaN(value) || Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) {
    throw new ValidationError(`${quote(name)} must be a time in ISO 8601, such as 2026-01-31T00:00:00Z.`);
  }
  return new Date(value);
}

function readBlob(text: string, name: string): Uint8Array {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) throw new ValidationError(`${quote(name)} must be base64.`);
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** A parameter's name for a message: not longer than a line. */
function quote(name: string): string {
  return name.slice(0, 128);
}
