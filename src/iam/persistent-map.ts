import { emptyTree, entriesOfTree, findInTree, putInTree, removeFromTree, treeOf, type TreeNode } from './persistent-tree.ts';

/**
 * A sorted, persistent map from names to values: `set` and `delete` give a new map that shares almost all of the old one (a B+ tree, copied on
 * write), so every past state of an account can be kept. IAM's names are unique and found without regard to case but shown as written:
 * keys are folded here, and nowhere else.
 */
export class PersistentMap<V> {
  #root: TreeNode<V>;
  #size: number;
  /** The edit that it was made in: within that one it is changed in place. See `AccountMap`. */
  readonly #edit: object | undefined;

  protected constructor(root: TreeNode<V>, size: number, edit?: object) {
    this.#root = root;
    this.#size = size;
    this.#edit = edit;
  }

  static empty<V>(): PersistentMap<V> {
    return emptyMap as PersistentMap<V>;
  }

  /** For `emptyMap` alone. */
  static new(): PersistentMap<never> {
    return new PersistentMap<never>(emptyTree, 0);
  }

  static of<V>(entries: Iterable<readonly [string, V]>): PersistentMap<V> {
    const { root, size } = treeOfEntries(entries);
    return size === 0 ? PersistentMap.empty() : new PersistentMap(root, size);
  }

  get size(): number {
    return this.#size;
  }

  get(name: string): V | undefined {
    return findInTree(this.#root, name.toLowerCase())?.value;
  }

  has(name: string): boolean {
    return findInTree(this.#root, name.toLowerCase()) !== undefined;
  }

  set(name: string, value: V): PersistentMap<V> {
    return this.put(name.toLowerCase(), value);
  }

  delete(name: string): PersistentMap<V> {
    return this.remove(name.toLowerCase());
  }

  protected put(key: string, value: V, edit?: object): PersistentMap<V> {
    const { root, added } = putInTree(this.#root, key, value, edit);
    return this.#changed(root, this.#size + (added ? 1 : 0), edit);
  }

  protected remove(key: string, edit?: object): PersistentMap<V> {
    const root = removeFromTree(this.#root, key, edit);
    if (root === undefined) return this;
    return this.#size === 1 ? this.like(emptyTree, 0) : this.#changed(root, this.#size - 1, edit);
  }

  /** Another map of this kind. */
  protected like(root: TreeNode<V>, size: number, edit?: object): PersistentMap<V> {
    return size === 0 ? PersistentMap.empty() : new PersistentMap(root, size, edit);
  }

  #changed(root: TreeNode<V>, size: number, edit: object | undefined): PersistentMap<V> {
    if (edit === undefined || this.#edit !== edit) return this.like(root, size, edit);
    this.#root = root;
    this.#size = size;
    return this;
  }

  /** Entries in the order of their folded names, from the first one after `after` on. */
  entries(after?: string): IterableIterator<[string, V]> {
    return entriesOfTree(this.#root, after?.toLowerCase());
  }

  *keys(): IterableIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.entries();
  }
}

const emptyMap = PersistentMap.new();

/** The tree of entries in any order; of two with the same name the later one counts. */
export function treeOfEntries<V>(entries: Iterable<readonly [string, V]>): { readonly root: TreeNode<V>; readonly size: number } {
  const byKey = new Map<string, V>();
  let isSorted = true;
  let last: string | undefined;
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    isSorted &&= last === undefined || last < key;
    last = key;
    byKey.set(key, value);
  }
  const keys = [...byKey.keys()];
  if (isSorted) return { root: treeOf(keys, [...byKey.values()]), size: keys.length };
  keys.sort((a, b) => (a < b ? -1 : 1));
  const values = keys.map((key) => byKey.get(key) as V); // it has the key
  return { root: treeOf(keys, values), size: keys.length };
}
