import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkpointText, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { leafHash } from './hash.ts';
import { noteSigner, noteVerifier, openNote, signNote } from './note.ts';
import { openTiles } from './tiles.ts';
import { consistencyProof, inclusionProof, treeRoot, verifyConsistency, verifyInclusion } from './tree.ts';

const shared = process.env['IAM_LEDGER_SHARED'] ?? join(import.meta.dirname, '../../../../shared');
const vectors = join(shared, 'vectors/merkle');
const isThere = existsSync(vectors);
const describeVectors = isThere ? describe : describe.skip;
const reason = isThere ? '' : ` (SKIPPED: no vectors at ${vectors})`;

const read = (path: string): Buffer => readFileSync(join(vectors, path));
const json = <Value>(path: string): Value => JSON.parse(read(path).toString()) as Value;
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');
const fromBase64 = (text: string | null): Buffer => Buffer.from(text ?? '', 'base64');

function jsonFiles(folder: string): string[] {
  const all = readdirSync(join(vectors, folder), { recursive: true, encoding: 'utf8' });
  return all.filter((name) => name.endsWith('.json')).map((name) => join(folder, name));
}

function treeOf(entries: readonly Uint8Array[]) {
  const tiles = openTiles(() => undefined, 0);
  for (const entry of entries) tiles.append(leafHash(entry));
  return tiles;
}

