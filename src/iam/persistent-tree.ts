/**
 * The B+ tree behind `PersistentMap`: nodes are never changed, a change copies those on its way from the root. Only within an edit the nodes that it
 * made itself are changed in place.
 *
 * Why not a library: with every past state of an account kept, memory is what a change copies. Here a changed value copies one array of at most
 * `itemsMax` items per level and shares the keys; `sorted-btree`, as fast, copies keys, too, and leaves room in both: 1.6 times the memory.
 */

/** Items of a node at most; a node with fewer than a quarter is joined with its neighbour where both fit. */
const itemsMax = 16;
const itemsFew = itemsMax / 4;

/** A leaf has values; another node has children, each beside a key that none of its own keys is less than (the first one bounds nothing). */
export class TreeNode<V> {
  readonly edit: object | undefined;
  readonly isLeaf: boolean;
  /** Sorted. Never changed in place, so that copies share it. */
  keys: readonly string[];
  items: (V | TreeNode<V>)[];

  constructor(edit: object | undefined, isLeaf: boolean, keys: readonly string[], items: (V | TreeNode<V>)[]) {
    this.edit = edit;
    this.isLeaf = isLeaf;
    this.keys = keys;
    this.items = items;
  }
}

export const emptyTree: TreeNode<never> = new TreeNode<never>(undefined, true, [], []);

/** The tree of these entries, whose keys rise: built from the leaves up, at a fraction of what putting them one by one costs. */
export function treeOf<V>(keys: readonly string[], values: readonly V[]): TreeNode<V> {
  let level: TreeNode<V>[] = [];
  for (let start = 0; start < keys.length; start += itemsMax)
    level.push(new TreeNode<V>(undefined, true, keys.slice(start, start + itemsMax), values.slice(start, start + itemsMax)));
  while (level.length > 1) {
    const above: TreeNode<V>[] = [];
    for (let start = 0; start < level.length; start += itemsMax) {
      const children = level.slice(start, start + itemsMax);
      above.push(
        new TreeNode<V>(
          undefined,
          false,
          children.map((child) => child.keys[0]!), // no node is empty
          children,
        ),
      );
    }
    level = above;
  }
  return level[0] ?? emptyTree;
}

/** Index of the first key that is not less than `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key)
      low = middle + 1; // it is below `high`
    else high = middle;
  }
  return low;
}

/** Index of the child that has the key if any has: the last one that is not bounded above it. */
function childFor(keys: readonly string[], key: string): number {
  let low = 1; // the first key bounds nothing
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (key < keys[middle]!)
      high = middle; // it is below `high`
    else low = middle + 1;
  }
  return low - 1;
}

const childAt = <V>(node: TreeNode<V>, index: number): TreeNode<V> => node.items[index] as TreeNode<V>; // it is not a leaf

/** The value of a key, in a box, since it may be `undefined`. */
export function findInTree<V>(root: TreeNode<V>, key: string): { readonly value: V } | undefined {
  let node = root;
  while (!node.isLeaf) node = childAt(node, childFor(node.keys, key));
  const index = lowerBound(node.keys, key);
  return index < node.keys.length && node.keys[index] === key ? { value: node.items[index] as V } : undefined;
}

/** The tree with the value. `added`: the key was not there. */
export function putInTree<V>(
  root: TreeNode<V>,
  key: string,
  value: V,
  edit: object | undefined,
): { readonly root: TreeNode<V>; readonly added: boolean } {
  const put: Put<V> = { key, value, edit, added: false };
  const changed = putIn(root, put);
  return { root: changed.keys.length <= itemsMax ? changed : parentOf(changed, edit), added: put.added };
}

interface Put<V> {
  readonly key: string;
  readonly value: V;
  readonly edit: object | undefined;
  added: boolean;
}

/** The node with the value; it may have one item too many. */
function putIn<V>(node: TreeNode<V>, put: Put<V>): TreeNode<V> {
  const { key, value, edit } = put;
  if (node.isLeaf) {
    const index = lowerBound(node.keys, key);
    if (index < node.keys.length && node.keys[index] === key) return withItem(node, index, value, edit);
    put.added = true;
    return changed(node, node.keys.toSpliced(index, 0, key), node.items.toSpliced(index, 0, value), edit);
  }
  const index = childFor(node.keys, key);
  const child = putIn(childAt(node, index), put);
  if (child.keys.length <= itemsMax) return withItem(node, index, child, edit);
  const right = splitOff(child, edit);
  return changed(node, node.keys.toSpliced(index + 1, 0, right.keys[0]!), node.items.toSpliced(index, 1, leftOf(child, edit), right), edit); // a half is not empty
}

