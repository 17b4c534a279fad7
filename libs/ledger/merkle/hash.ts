import { hash } from 'node:crypto';

/**
 * Hashing of RFC 6962 §2.1: a leaf is SHA-256 of 0x00 and the entry, a node SHA-256 of 0x01 and its two children, so that no entry can pass for a
 * node. `crypto.hash` in one shot is 1.2 to 1.7 times as fast as `createHash`.
 */
export const hashBytes = 32;

/** The hash of an entry. */
export function leafHash(entry: Uint8Array): Buffer {
  const marked = Buffer.allocUnsafe(entry.length + 1);
  marked[0] = 0;
  marked.set(entry, 1);
  return leafHashOfMarked(marked);
}

/** The hash of an entry that already has its zero byte before it; saves a copy. */
export function leafHashOfMarked(marked: Uint8Array): Buffer {
  return hash('sha256', marked, 'buffer');
}

const pair = Buffer.alloc(1 + 2 * hashBytes);
pair[0] = 1;

/** The hash of the node above two nodes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + hashBytes);
  return hash('sha256', pair, 'buffer');
}

/** The root of the empty tree. */
export const emptyRoot: Buffer = hash('sha256', new Uint8Array(0), 'buffer');