interface InclusionVector {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

interface ConsistencyVector {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

describeVectors(`vectors of others for the Merkle tree${reason}`, () => {
  it('gives the roots of RFC 6962 over the eight well-known leaves', () => {
    const known = json<{ leafInputsHex: string[]; rootsHexForSize1toN: string[] }>('rfc6962-roots.json');
    const tree = treeOf(known.leafInputsHex.map((input) => Buffer.from(input, 'hex')));
    expect(known.rootsHexForSize1toN.map((_, index) => hex(treeRoot(tree.subtreeHash, index + 1)))).toEqual(known.rootsHexForSize1toN);
  });

  it('judges every inclusion proof of transparency-dev as they do, the corrupted ones included', () => {
    const names = jsonFiles('transparency-dev-merkle/testdata/inclusion');
    expect(names.length).toBeGreaterThan(90);
    const wrong = names.filter((name) => {
      const { leafIdx, treeSize, root, leafHash: leaf, proof, wantErr } = json<InclusionVector>(name);
      const claim = { index: leafIdx, size: treeSize, root: fromBase64(root), leafHash: fromBase64(leaf), proof: (proof ?? []).map(fromBase64) };
      return verifyInclusion(claim) === wantErr;
    });
    expect(wrong).toEqual([]);
  });

  it('judges every consistency proof of transparency-dev as they do', () => {
    const names = jsonFiles('transparency-dev-merkle/testdata/consistency');
    expect(names.length).toBeGreaterThan(90);
    const wrong = names.filter((name) => {
      const { size1, size2, root1, root2, proof, wantErr } = json<ConsistencyVector>(name);
      const claim = { size1, size2, root1: fromBase64(root1), root2: fromBase64(root2), proof: (proof ?? []).map(fromBase64) };
      return verifyConsistency(claim) === wantErr;
    });
    expect(wrong).toEqual([]);
  });

  it('reads the log of tessera: 16 checkpoints, their tiles and their entries', () => {
    const [, { vkey }] = json<[unknown, { vkey: string }]>('signed-note.json');
    const verifier = noteVerifier(vkey);
    const log = 'tessera/testdata/log';
    for (let size = 0; size <= 15; size += 1) {
      const checkpoint = openCheckpoint(read(`${log}/checkpoint.${size}`).toString(), verifier);
      expect(checkpoint?.size).toBe(size);
      const tile = size === 0 ? Buffer.alloc(0) : read(`${log}/tile/0/000.p/${size}`);
      const tiles = openTiles(() => tile, size);
      expect(hex(treeRoot(tiles.subtreeHash, size))).toBe(hex(checkpoint!.root));
      if (size > 0) expect(hex(treeRoot(treeOf(entriesOf(read(`${log}/tile/entries/000.p/${size}`))).subtreeHash, size))).toBe(hex(checkpoint!.root));
    }
  });

  it('signs the checkpoints of tessera again, byte for byte', async () => {
    const [, { skey }] = json<[unknown, { skey: string }]>('signed-note.json');
    const signer = noteSigner(skey);
    for (let size = 0; size <= 15; size += 1) {
      const note = read(`tessera/testdata/log/checkpoint.${size}`).toString();
      const checkpoint = parseCheckpoint(note.slice(0, note.indexOf('\n\n') + 1))!;
      expect(await signNote(checkpointText(checkpoint), signer)).toBe(note);
    }
  });

  it('reads the tiles of a mirror of sunlight with 300 leaves', () => {
    const [, size, root] = read('sunlight-mirror/checkpoint').toString().split('\n');
    const names: Record<string, string> = { '0/0': 'tile/0/000', '0/1': 'tile/0/001.p/44', '1/0': 'tile/1/000.p/1' };
    const tiles = openTiles((level, n) => read(`sunlight-mirror/${names[`${level}/${n}`]}`), Number(size));
    expect(Buffer.from(treeRoot(tiles.subtreeHash, 300)).toString('base64')).toBe(root);
    for (const index of [0, 43, 255, 256, 299]) {
      const proof = inclusionProof(tiles.subtreeHash, index, 300);
      expect(verifyInclusion({ index, size: 300, leafHash: tiles.subtreeHash(0, index), proof, root: fromBase64(root!) })).toBe(true);
    }
    const proof = consistencyProof(tiles.subtreeHash, 256, 300);
    expect(verifyConsistency({ size1: 256, size2: 300, root1: treeRoot(tiles.subtreeHash, 256), root2: fromBase64(root!), proof })).toBe(true);
  });

  it("makes and reads the signed note of Go's documentation", async () => {
    const [example] = json<[{ skey: string; vkey: string; text: string; signed: string }]>('signed-note.json');
    expect(noteSigner(example.skey).verifierKey).toBe(example.vkey);
    expect(await signNote(example.text, noteSigner(example.skey))).toBe(example.signed);
    expect(openNote(example.signed, noteVerifier(example.vkey))).toBe(example.text);
  });

  it('has the inclusion proofs of the Merkle tree certificates draft', () => {
    const { want } = json<{ want: { test: string; rollingSha256: string }[] }>('mtc-subtree-accumulated.json');
    expect(rollingInclusionProofs()).toBe(want.find(({ test }) => test === 'TestSubtreeInclusionProofVectors')?.rollingSha256);
  });
});

/** An entry bundle: each entry after its length in 16 bits. */
function entriesOf(bundle: Buffer): Buffer[] {
  const entries: Buffer[] = [];
  for (let offset = 0; offset < bundle.length;) {
    const length = bundle.readUInt16BE(offset);
    entries.push(bundle.subarray(offset + 2, offset + 2 + length));
    offset += 2 + length;
  }
  return entries;
}

/**
 * SHA-256 over a line for each leaf of each subtree `[start, end)` of a tree of 130 leaves. The draft allows those that start at a multiple of the power
 * of two that they fit in: each is a tree of its own.
 */
function rollingInclusionProofs(): string {
  const rolling = createHash('sha256');
  for (let end = 1; end <= 130; end += 1) {
    for (let start = 0; start < end; start += 1) {
      if (start % 2 ** Math.ceil(Math.log2(end - start)) !== 0) continue;
      const { subtreeHash } = treeOf(Array.from({ length: end - start }, (_, index) => Buffer.of(start + index)));
      for (let index = start; index < end; index += 1) {
        const proof = inclusionProof(subtreeHash, index - start, end - start);
        rolling.update(`${[`${index} [${start}, ${end})`, ...proof.map(hex)].join(' ')}\n`);
      }
    }
  }
  return rolling.digest('hex');
}
