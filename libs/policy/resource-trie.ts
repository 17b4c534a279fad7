import type { Arn } from './arn.ts';
import type { ArnPattern } from './arn-pattern.ts';
import type { RequestContext } from './request.ts';

/** A node of the tree: the values of the patterns whose literal text ends here, and the ways on. */
interface TrieNode<T> {
  /** Text between the parent and this node. */
  label: string;
  patterns: ArnPattern[];
  values: T[];
  /** Children by the first UTF-16 code unit of their label. */
  children: Map<number, TrieNode<T>> | undefined;
  /** The child, where there is only one: most texts share a long beginning, and need no look-up on their way through it. */
  onlyChild: TrieNode<T> | undefined;
}

/**
 * Values by the literal text their patterns begin with (a radix tree). Looking up a resource visits only the patterns whose
 * beginning the resource shares, so thousands of statements about other resources cost nothing.
 */
export class ResourceTrie<T> {
  readonly #root: TrieNode<T> = { label: '', patterns: [], values: [], children: undefined, onlyChild: undefined };

  add(pattern: ArnPattern, value: T): void {
    const { prefix } = pattern;
    let node = this.#root;
    let position = 0;
    while (position < prefix.length) {
      const child = node.children?.get(prefix.charCodeAt(position));
      if (child === undefined) {
        const leaf: TrieNode<T> = { label: prefix.slice(position), patterns: [], values: [], children: undefined, onlyChild: undefined };
        addChild(node, leaf);
        node = leaf;
        break;
      }
      const shared = sharedLength(child.label, prefix, position);
      if (shared < child.label.length) split(child, shared);
      node = child;
      position += shared;
    }
    node.patterns.push(pattern);
    node.values.push(value);
  }

  /** The values of all patterns that match, appended to `found`; one value may be found more than once. */
  collect(resource: Arn, context: RequestContext, found: T[]): void {
    const { text } = resource;
    let node = this.#root;
    let position = 0;
    for (;;) {
      const { patterns, values } = node;
      for (let index = 0; index < patterns.length; index += 1) {
        if ((patterns[index] as ArnPattern).matchesBeyondPrefix(resource, context)) found.push(values[index] as T);
      }
      const child = node.onlyChild ?? node.children?.get(text.charCodeAt(position));
      if (child === undefined) return;
      const { label } = child;
      for (let index = 0; index < label.length; index += 1) {
        if (label.charCodeAt(index) !== text.charCodeAt(position + index)) return;
      }
      position += label.length;
      node = child;
    }
  }
}

function addChild<T>(node: TrieNode<T>, child: TrieNode<T>): void {
  node.children ??= new Map();
  node.onlyChild = node.children.size === 0 ? child : undefined;
  node.children.set(child.label.charCodeAt(0), child);
}

function sharedLength(label: string, text: string, start: number): number {
  let length = 0;
  while (length < label.length && label.charCodeAt(length) === text.charCodeAt(start + length)) length += 1;
  return length;
}

/** Cuts a node in two: it keeps the first `length` characters, a new child takes the rest and all it had. */
function split<T>(node: TrieNode<T>, length: number): void {
  const rest: TrieNode<T> = { ...node, label: node.label.slice(length) };
  node.label = node.label.slice(0, length);
  node.patterns = [];
  node.values = [];
  node.children = undefined;
  addChild(node, rest);
}
