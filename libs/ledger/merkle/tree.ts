import { emptyRoot, hashBytes, nodeHash } from './hash.ts';

/** The hash of the complete subtree over the `2 ** level` leaves from `index * 2 ** level` on. */
export type SubtreeHash = (level: number, index: number) => Uint8Array;

/** The root of the tree over the first `size` leaves (RFC 6962 §2.1). */
export function treeRoot(hashOf: SubtreeHash, size: number): Uint8Array {
  return size === 0 ? emptyRoot : rangeHash(hashOf, 0, size);
}

/** The hashes that lead from leaf `index` to the root of the tree over the first `size` leaves, from the bottom up (§2.1.1). */
export function inclusionProof(hashOf: SubtreeHash, index: number, size: number): Uint8Array[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
  const path = (start: number, end: number): Uint8Array[] => {
    if (end - start === 1) return [];
    const middle = start + powerOfTwoBelow(end - start);
    return index < middle ? [...path(start, middle), rangeHash(hashOf, middle, end)] : [...path(middle, end), rangeHash(hashOf, start, middle)];
  };
  return path(0, size);
}

/** The hashes that show that the tree over the first `size2` leaves begins with the one over the first `size1` (§2.1.2). */
export function consistencyProof(hashOf: SubtreeHash, size1: number, size2: number): Uint8Array[] {
  if (!(size1 >= 0 && size1 <= size2)) throw new RangeError(`a tree of ${size2} does not extend one of ${size1}`);
  if (size1 === 0 || size1 === size2) return [];
  const subproof = (start: number, end: number, isRoot1: boolean): Uint8Array[] => {
    if (size1 === end) return isRoot1 ? [] : [rangeHash(hashOf, start, end)];
    const middle = start + powerOfTwoBelow(end - start);
    return size1 <= middle
      ? [...subproof(start, middle, isRoot1), rangeHash(hashOf, middle, end)]
      : [...subproof(middle, end, false), rangeHash(hashOf, start, middle)];
  };
  return subproof(0, size2, true);
}

/** A claim that an entry is in the log. */
export interface Inclusion {
  /** Counted from 0: the event's position less one. */
  readonly index: number;
  readonly size: number;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether the proof holds (RFC 9162 §2.1.3.2). */
export function verifyInclusion({ index, size, leafHash, proof, root }: Inclusion): boolean {
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size)) return false;
  let [node, last, hash] = [index, size - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(hash, root) && areHashes([leafHash, root, ...proof]);
}

/** A claim that one tree extends another. */
export interface Consistency {
  readonly size1: number;
  readonly size2: number;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Whether the proof holds (RFC 9162 §2.1.4.2). Every tree extends the empty one: its root is known, its proof is empty. */
export function verifyConsistency({ size1, size2, root1, root2, proof }: Consistency): boolean {
  if (!(Number.isSafeInteger(size1) && Number.isSafeInteger(size2) && size1 >= 0 && size1 <= size2)) return false;
  if (size1 === size2) return proof.length === 0 && equal(root1, root2) && (size1 > 0 || equal(root1, emptyRoot));
  if (!areHashes([root1, root2, ...proof])) return false;
  if (size1 === 0) return proof.length === 0 && equal(root1, emptyRoot);
  const path = powerOfTwoBelow(size1 + 1) === size1 ? [root1, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined || proof.length === 0) return false;
  let [node, last] = [size1 - 1, size2 - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let [hash1, hash2] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash1 = nodeHash(sibling, hash1);
      hash2 = nodeHash(sibling, hash2);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      hash2 = nodeHash(hash2, sibling);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(hash1, root1) && equal(hash2, root2);
}

/** The hash over the leaves from `start` to before `end`; a complete subtree where it is one, else split as the tree is. */
function rangeHash(hashOf: SubtreeHash, start: number, end: number): Uint8Array {
  const count = end - start;
  const left = powerOfTwoBelow(count);
  if (count === 1) return hashOf(0, start);
  if (count === 2 * left && start % count === 0) return hashOf(Math.log2(count), start / count);
  return nodeHash(rangeHash(hashOf, start, start + left), rangeHash(hashOf, start + left, end));
}

/** The largest power of two below `count`, for `count` ≥ 2; 1 otherwise. Sizes go beyond 32 bits, so no bit operations here. */
function powerOfTwoBelow(count: number): number {
  let power = 1;
  while (2 * power < count) power *= 2;
  return power;
}

function half(count: number): number {
  return Math.floor(count / 2);
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every(({ length }) => length === hashBytes);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
