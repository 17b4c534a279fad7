import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leafHash, nodeHash } from './hash.ts';
import type { SubtreeHash } from './tree.ts';
import { consistencyProof, inclusionProof, treeRoot, verifyConsistency, verifyInclusion } from './tree.ts';

const leaves = Array.from({ length: 300 }, (_, index) => leafHash(Buffer.of(index % 256, index >> 8)));

/** RFC 6962 §2.1, word for word. */
function rootByDefinition(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(rootByDefinition(hashes.slice(0, split)), rootByDefinition(hashes.slice(split)));
}

const hashOf: SubtreeHash = (level, index) => rootByDefinition(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');
const size = fc.integer({ min: 1, max: leaves.length });

describe('the tree', () => {
  it('has the root of the definition at every size', () => {
    for (let count = 1; count <= 130; count += 1) expect(hex(treeRoot(hashOf, count))).toBe(hex(rootByDefinition(leaves.slice(0, count))));
  });

  it('proves every leaf of every small tree', () => {
    for (let count = 1; count <= 40; count += 1) {
      for (let index = 0; index < count; index += 1) {
        const claim = { index, size: count, leafHash: leaves[index]!, root: treeRoot(hashOf, count), proof: inclusionProof(hashOf, index, count) };
        expect(verifyInclusion(claim)).toBe(true);
      }
    }
  });

  it('proves that every small tree extends every smaller one', () => {
    for (let size2 = 0; size2 <= 40; size2 += 1) {
      for (let size1 = 0; size1 <= size2; size1 += 1) {
        const proof = consistencyProof(hashOf, size1, size2);
        expect(verifyConsistency({ size1, size2, root1: treeRoot(hashOf, size1), root2: treeRoot(hashOf, size2), proof })).toBe(true);
      }
    }
  });

  it('refuses an inclusion proof in which one bit, the index, the size or the length is another', () => {
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), fc.nat({ max: 255 }), (count, at, part, bit) => {
        const index = at % count;
        const proof = inclusionProof(hashOf, index, count);
        const claim = { index, size: count, leafHash: leaves[index]!, root: treeRoot(hashOf, count), proof };
        const flipped = proof.map((hash, place) => (place === part % proof.length ? flip(hash, bit) : hash));
        if (proof.length > 0) {
          expect(verifyInclusion({ ...claim, proof: flipped })).toBe(false);
          expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
        }
        expect(verifyInclusion({ ...claim, leafHash: flip(claim.leafHash, bit) })).toBe(false);
        expect(verifyInclusion({ ...claim, root: flip(claim.root, bit) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, claim.root] })).toBe(false);
        if (count > 1) expect(verifyInclusion({ ...claim, index: (index + 1) % count })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses a consistency proof in which one bit, a root or the length is another', () => {
    fc.assert(
      fc.property(size, size, fc.nat(), fc.nat({ max: 255 }), (one, two, part, bit) => {
        const [size1, size2] = [Math.min(one, two), Math.max(one, two)];
        const proof = consistencyProof(hashOf, size1, size2);
        const claim = { size1, size2, root1: treeRoot(hashOf, size1), root2: treeRoot(hashOf, size2), proof };
        if (proof.length > 0) {
          const flipped = proof.map((hash, place) => (place === part % proof.length ? flip(hash, bit) : hash));
          expect(verifyConsistency({ ...claim, proof: flipped })).toBe(false);
          expect(verifyConsistency({ ...claim, proof: proof.slice(0, -1) })).toBe(false);
        }
        expect(verifyConsistency({ ...claim, root1: flip(claim.root1, bit) })).toBe(false);
        expect(verifyConsistency({ ...claim, root2: flip(claim.root2, bit) })).toBe(false);
        expect(verifyConsistency({ ...claim, proof: [...proof, claim.root2] })).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('knows no proof for a leaf that is not there, or for a tree that does not extend', () => {
    expect(() => inclusionProof(hashOf, 8, 8)).toThrow(RangeError);
    expect(() => consistencyProof(hashOf, 9, 8)).toThrow(RangeError);
  });
});

function flip(hash: Uint8Array, bit: number): Uint8Array {
  const copy = Buffer.from(hash);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}
