import type { ArnPattern } from './arn-pattern.ts';
import type { CompiledStatement } from './compiled-policy.ts';

interface Entry {
  readonly pattern: ArnPattern;
  readonly statement: CompiledStatement;
}

interface Node {
  /** Text between the parent and this node. */
  label: string;
  readonly entries: Entry[];
  /** Children by the first UTF-16 code unit of their label. */
  children: Map<number, Node> | undefined;
}

/**
 * Patterns by the literal text they begin with (a radix tree). Looking up a resource visits only the patterns whose beginning the
 * resource shares, so thousands of statements about other resources cost nothing.
 */
export class ResourceTrie {
  readonly #root: Node = { label: '', entries: [], children: undefined };

  add(pattern: ArnPattern, statement: CompiledStatement): void {
    const { prefix } = pattern;
    let node = this.#root;
    let position = 0;
    while (position < prefix.length) {
      const code = prefix.charCodeAt(position);
      const child = node.children?.get(code);
      if (child === undefined) {
        const leaf: Node = { label: prefix.slice(position), entries: [], children: undefined };
        (node.children ??= new Map()).set(code, leaf);
        node = leaf;
        break;
      }
      const shared = sharedLength(child.label, prefix, position);
      if (shared < child.label.length) split(child, shared);
      node = child;
      position += shared;
    }
    node.entries.push({ pattern, statement });
  }

  /** Calls `found` for every pattern that may match a text, until it answers true. */
  visit(text: string, found: (pattern: ArnPattern, statement: CompiledStatement) => boolean): void {
    let node: Node | undefined = this.#root;
    let position = 0;
    while (node !== undefined) {
      for (const { pattern, statement } of node.entries) {
        if (found(pattern, statement)) return;
      }
      const child: Node | undefined = node.children?.get(text.charCodeAt(position));
      if (child === undefined || sharedLength(child.label, text, position) < child.label.length) return;
      position += child.label.length;
      node = child;
    }
  }
}

function sharedLength(label: string, text: string, start: number): number {
  let length = 0;
  while (length < label.length && label.charCodeAt(length) === text.charCodeAt(start + length)) length += 1;
  return length;
}

/** Cuts a node in two: it keeps the first `length` characters, a new child takes the rest and all it had. */
function split(node: Node, length: number): void {
  const rest: Node = { label: node.label.slice(length), entries: node.entries.splice(0), children: node.children };
  node.label = node.label.slice(0, length);
  node.children = new Map([[rest.label.charCodeAt(0), rest]]);
}