function withItem<V>(node: TreeNode<V>, index: number, item: V | TreeNode<V>, edit: object | undefined): TreeNode<V> {
  if (edit === undefined || node.edit !== edit) return new TreeNode(edit, node.isLeaf, node.keys, node.items.with(index, item));
  node.items[index] = item;
  return node;
}

function changed<V>(node: TreeNode<V>, keys: readonly string[], items: (V | TreeNode<V>)[], edit: object | undefined): TreeNode<V> {
  if (edit === undefined || node.edit !== edit) return new TreeNode(edit, node.isLeaf, keys, items);
  node.keys = keys;
  node.items = items;
  return node;
}

const half = itemsMax / 2;

function splitOff<V>(node: TreeNode<V>, edit: object | undefined): TreeNode<V> {
  return new TreeNode(edit, node.isLeaf, node.keys.slice(half), node.items.slice(half));
}

const leftOf = <V>(node: TreeNode<V>, edit: object | undefined): TreeNode<V> =>
  new TreeNode(edit, node.isLeaf, node.keys.slice(0, half), node.items.slice(0, half));

function parentOf<V>(node: TreeNode<V>, edit: object | undefined): TreeNode<V> {
  const left = leftOf(node, edit);
  const right = splitOff(node, edit);
  return new TreeNode<V>(edit, false, [left.keys[0]!, right.keys[0]!], [left, right]); // a half is not empty
}

/** The tree without the key; `undefined` where it does not have it. */
export function removeFromTree<V>(root: TreeNode<V>, key: string, edit: object | undefined): TreeNode<V> | undefined {
  let node = removeFrom(root, key, edit);
  while (node !== undefined && !node.isLeaf && node.items.length === 1) node = childAt(node, 0);
  return node;
}

function removeFrom<V>(node: TreeNode<V>, key: string, edit: object | undefined): TreeNode<V> | undefined {
  if (node.isLeaf) {
    const index = lowerBound(node.keys, key);
    if (index >= node.keys.length || node.keys[index] !== key) return undefined;
    return changed(node, node.keys.toSpliced(index, 1), node.items.toSpliced(index, 1), edit);
  }
  const index = childFor(node.keys, key);
  const child = removeFrom(childAt(node, index), key, edit);
  if (child === undefined) return undefined;
  if (child.keys.length >= itemsFew) return withItem(node, index, child, edit);
  const left = index > 0 ? index - 1 : index;
  const neighbour = node.items[index > 0 ? left : left + 1] as TreeNode<V> | undefined;
  if (child.keys.length === 0) return changed(node, node.keys.toSpliced(index, 1), node.items.toSpliced(index, 1), edit);
  if (neighbour === undefined || neighbour.keys.length + child.keys.length > itemsMax) return withItem(node, index, child, edit);
  const [first, second] = index > 0 ? [neighbour, child] : [child, neighbour];
  // Below the parent the first key of `second` bounds nothing; what bounds it is the parent's key.
  const keys = second.isLeaf ? second.keys : second.keys.with(0, node.keys[left + 1]!); // `left + 1` is where `second` is
  const joined = new TreeNode(edit, first.isLeaf, [...first.keys, ...keys], [...first.items, ...second.items]);
  return changed(node, node.keys.toSpliced(left + 1, 1), node.items.toSpliced(left, 2, joined), edit);
}

/** Entries in order, from the first one after `after` on. */
export function* entriesOfTree<V>(root: TreeNode<V>, after?: string): IterableIterator<[string, V]> {
  const path: { readonly node: TreeNode<V>; at: number }[] = [];
  for (let node = root; ;) {
    const at = after === undefined ? 0 : node.isLeaf ? lowerBound(node.keys, after) : childFor(node.keys, after);
    path.push({ node, at: node.isLeaf ? at : at + 1 });
    if (node.isLeaf) break;
    node = childAt(node, at);
  }
  for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
    const { node, at } = step;
    if (at >= node.keys.length) path.pop();
    else {
      step.at++;
      if (!node.isLeaf) path.push({ node: childAt(node, at), at: 0 });
      else if (node.keys[at] !== after) yield [node.keys[at]!, node.items[at] as V]; // `at` is below its length
    }
  }
}
