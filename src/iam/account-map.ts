import { PersistentMap, treeOfEntries } from './persistent-map.ts';
import { emptyTree, type TreeNode } from './persistent-tree.ts';

/** One entry of one of an account's maps that was put (`value`) or taken away (`undefined`). */
export interface MapChange {
  /** The member of `Account`: `users`. */
  readonly member: string;
  /** The folded name. */
  readonly key: string;
  readonly value: unknown;
}

let journal: MapChange[] | undefined;

/** Does `work` and gives what it changed in account maps, in order. */
export function journaled<T>(work: () => T): { readonly result: T; readonly changes: readonly MapChange[] } {
  const outer = journal;
  const changes: MapChange[] = [];
  journal = changes;
  try {
    return { result: work(), changes };
  } finally {
    journal = outer;
  }
}

/** Stands for the edit under way; account maps and their nodes know the one that they were made in. */
let currentEdit: object | undefined;

/**
 * A fold over many events of which only the last state is kept. While it runs, an account map that it made itself is changed in place where `set` and
 * `delete` would make another one; maps from before stay as they are. `seal` keeps what was made so far from being changed, too.
 *
 * INVARIANT: what runs in an edit does not look at an account map after it made another one of it. No reducer does; a test compares both ways of folding.
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
 * One of the maps that an account is made of. What is done to it can be written down (`journaled`), and a fold may change it in place (`Edit`); maps
 * within its values can do neither: they belong to a version of their entity, which is kept.
 */
export class AccountMap<V> extends PersistentMap<V> {
  readonly member: string;

  private constructor(member: string, root: TreeNode<V>, size: number, edit?: object) {
    super(root, size, edit);
    this.member = member;
  }

  static override of<V>(entries: Iterable<readonly [string, V]>, member = ''): AccountMap<V> {
    const { root, size } = treeOfEntries(entries);
    return new AccountMap(member, root, size);
  }

  static named<V>(member: string): AccountMap<V> {
    return new AccountMap<V>(member, emptyTree, 0);
  }

  override set(name: string, value: V): PersistentMap<V> {
    const key = name.toLowerCase();
    journal?.push({ member: this.member, key, value });
    return this.put(key, value, currentEdit);
  }

  override delete(name: string): PersistentMap<V> {
    const key = name.toLowerCase();
    journal?.push({ member: this.member, key, value: undefined });
    return this.remove(key, currentEdit);
  }

  protected override like(root: TreeNode<V>, size: number, edit?: object): AccountMap<V> {
    return new AccountMap(this.member, root, size, edit);
  }
}
