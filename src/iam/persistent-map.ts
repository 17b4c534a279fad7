import { emptyTree, entriesOfTree, findInTree, putInTree, removeFromTree, treeOf, type TreeNode } from './persistent-tree.ts';

/** Stands for the edit under way; maps and their nodes know the one that they were made in. */
let currentEdit: object | undefined;

/**
 * A fold over many events of which only some states are kept. While it runs, a map that it made itself is changed in place where `set` and `delete`
 * would make another one; maps from before stay as they are. `seal` keeps what was made so far from being changed, too.
 *
 * INVARIANT: what runs in an edit does not look at a map after it made another one of it. No reducer does; a test compares both ways of folding.
 */
export class Edit {
  #token: object = {};

  run<T>(work: () => T): T {
    const before = currentEdit;
    currentEdit = this.#token;
    try {
      return work();
    } finally {
      currentEdit = before;
    }
  }

  /** To be called between two runs. */
  seal(): void {
    this.#token = {};
  }
}

/**
 * A sorted, persistent map from names to values: `set` and `delete` give a new map that shares almost all of the old one (a B+ tree, copied on
 * write), so every past state of an account can be kept. IAM's names are unique and found without regard to case but shown as written:
 * keys are folded here, and nowhere else.
 */
export class PersistentMap<V> {
  #root: TreeNode<V>;
  #size: number;
  readonly #edit: object | undefined;

  private constructor(root: TreeNode<V>, size: number) {
    this.#root = root;
    this.#size = size;
    this.#edit = currentEdit;
  }

  static empty<V>(): PersistentMap<V> {
    return emptyMap as PersistentMap<V>;
  }

  /** For `emptyMap` alone. */
  static new(): PersistentMap<never> {
    return new PersistentMap<never>(emptyTree, 0);
  }

  static of<V>(entries: Iterable<readonly [string, V]>): PersistentMap<V> {
    const byKey = new Map<string, V>();
    let isSorted = true;
    let last: string | undefined;
    for (const [name, value] of entries) {
      const key = name.toLowerCase();
      isSorted &&= last === undefined || last < key;
      last = key;
      byKey.set(key, value);
    }
    if (byKey.size === 0) return PersistentMap.empty();
    const keys = [...byKey.keys()];
    if (isSorted) return new PersistentMap(treeOf(keys, [...byKey.values()], currentEdit), keys.length);
    keys.sort((a, b) => (a < b ? -1 : 1));
    const values = keys.map((key) => byKey.get(key) as V); // it has the key
    return new PersistentMap(treeOf(keys, values, currentEdit), keys.length);
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
    const { root, added } = putInTree(this.#root, name.toLowerCase(), value, currentEdit);
    return this.#with(root, this.#size + (added ? 1 : 0));
  }

  delete(name: string): PersistentMap<V> {
    const root = removeFromTree(this.#root, name.toLowerCase(), currentEdit);
    if (root === undefined) return this;
    return this.#size === 1 ? PersistentMap.empty() : this.#with(root, this.#size - 1);
  }

  #with(root: TreeNode<V>, size: number): PersistentMap<V> {
    if (currentEdit === undefined || this.#edit !== currentEdit) return new PersistentMap(root, size);
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
